"""The staff screen of deliveries, built of Wagtail's own parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem as ListingItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from portal.menus import shown_with
from portal.outbox import reports
from portal.outbox.flows import handling
from portal.outbox.forms import DeliveryFilterSet, ReasonForm
from portal.outbox.models import Delivery
from portal.outbox.registry import registry

MAY_SEE = ["view", "change"]
OPEN = {Delivery.State.PENDING, Delivery.State.DEAD}


def decision_buttons(delivery: Delivery, kind: Callable[..., Any]) -> list[Any]:
    """Return the buttons of what may still be decided about the delivery."""
    if delivery.state not in OPEN:
        return []
    retry, abandon = (reverse(f"deliveries:{step}", args=[delivery.pk]) for step in ("retry", "abandon"))
    return [
        kind(_("Try again"), url=retry, icon_name="rotate", priority=10),
        kind(_("Abandon"), url=abandon, icon_name="cross", priority=20),
    ]


def next_attempt(delivery: Delivery) -> str:
    """Return when a waiting delivery is tried again."""
    if delivery.state != Delivery.State.PENDING:
        return ""
    return date_format(localtime(delivery.next_at), "SHORT_DATETIME_FORMAT")


def handler_label(delivery: Delivery) -> str:
    """Return what staff call the delivery's handler."""
    return registry.label(delivery.handler)


class StateColumn(StatusTagColumn):
    """The state in words, and the last outcome as the code it is."""

    cell_template_name = "outbox/state.html"


class DeliveryIndex(generic.IndexView):
    """All deliveries, the newest first, below how they stand."""

    model = Delivery
    any_permission_required = MAY_SEE
    template_name = "outbox/index.html"
    index_url_name = "deliveries:index"
    index_results_url_name = "deliveries:index_results"
    inspect_url_name = "deliveries:inspect"
    filterset_class = DeliveryFilterSet
    search_fields: ClassVar[list[str]] = ["key", "last_error"]
    search_backend_name = None
    default_ordering = "-pk"
    paginate_by = 50
    header_icon = "mail"

    @property
    def list_display(self) -> list[Any]:
        """The columns."""
        title = self._get_title_column_class(TitleColumn)
        return [
            title("about", label=_("What"), accessor="about", get_url=self.get_inspect_url),
            Column("person", label=_("To whom"), accessor="person"),
            Column("handler", label=_("Handler"), accessor=handler_label, sort_key="handler"),
            StateColumn(
                "get_state_display",
                label=_("State"),
                sort_key="state",
                primary=lambda row: row.state == Delivery.State.SENT,
            ),
            "attempts",
            DateColumn("created_at", label=_("Recorded"), sort_key="pk"),
            Column("next_at", label=_("Next attempt"), accessor=next_attempt),
            Column(
                "last_error", label=_("Last error"), accessor=lambda row: Truncator(row.last_error).chars(120)
            ),
        ]

    def get_list_more_buttons(self, instance: Delivery) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        return buttons + (
            decision_buttons(instance, ListingItem) if self.user_has_permission("change") else []
        )

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        reports.describe(context["object_list"])
        return context if self.results_only else context | {"standing": reports.standing()}


class DeliveryInspect(generic.InspectView):
    """One delivery, what became of it, and what people decided. The payload is not shown: it may
    hold names and addresses that nobody needs for deciding."""

    model = Delivery
    any_permission_required = MAY_SEE
    template_name = "outbox/inspect.html"
    index_url_name = "deliveries:index"
    page_title = gettext_lazy("Delivery")
    header_icon = "mail"
    fields: ClassVar[list[str]] = [
        "key",
        "handler",
        "stream",
        "state",
        "attempts",
        "created_at",
        "next_at",
        "settled_at",
        "last_status",
        "last_error",
    ]

    def get_handler_display_value(self) -> str:
        """What staff call the handler, and its name."""
        return format_html("{} <code>{}</code>", handler_label(self.object), self.object.handler)

    def get_last_status_display_value(self) -> str:
        """The last outcome, as the code it is."""
        return format_html("<code>{}</code>", self.object.last_status) if self.object.last_status else ""

    def get_object(self, queryset: Any = None) -> Delivery:
        """Return the delivery; whoever may not see any learns nothing of which there are."""
        if not self.user_has_any_permission(MAY_SEE):
            raise PermissionDenied
        found: Delivery = super().get_object(queryset)
        return found

    def get_page_subtitle(self) -> str:
        return f"{handler_label(self.object)}, {self.object.key}"

    @property
    def header_buttons(self) -> list[Any]:
        """The buttons of what may be decided."""
        if not self.user_has_permission("change"):
            return []
        return decision_buttons(self.object, HeaderButton)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"decisions": reports.decisions(self.object)}


class Decide(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Ask for the reason, then do it: a step of ``portal.outbox.flows.handling``."""

    model = Delivery
    permission_required = "change"
    template_name = "outbox/decide.html"
    form_class = ReasonForm
    header_icon = "mail"
    step: Callable[..., None] | None = None
    page_title: Any = ""
    done: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user_has_permission("change"):  # whoever may not learns nothing of what there is
            self.object = get_object_or_404(Delivery, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return f"{handler_label(self.object)}, {self.object.key}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("deliveries:index"), "label": _("Deliveries")},
            {"url": reverse("deliveries:inspect", args=[self.object.pk]), "label": self.object.key},
            {"url": "", "label": self.get_page_title(), "sublabel": self.object.key},
        ]

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        step: Any = type(self).step
        try:
            step(delivery=self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        except handling.NotPossible:
            messages.error(
                self.request, _("Nothing was changed: it is settled, or being delivered right now.")
            )
        else:
            messages.success(self.request, str(self.done))
        return redirect("deliveries:inspect", pk=self.object.pk)


class Retry(Decide):
    """Try again."""

    page_title = gettext_lazy("Try again")
    done = gettext_lazy("It stands first in line again.")
    step = staticmethod(handling.retry)


class Abandon(Decide):
    """Let go."""

    page_title = gettext_lazy("Abandon")
    done = gettext_lazy("It has been let go; what stood behind it moves on.")
    step = staticmethod(handling.abandon)


class DeliveryViewSet(ViewSet):
    """The screens at /admin/deliveries/: to look and to decide; nothing is added, edited or deleted."""

    name = "deliveries"
    icon = "mail"
    model = Delivery
    add_to_admin_menu = True
    menu_label = gettext_lazy("Deliveries")
    menu_order = 850
    menu_item_class = shown_with(Delivery, *MAY_SEE)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", DeliveryIndex.as_view(), name="index"),
            path("results/", DeliveryIndex.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", DeliveryInspect.as_view(), name="inspect"),
            path("<int:pk>/retry/", Retry.as_view(), name="retry"),
            path("<int:pk>/abandon/", Abandon.as_view(), name="abandon"),
        ]
