"""A teacher chooses what of ours is put into the platform's course.

Asked by the platform (deep linking), the answer is a signed message that the teacher's browser takes to it. A link that
names nothing gets its item here, for all who follow it. Source: LTI Deep Linking 2.0, 3.4 and 4.1.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from lti_tool.models import LtiDeployment, LtiRegistration, LtiResourceLink

from lti.flows import keys
from lti.flows.addresses import framing_origins, launch_url, origin
from lti.flows.claims import LTI, Launch
from lti.flows.errors import NotATeacher, NotTrusted, UsedUp
from lti.flows.tokens import BACKDATED
from lti.models import PlacedLink, Selection
from portal.directory.models import User

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LIFE = 300  # seconds in which the browser takes the answer to the platform
LONGEST_TITLE, LONGEST_TEXT = 255, 1000
MOST = 50  # of one answer
POINTS = 100


@dataclass(frozen=True)
class Chosen:
    """One thing to be put into the course; ``points``: the most of its grade column (1 to 100), None without one."""

    item: str
    title: str
    text: str = ""
    points: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the browser takes to the platform: a form to ``url`` with ``token`` in its field JWT."""

    url: str
    token: str


def check(*, launch: Launch, registration: LtiRegistration) -> None:
    """Refuse a choice by somebody who does not teach, or whose answer would go elsewhere than to the platform.

    Raises NotATeacher, NotTrusted.
    """
    if not launch.teacher:
        raise NotATeacher("choice_by_no_teacher")
    if launch.choice is None or origin(launch.choice.return_url) not in framing_origins(registration):
        raise NotTrusted("deep_link_return_url_of_another_site")


def placed(*, link: LtiResourceLink | None) -> str:
    """Return the item that a teacher chose here for a link (``people.known_link``); "" where nobody has."""
    row: PlacedLink | None = getattr(link, "placed", None)
    return row.item if row else ""


def begin(
    *, user: User, deployment: LtiDeployment, launch: Launch, link: LtiResourceLink | None
) -> Selection:
    """Begin a teacher's choice: the platform's, or that of what ``link`` opens."""
    asked = launch.choice
    answered = (
        {
            "return_url": asked.return_url,
            "data": asked.data,
            "takes_several": asked.takes_several,
            "takes_grades": asked.takes_grades,
        }
        if asked is not None
        else {"resource_link": link, "takes_grades": False}
    )
    return Selection.objects.create(user=user, deployment=deployment, language=launch.language, **answered)


def picker_url(selection: Selection) -> str:
    """Return the address of the picker, in the language of the launch."""
    with translation.override(selection.language):
        return reverse("choosing:choose", args=[selection.uuid])


@transaction.atomic
def answer(*, selection: Selection, chosen: Sequence[Chosen]) -> Answer:
    """Answer the platform with what was chosen; nothing chosen is an answer too. Raises UsedUp the second time."""
    if not Selection.objects.all().consume(pk=selection.pk, moment=now()):
        raise UsedUp("choice_answered_or_too_old")
    registration = selection.deployment.registration
    issued = int(time.time()) - BACKDATED
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": [registration.issuer],
        "iat": issued,
        "exp": issued + BACKDATED + LIFE,
        "nonce": keys.fresh_id(),
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": selection.deployment.deployment_id,
        DL + "content_items": [content_item(one, takes_grades=selection.takes_grades) for one in chosen],
    }
    if selection.data is not None:
        claims[DL + "data"] = selection.data
    token = keys.signer(registration=registration).sign(claims)
    return Answer(url=selection.return_url, token=token)


def content_item(chosen: Chosen, *, takes_grades: bool) -> dict[str, Any]:
    """Return a link to ``chosen`` as platforms read it (LTI Deep Linking 2.0, 4.1 "ltiResourceLink").

    The item is named twice, as some platforms keep only the address or only the custom parameters.
    """
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "title": chosen.title[:LONGEST_TITLE],
        "url": f"{launch_url()}?activity={chosen.item}",
        "custom": {"activity": chosen.item},
    }
    if chosen.text:
        item["text"] = chosen.text[:LONGEST_TEXT]
    if takes_grades and chosen.points is not None:
        item["lineItem"] = {
            "scoreMaximum": chosen.points,
            "label": chosen.title[:LONGEST_TITLE],
            "resourceId": chosen.item,
        }
    return item


@transaction.atomic
def place(*, selection: Selection, item: str) -> PlacedLink:
    """Let the selection's link open ``item`` from now on. Raises UsedUp when the choice is too old."""
    fresh = Selection.objects.all().open(now()).filter(pk=selection.pk, resource_link__isnull=False)
    if not fresh.exists():
        raise UsedUp("choice_answered_or_too_old")
    row, _new = PlacedLink.objects.update_or_create(
        resource_link=selection.resource_link,
        defaults={"item": item, "chosen_by": selection.user, "chosen_at": now()},
    )
    return row
