"""The administrator's screens: erasures, and what is removed each night. Built of Wagtail's own parts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem as ListingItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from portal.directory.again import prove_again
from portal.directory.flows.roles import LastAdministrator
from portal.directory.models import User
from portal.keeping.flows import erasing, retention
from portal.keeping.forms import StaffEraseForm
from portal.keeping.models import Erasure, Night
from portal.keeping.views.deciding import LIST, Approve, Hasten, TurnDown, Withdraw
from portal.keeping.words import day_of, decide_by
from portal.menus import shown_with


class ErasureIndex(generic.IndexView):
    """All erasures, the newest first."""

    model = Erasure
    any_permission_required: ClassVar[list[str]] = ["view", "change"]
    index_url_name = "erasures:index"
    index_results_url_name = "erasures:index_results"
    page_title = gettext_lazy("Erasures")
    default_ordering = "-pk"
    paginate_by = 50
    header_icon = "bin"
    list_display: ClassVar[list[Any]] = [
        "user",
        Column("cause", label=gettext_lazy("Cause"), accessor=lambda row: row.get_cause_display()),
        StatusTagColumn(
            "get_state_display",
            label=gettext_lazy("State"),
            primary=lambda row: row.state == Erasure.State.DONE,
        ),
        DateColumn("asked_at", label=gettext_lazy("Asked for")),
        Column("due_at", label=gettext_lazy("Due"), accessor=lambda row: _day(row)),
        DateColumn("done_at", label=gettext_lazy("Done")),
    ]

    def get_base_queryset(self) -> Any:
        """Return the erasures with their people."""
        return super().get_base_queryset().select_related("user")

    def get_list_more_buttons(self, instance: Erasure) -> list[Any]:
        """Offer what may still be decided, and what was done."""
        if instance.state == Erasure.State.DONE:
            receipt = reverse("keeping:receipt", args=[instance.uuid])
            return [ListingItem(_("Receipt"), url=receipt, icon_name="doc-full", priority=10)]
        if instance.state == Erasure.State.PROPOSED:
            yes, no = (reverse(f"erasures:{step}", args=[instance.pk]) for step in ("approve", "turn_down"))
            return [
                ListingItem(_("Approve"), url=yes, icon_name="check", priority=10),
                ListingItem(_("Turn down"), url=no, icon_name="cross", priority=20),
            ]
        if instance.state != Erasure.State.WAITING:
            return []
        now, back = (reverse(f"erasures:{step}", args=[instance.pk]) for step in ("hasten", "withdraw"))
        return [
            ListingItem(_("Carry out now"), url=now, icon_name="bin", priority=10),
            ListingItem(_("Withdraw"), url=back, icon_name="rotate", priority=20),
        ]


def _day(erasure: Erasure) -> str:
    """Return the day itself: it lies ahead, and Wagtail's column only tells how long ago something was.

    Of one to be decided it is not the day of the erasure, and of one turned down there is none.
    """
    if erasure.state == Erasure.State.REFUSED:
        return "–"
    return decide_by(erasure) if erasure.state == Erasure.State.PROPOSED else day_of(erasure.due_at)


class Erase(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Erase a person who asked for it otherwise than by themselves here."""

    model = Erasure
    permission_required = "add"
    template_name = "keeping/decide.html"
    form_class = StaffEraseForm
    page_title = gettext_lazy("Erase the person")
    button = page_title
    explanation = gettext_lazy(
        "Name, addresses, roles and everything that leads to the person are erased; results stay without a name. "
        "This cannot be undone."
    )
    header_icon = "bin"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user_has_permission("add"):
            others = User.objects.filter(erased_at__isnull=True).exclude(pk=request.user.pk)
            self.person = get_object_or_404(others, pk=kwargs["pk"])
            prove_again(request)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.person.display_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, LIST, here]

    def form_valid(self, form: StaffEraseForm) -> HttpResponse:
        try:
            erasing.ask(user=self.person, by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except LastAdministrator:
            messages.error(self.request, _("This is the only administrator. Make somebody else one first."))
        except erasing.AlreadyAsked:
            messages.error(self.request, _("The erasure of this person is waiting already."))
        else:
            messages.success(self.request, _("The erasure is recorded."))
        return redirect("erasures:index")


class Retention(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """How long what is kept, what was removed in the last nights, what will be in the next one."""

    model = Night
    any_permission_required: ClassVar[list[str]] = ["view"]
    template_name = "keeping/retention.html"
    page_title = gettext_lazy("Retention")
    header_icon = "calendar"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = retention.due()
        nights = [
            (night, [(rule.label, night.removed.get(rule.name, 0)) for rule in rules if night.removed.get(rule.name)],
             [rule.label for rule in rules if rule.name in night.failed])
            for night in Night.objects.all()[:14]
        ]  # fmt: skip
        return super().get_context_data(**kwargs) | {"rules": rules, "nights": nights}


class ErasureViewSet(ViewSet):
    """The screens at /admin/erasures/."""

    name = "erasures"
    icon = "bin"
    model = Erasure
    add_to_admin_menu = True
    menu_label = gettext_lazy("Erasures")
    menu_order = 860
    menu_item_class = shown_with(Erasure, "view", "change")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ErasureIndex.as_view(), name="index"),
            path("results/", ErasureIndex.as_view(results_only=True), name="index_results"),
            path("new/<int:pk>/", Erase.as_view(), name="new"),
            path("<int:pk>/approve/", Approve.as_view(), name="approve"),
            path("<int:pk>/now/", Hasten.as_view(), name="hasten"),
            path("<int:pk>/turn-down/", TurnDown.as_view(), name="turn_down"),
            path("<int:pk>/withdraw/", Withdraw.as_view(), name="withdraw"),
            path("retention/", Retention.as_view(), name="retention"),
        ]
