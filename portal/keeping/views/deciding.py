"""The administrator's pages on which one erasure is decided: whose it is, who asked, and one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from portal.custody import Origin, custody
from portal.directory.again import prove_again
from portal.directory.flows.roles import LastAdministrator
from portal.keeping.flows import erasing, wishes
from portal.keeping.forms import ConfirmForm
from portal.keeping.models import Erasure
from portal.keeping.words import day_of

LIST = {"url": reverse_lazy("erasures:index"), "label": gettext_lazy("Erasures")}
REFUSALS = {
    erasing.TooLate: gettext_lazy(
        "Nothing was changed: the erasure no longer stands so that this could be done."
    ),
    erasing.AlreadyAsked: gettext_lazy(
        "Nothing was changed: another erasure of this person is waiting already."
    ),
    wishes.ComesOtherwise: gettext_lazy(
        "Nothing was changed: only the person themselves can have this account erased."
    ),
    LastAdministrator: gettext_lazy("This is the only administrator. Make somebody else one first."),
}


class Decide(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Ask once more, then do it: a step of ``portal.keeping.flows``. ``of`` is the state in which it can be done."""

    model = Erasure
    permission_required = "change"
    template_name = "keeping/decide.html"
    form_class: type[Any] = ConfirmForm
    header_icon = "bin"
    of: ClassVar[str] = Erasure.State.WAITING
    button: Any = ""
    explanation: Any = ""
    done: Any = ""
    once_more = False  # whether to prove once more who one is
    step: Callable[..., None] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user_has_permission("change"):  # whoever may not learns nothing of what there is
            self.erasure = get_object_or_404(Erasure.objects.select_related("user"), pk=kwargs["pk"])
            if self.once_more:
                prove_again(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def origin(self) -> Origin | None:
        """Where it was asked for, as things stand now."""
        return custody.origin_of(self.erasure.asked_through, self.erasure.user)

    @cached_property
    def obstacle(self) -> str:
        """Why the step cannot be done; "": it can."""
        if self.erasure.state == self.of:
            return ""
        state = self.erasure.get_state_display()
        return _("There is nothing left to do here. State of this erasure: %(state)s.") % {"state": state}

    @property
    def asker(self) -> str:
        """The learning platform that asked; "" where none did, or where it is over and nobody is named any more."""
        if self.origin is not None:
            return self.origin.place
        return self.erasure.reason if self.erasure.cause == Erasure.Cause.PLATFORM else ""

    @property
    def asked_on(self) -> str:
        """The day on which it was asked for."""
        return day_of(self.erasure.asked_at)

    def get_page_subtitle(self) -> str:
        return self.erasure.user.display_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, LIST, here]

    def form_valid(self, form: Any) -> HttpResponse:
        step: Any = type(self).step
        try:
            step(erasure=self.erasure, by=self.request.user)
        except tuple(REFUSALS) as refusal:
            messages.error(self.request, str(REFUSALS[type(refusal)]))
        else:
            messages.success(self.request, str(self.done))
        return redirect("erasures:index")


class Hasten(Decide):
    """Carry out without waiting."""

    page_title = gettext_lazy("Carry erasure out now")
    button = gettext_lazy("Carry out now")
    explanation = gettext_lazy("The person is erased within a minute. This cannot be undone.")
    done = gettext_lazy("The person is being erased.")
    once_more = True
    step = staticmethod(erasing.hasten)


class Approve(Decide):
    """Let the days of an erasure begin that was asked for from a learning platform."""

    page_title = gettext_lazy("Approve erasure")
    button = gettext_lazy("Approve")
    of = Erasure.State.PROPOSED
    explanation = gettext_lazy(
        "A platform can say of anybody that they are its administrator: ask at the platform whether the person "
        "wants it. The person is then erased after the days to think it over, and can withdraw until then."
    )
    done = gettext_lazy("Approved. The person is erased when the days to think it over have passed.")
    once_more = True
    step = staticmethod(wishes.approve)

    @cached_property
    def obstacle(self) -> str:
        """Also that the account is not the platform's alone: its wish must not take what is the person's own."""
        if over := super().obstacle:
            return over
        if self.origin is None:
            return _("The platform no longer names this person to us, so its wish cannot be carried out.")
        if self.origin.alone:
            return ""
        if not self.erasure.user.is_active:
            return _("This account is closed. A platform's wish does not erase it.")
        return _(
            "This person also has an account of their own here, or comes from elsewhere too. Only they themselves can "
            "erase it, at “My data”; a platform's wish cannot be approved."
        )

    @property
    def may_turn_down(self) -> bool:
        """Whether it is still to be decided, be it in one way only."""
        return self.erasure.state == self.of


class TurnDown(Decide):
    """Decide that somebody is not erased though a learning platform asked for it."""

    page_title = gettext_lazy("Turn erasure down")
    button = gettext_lazy("Turn down")
    of = Erasure.State.PROPOSED
    explanation = gettext_lazy(
        "The account stays as it is. The platform is not told; it may ask again another day."
    )
    done = gettext_lazy("Turned down.")
    step = staticmethod(wishes.turn_down)


class Withdraw(Decide):
    """Withdraw for the person."""

    page_title = gettext_lazy("Withdraw erasure")
    button = gettext_lazy("Withdraw")
    explanation = gettext_lazy("The account stays as it is.")
    done = gettext_lazy("Withdrawn.")
    step = staticmethod(erasing.cancel)
