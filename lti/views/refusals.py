"""The page of a refused launch: what happened, what to do, and a code for whoever is asked to help."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from lti_tool.models import LtiRegistration

from lti.flows import errors
from lti.views.framing import let_platform_frame

logger = logging.getLogger("kelrodis.lti")


@dataclass(frozen=True)
class Words:
    """What the page says."""

    title: str
    what: str
    todo: str


def refuse(
    request: HttpRequest, refusal: errors.Refused, registration: LtiRegistration | None = None
) -> HttpResponse:
    """Answer a refused launch, visible in the platform's frame, in the person's language.

    The log gets the reason and the code, never the message itself.
    """
    code = getattr(request, "support_code", "")
    of = registration.pk if registration else "unknown"
    logger.warning("launch refused: %s, support code %s, registration %s", refusal.reason, code, of)
    language = refusal.language or translation.get_language() or "lt"
    with translation.override(language):
        context = {"words": words(refusal), "support_code": code, "status": refusal.status}
        response = render(request, "lti/refused.html", context, status=refusal.status)
    request.urlconf = "lti.urls"  # or LocaleMiddleware would lead a 404 on to /lt/lti/launch/
    response["Content-Language"] = language
    response["Cache-Control"] = "no-store"
    if registration is not None:
        let_platform_frame(response, registration)
    return response


def words(refusal: errors.Refused) -> Words:
    """Return what to say. Nothing in it tells whether a person, platform or deployment is known to us."""
    title, what, todo = {
        errors.NotReadable: _not_readable,
        errors.NotEncrypted: _not_encrypted,
        errors.UsedUp: _used_up,
        errors.OtherBrowser: _other_browser,
        errors.NotGivenBack: _not_given_back,
        errors.KeysNotAvailable: _keys_not_available,
        errors.NotConnected: _not_connected,
        errors.NotAdmitted: _not_connected,
        errors.NobodyNamed: _nobody_named,
        errors.NotSupported: _not_supported,
        errors.PlatformRefused: _platform_refused,
        errors.ActivityGone: _activity_gone,
        errors.NothingChosen: _nothing_chosen,
        errors.LinksNotTaken: _links_not_taken,
        errors.NotATeacher: _not_a_teacher,
        errors.WorkOfOthers: _work_of_others,
        errors.NothingGraded: _nothing_graded,
        errors.NotAnAdministrator: _not_an_administrator,
        errors.AskerNotNamed: _asker_not_named,
    }.get(type(refusal), _not_trusted)()
    return Words(title, what, todo)


Text = tuple[str, str, str]


def _nothing_chosen() -> Text:
    return (
        _("No activity has been chosen yet"),
        _("This link works, but your teacher has not yet said what it opens."),
        _("Tell your teacher. Nothing of yours is lost."),
    )


def _links_not_taken() -> Text:
    return (
        _("Your learning platform does not take links to activities here"),
        _("It asked for something else, and links to activities are what we have to give."),
        _(
            "Add an external tool in the place on the platform where activities are added. Nothing has been changed."
        ),
    )


def _not_a_teacher() -> Text:
    return (
        _("What is put into a course is chosen by those who teach it"),
        _("Your learning platform says that you do not teach this course."),
        _("Ask a teacher of the course. Nothing has been changed."),
    )


def _nothing_graded() -> Text:
    return (
        _("There is no work to look at here"),
        _("This link opens a page of the library. Nothing in it is done for a grade."),
        _("Who has done what in a course or quiz is shown from the grade of that activity."),
    )


def _work_of_others() -> Text:
    return (
        _("Other people's work is seen by those who teach them"),
        _("Your learning platform says that you do not teach this course."),
        _("Your own results are where you learned: open the activity in your learning platform."),
    )


def _not_an_administrator() -> Text:
    return (
        _("Another person's data are not shown to you"),
        _(
            "Your learning platform asks about somebody else, and does not say that you are its administrator."
        ),
        _("Ask about your own data, or tell the platform's administrator."),
    )


def _asker_not_named() -> Text:
    return (
        _("Your learning platform did not say who is asking"),
        _("Without that, nobody's data can be shown."),
        _("Sign in to your learning platform, not as a guest, and ask again."),
    )


def _not_readable() -> Text:
    return (
        _("The launch could not be read"),
        _("Something that every launch has is missing, or cannot be right."),
        _(
            "Go back to your learning platform and open the activity again. If it happens again, tell the "
            "platform's administrator the code below."
        ),
    )


def _not_encrypted() -> Text:
    return (
        _("The connection was not encrypted"),
        _(
            "Your learning platform led you to an address that begins with http://, where others could read along."
        ),
        _("Tell the platform's administrator the code below: our addresses there must begin with https://."),
    )


def _used_up() -> Text:
    return (
        _("This launch is no longer valid"),
        _("Each launch works once and for a few minutes only; this one is too old or has been used."),
        _("Go back to your learning platform and open the activity again."),
    )


def _other_browser() -> Text:
    return (
        _("Your browser did not bring back our cookie"),
        _("Without it we cannot be sure that it was you who opened the activity."),
        _(
            "Open the activity again, in a new tab if your platform offers it, and allow cookies for this "
            "site. If you opened it in another browser, go on there."
        ),
    )


def _not_given_back() -> Text:
    return (
        _("Your learning platform did not give back what it kept for us"),
        _("Without it we cannot be sure that it was you who opened the activity."),
        _(
            "Reload the whole page. If it happens again, open the activity in a new tab if your platform offers it, "
            "or tell the platform's administrator the code below."
        ),
    )


def _keys_not_available() -> Text:
    return (
        _("Your learning platform cannot be checked just now"),
        _("It does not answer when we ask for the keys it signs with."),
        _(
            "Wait a minute and open the activity again. If it happens again, tell the platform's "
            "administrator the code below."
        ),
    )


def _not_connected() -> Text:
    return (
        _("This activity could not be opened"),
        _("Your learning platform is not set up here to open this activity for you."),
        _("Tell your teacher or the platform's administrator the code below."),
    )


def _nobody_named() -> Text:
    return (
        _("Your learning platform did not say who you are"),
        _("Results could not be kept for you."),
        _("Sign in to your learning platform, not as a guest, and open the activity again."),
    )


def _not_supported() -> Text:
    return (
        _("This cannot be done here yet"),
        _("Your learning platform asked for something other than opening an activity."),
        _("Use a link to an activity instead. Nothing has been changed."),
    )


def _platform_refused() -> Text:
    return (
        _("Your learning platform did not sign you in"),
        _("It sent you to us with an error instead of your name."),
        _("Sign in to your learning platform and open the activity again."),
    )


def _activity_gone() -> Text:
    return (
        _("This activity is not here"),
        _("It is not published, or the link names another one."),
        _("Tell your teacher, so that the link can be corrected."),
    )


def _not_trusted() -> Text:
    return (
        _("The launch could not be trusted"),
        _("What we received is not what your learning platform would have sent."),
        _(
            "Go back to your learning platform and open the activity again. If it happens again, tell the "
            "platform's administrator the code below."
        ),
    )
