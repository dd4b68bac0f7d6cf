"""What Wagtail's screens of people may not do here, and its log's words for what is done about people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet

from portal.directory import gate
from portal.directory.flows import roles
from portal.directory.models import Role, User
from portal.directory.places_screens import Places
from portal.directory.views import lost_device, people

register_snippet(Places)


@hooks.register("before_delete_user")
def keep_person(request: HttpRequest, user: User) -> HttpResponseBase:
    """Refuse to delete a person."""
    return people.refuse_deletion(request)


@hooks.register("before_bulk_action")
def keep_people(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponseBase | None:
    """Refuse to delete people, or to put them into groups past their roles."""
    if action.model is not User:
        return None
    if action_type == "delete":
        return people.refuse_deletion(request)
    if action_type == "set_active_state" and request.POST.get("mark_as_active") == "False":
        try:
            closed = [
                person.pk for person in objects if person != request.user
            ]  # oneself, Wagtail leaves out
            roles.keep_an_administrator(without=Q(user__in=closed))
        except roles.LastAdministrator:
            return people.refuse_closing(request)
    return people.refuse_roles(request) if action_type == "assign_role" else None


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern | URLResolver]:
    """Add the screen for somebody who lost their device."""
    screens = [path("<int:pk>/second-factor/", lost_device.reset, name="lost_device")]
    return [path("people/", include((screens, "people")))]


@hooks.register("register_account_menu_item")
def own_profile(request: HttpRequest) -> dict[str, Any]:
    """Lead from Wagtail's screen of one's account to the profile, where names are changed."""
    return {
        "url": reverse("profile"),
        "label": _("Profile"),
        "help_text": _("Your name, language and places of work."),
    }


class TrialOnly(Component):
    """On the staff's home: that no second factor is required here."""

    order = 10
    template_name = "directory/trial_only.html"


@hooks.register("construct_homepage_panels")
def say_what_is_not_required(request: HttpRequest, panels: list[Any]) -> None:
    """Put it on the staff's home of a trial."""
    if not gate.is_required():
        panels.append(TrialOnly())


class AtLibrary(LogFormatter):
    """What was done about a person's work, told with the library's code."""

    def format_message(self, log_entry: Any) -> str:
        return f"{self.message} ({log_entry.data.get('library', '')})"

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


class WithRole(LogFormatter):
    """What was done about a person's role, told with its name and place."""

    def format_message(self, log_entry: Any) -> str:
        role = log_entry.data.get("role", "")
        place = log_entry.data.get("library") or log_entry.data.get("territory_name")
        words = [str(dict(Role.choices).get(role, role)), *([place] if place else [])]
        return f"{self.message} ({', '.join(words)})"


ABOUT_WORK = {
    "declared": (_("Declare work"), _("Said to work at a library")),
    "withdrawn": (_("Take back"), _("Took back that they work at a library")),
    "confirmed": (_("Confirm work"), _("Confirmed to work at a library")),
    "refused": (_("Refuse work"), _("Refused as working at a library")),
    "ended": (_("End work"), _("Last day of work at a library set")),
}
ABOUT_ROLES = {
    "granted": (_("Grant role"), _("Role granted")),
    "ended": (_("End role"), _("Role ended")),
}

ABOUT_DOORS = [
    ("second_factor_set_up", _("Set up the second step"), _("Second step of signing in set up")),
    (
        "second_factor_removed",
        _("Switch the second step off"),
        _("Second step of signing in switched off"),
    ),
    ("second_factor_reset", _("Take away the second step"), _("Second step of signing in taken away")),
    ("address_changed", _("Change e-mail address"), _("E-mail address changed")),
    ("sign_on_linked", _("Link single sign-on"), _("Single sign-on linked with the account")),
    ("recovery_code_used", _("Use a recovery code"), _("Recovery code used")),
    ("recovery_codes_renewed", _("Make new recovery codes"), _("New recovery codes made")),
]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged about people, their work, roles and doors."""
    for action, label, message in ABOUT_DOORS:
        actions.register_action(f"directory.{action}", label, message)
    for name, (label, message) in ABOUT_WORK.items():
        words = {"label": label, "message": message}
        actions.register_action(f"directory.affiliation_{name}")(type("Work", (AtLibrary,), words))
    for name, (label, message) in ABOUT_ROLES.items():
        words = {"label": label, "message": message}
        actions.register_action(f"directory.role_{name}")(type("Held", (WithRole,), words))
    words = {"label": _("Invite"), "message": _("Invited to a library")}
    actions.register_action("directory.invited")(type("Invited", (AtLibrary,), words))
    actions.register_action("directory.renamed", _("Change name"), _("Changed their own name"))
