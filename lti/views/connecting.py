"""The administrator's two ways to connect a platform: an invitation, or by hand. And where all screens stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View
from lti_tool.models import LtiRegistration
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from lti import moodle
from lti.flows import invitations
from lti.flows.platforms import our_addresses
from lti.forms import ByHandForm, InvitationForm
from lti.models import PlatformInvitation
from lti.views import staff
from portal.menus import shown_with

SHOWN = 50
PASTE = gettext_lazy("In Moodle: {place}. Paste it where “{field}” stands and choose “{button}”.")
BEGIN = gettext_lazy("In Moodle: {place}, “{link}”. {fields}")
GO_ON = gettext_lazy("Then: {fields}")
STATES = {
    "open": gettext_lazy("can be used"),
    "used": gettext_lazy("used"),
    "withdrawn": gettext_lazy("withdrawn"),
    "expired": gettext_lazy("expired"),
    "exhausted": gettext_lazy("failed too often"),
}


class Connecting(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A form by which a platform is connected."""

    model = LtiRegistration
    permission_required = "add"
    header_icon = "link"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, staff.LIST, {"url": "", "label": self.get_page_title()}]


@method_decorator(never_cache, name="dispatch")
class Invite(Connecting):
    """Make an invitation, whose address is shown this once, and see those there are."""

    template_name = "lti/admin/invite.html"
    form_class: type[Any] = InvitationForm
    page_title = gettext_lazy("Invite a platform")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = PlatformInvitation.objects.select_related("registration").order_by("-pk")[:SHOWN]
        listed = [(row, STATES[row.state]) for row in rows]
        paste = moodle.said(PASTE, place=moodle.TOOLS, field="Tool URL", button="Add LTI Advantage")
        return super().get_context_data(**kwargs) | {"invitations": listed, "paste": paste}

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        """Show the address in this very answer: it is kept nowhere, not even in the session."""
        made, url = invitations.invite(wishes=form.wishes, by=self.request.user)
        context = self.get_context_data(form=InvitationForm(), made=made, url=url)
        return self.render_to_response(context)


class Withdraw(PermissionCheckedMixin, View):
    """Let an invitation be used no more."""

    model = LtiRegistration
    permission_required = "add"
    http_method_names = ["post"]  # noqa: RUF012 (Django's own)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        invitation = get_object_or_404(PlatformInvitation, pk=pk)
        if invitations.withdraw(invitation=invitation, by=request.user):
            messages.success(request, _("The invitation is withdrawn."))
        else:
            messages.error(request, _("It could not be used any more already."))
        return redirect("platforms:invite")


class ByHand(Connecting):
    """Connect a platform by copying addresses both ways."""

    template_name = "lti/admin/by_hand.html"
    form_class: type[Any] = ByHandForm
    page_title = gettext_lazy("Connect by hand")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        begin = moodle.said(BEGIN, place=moodle.TOOLS, link=moodle.MANUALLY, fields=moodle.BEGINS)
        go_on = moodle.said(GO_ON, fields=moodle.GOES_ON)
        return super().get_context_data(**kwargs) | {"ours": our_addresses(), "begin": begin, "go_on": go_on}

    def form_valid(self, form: ByHandForm) -> HttpResponse:
        registration = form.connect()
        if registration is None:
            return self.form_invalid(form)
        messages.success(self.request, _("The platform is connected. Test it now."))
        return redirect("platforms:platform", pk=registration.pk)


class PlatformViewSet(ViewSet):
    """The screens at /admin/platforms/."""

    name = "platforms"
    icon = "link"
    model = LtiRegistration
    add_to_admin_menu = True
    menu_label = gettext_lazy("Learning platforms")
    menu_order = 840
    menu_item_class = shown_with(LtiRegistration, *staff.MAY_SEE)

    def get_urlpatterns(self) -> list[URLPattern]:
        one, of_one = "<int:pk>/", "<int:pk>/deployments/<int:deployment>/"
        return [
            path("", staff.PlatformIndex.as_view(), name="index"),
            path("results/", staff.PlatformIndex.as_view(results_only=True), name="index_results"),
            path("invite/", Invite.as_view(), name="invite"),
            path("invite/<int:pk>/withdraw/", Withdraw.as_view(), name="withdraw"),
            path("by-hand/", ByHand.as_view(), name="by_hand"),
            path(one, staff.PlatformScreen.as_view(), name="platform"),
            path(f"{one}edit/", staff.EditPlatform.as_view(), name="edit"),
            path(f"{one}approve/", staff.Approve.as_view(), name="approve"),
            path(f"{one}switch-off/", staff.SwitchOff.as_view(), name="switch_off"),
            path(f"{one}test/", staff.Test.as_view(), name="test"),
            path(f"{of_one}recognise/", staff.Recognise.as_view(), name="recognise"),
            path(f"{of_one}refuse/", staff.RefuseDeployment.as_view(), name="refuse"),
        ]
