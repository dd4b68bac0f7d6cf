"""The administrator's screens of platforms: the list, one platform, what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from lti.flows import approving, checking
from lti.flows.platforms import our_addresses
from lti.forms import PlatformForm
from lti.models import PlatformCheck
from lti.reports import leaving
from lti.views import checkwords
from lti.views.counting import CountedPaginator

MAY_SEE = ["view", "change"]
LIST = {"url": reverse_lazy("platforms:index"), "label": gettext_lazy("Learning platforms")}


def state_of(registration: LtiRegistration) -> str:
    """Return how a platform stands, in words."""
    if registration.is_active:
        return _("Waiting deployments") if getattr(registration, "unknown", 0) else _("Connected")
    own = getattr(registration, "settings", None)
    return _("Waiting for approval") if own and own.awaits_approval else _("Switched off")


def check_state(registration: LtiRegistration) -> str:
    """Return how the latest test ended, in words."""
    check = getattr(registration, "check_result", None)
    if check is None:
        return _("never tested")
    if check.done_at is None:
        return _("being tested")
    return _("something does not work") if check.failed else _("all works")


class Platforms(CountedPaginator):
    """Counts the platforms."""

    title = gettext_lazy("Learning platforms")


class PlatformIndex(generic.IndexView):
    """All platforms."""

    model = LtiRegistration
    any_permission_required: ClassVar[list[str]] = MAY_SEE
    template_name = "lti/admin/index.html"
    index_url_name = "platforms:index"
    index_results_url_name = "platforms:index_results"
    page_title = gettext_lazy("Learning platforms")
    verbose_name_plural = gettext_lazy("platforms")
    paginator_class = Platforms
    default_ordering = "name"
    paginate_by = 50
    header_icon = "link"
    list_display: ClassVar[list[Any]] = [
        TitleColumn("name", label=gettext_lazy("Name"), url_name="platforms:platform", sort_key="name"),
        Column("issuer", label=gettext_lazy("Address")),
        StatusTagColumn(
            "state", label=gettext_lazy("State"), accessor=state_of, primary=lambda row: row.is_active
        ),
        Column("check", label=gettext_lazy("Latest test"), accessor=check_state),
        DateColumn("datetime_created", label=gettext_lazy("Since"), sort_key="pk"),
    ]

    def get_base_queryset(self) -> Any:
        """Return the platforms with what the columns say of them."""
        unknown = Count("deployments", filter=Q(deployments__is_active=False))
        found = super().get_base_queryset().select_related("settings", "check_result")
        return found.annotate(unknown=unknown)

    @property
    def header_buttons(self) -> list[Any]:
        """The two ways to connect a platform."""
        if not self.user_has_permission("add"):
            return []
        return [
            HeaderButton(_("Invite a platform"), url=reverse("platforms:invite"), icon_name="mail"),
            HeaderButton(_("Connect by hand"), url=reverse("platforms:by_hand"), icon_name="edit"),
        ]


class OfPlatform(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen of one platform; whoever may not see any learns nothing of which there are."""

    model = LtiRegistration
    header_icon = "link"
    verb = "view"
    registration: LtiRegistration

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user_has_any_permission(MAY_SEE if self.verb == "view" else [self.verb]):
            found = LtiRegistration.objects.select_related("settings", "check_result")
            self.registration = get_object_or_404(found, pk=kwargs["pk"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_title(self) -> str:
        return self.registration.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, LIST, {"url": "", "label": self.get_page_title()}]


class PlatformScreen(OfPlatform, TemplateView):
    """One platform: how it stands, its test, its deployments, its addresses and ours."""

    any_permission_required: ClassVar[list[str]] = MAY_SEE
    template_name = "lti/admin/platform.html"

    @property
    def header_buttons(self) -> list[Any]:
        """Where its name is changed."""
        if not self.user_has_permission("change"):
            return []
        return [
            HeaderButton(
                _("Edit"), url=reverse("platforms:edit", args=[self.registration.pk]), icon_name="edit"
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.registration
        deployments = list(registration.deployments.order_by("pk"))
        check: PlatformCheck | None = getattr(registration, "check_result", None)
        registration.unknown = sum(not one.is_active for one in deployments)
        return super().get_context_data(**kwargs) | {
            "registration": registration,
            "state": state_of(registration),
            "may_change": self.user_has_permission("change"),
            "deployments": deployments,
            "check": check,
            "lines": checkwords.lines(check) if check else [],
            "total": len(checkwords.TITLES),
            "ours": our_addresses(),
            "term": leaving.term_of(registration),
            "over": leaving.over(registration).count(),
        }


class EditPlatform(OfPlatform, FormView):
    """Name, whether it may be on a private network, and how long its people are kept."""

    permission_required = "change"
    verb = "change"
    template_name = "lti/admin/form.html"
    form_class: type[Any] = PlatformForm

    def get_initial(self) -> dict[str, Any]:
        own = getattr(self.registration, "settings", None)
        return {
            "name": self.registration.name,
            "allow_private_network": bool(own and own.allow_private_network),
            "keep_months": own.keep_months if own else None,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("platforms:platform", args=[self.registration.pk])
        return super().get_context_data(**kwargs) | {"back": back, "label": _("Save")}

    def form_valid(self, form: PlatformForm) -> HttpResponse:
        approving.change(registration=self.registration, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("platforms:platform", pk=self.registration.pk)


class Act(OfPlatform, View):
    """Something decided by a button: a step of ``lti.flows``, and the way back to the platform."""

    permission_required = "change"
    verb = "change"
    http_method_names = ["post"]  # noqa: RUF012 (Django's own)
    step: Callable[..., Any] | None = None
    done: Any = ""

    def subject(self, **_more: int) -> dict[str, Any]:
        """Return what the step is about, by the name the step has for it."""
        return {"registration": self.registration}

    def post(self, request: HttpRequest, pk: int, **more: int) -> HttpResponse:
        """Do it."""
        step: Any = type(self).step
        step(**self.subject(**more), by=request.user)
        messages.success(request, str(self.done))
        return redirect("platforms:platform", pk=pk)


class Approve(Act):
    """Let the platform launch."""

    step = staticmethod(approving.approve)
    done = gettext_lazy("The platform may launch activities now.")


class SwitchOff(Act):
    """Take no more launches."""

    step = staticmethod(approving.switch_off)
    done = gettext_lazy("The platform is switched off. What people learned stays.")


class Test(Act):
    """Have the platform tested."""

    step = staticmethod(checking.ask)
    done = gettext_lazy("The test has begun.")


class ActOnDeployment(Act):
    """Something decided about a deployment of the platform."""

    def subject(self, **more: int) -> dict[str, Any]:
        """Return the deployment; another platform's is not found."""
        found = get_object_or_404(LtiDeployment, pk=more["deployment"], registration=self.registration)
        return {"deployment": found}


class Recognise(ActOnDeployment):
    """Let people come from it."""

    step = staticmethod(approving.recognise)
    done = gettext_lazy("People may come from this deployment now.")


class RefuseDeployment(ActOnDeployment):
    """Let nobody come from it."""

    step = staticmethod(approving.refuse)
    done = gettext_lazy("Nobody comes from this deployment any more.")
