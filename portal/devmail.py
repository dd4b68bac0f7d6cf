"""Reading, during development, the letters that Django's file-based backend wrote. Never in production."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import localtime
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal.conf import conf

SEPARATOR = re.compile(rb"\n-{79}\n(?=[\w-]+: |\Z)")  # followed by the headers of the next letter
NEWEST = 200  # files looked into
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Letter:
    """One letter: the file it is in, which one of the file it is, and the letter itself."""

    file: str
    number: int
    message: EmailMessage

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent, in the portal's time; "-0000" (RFC 5322, clause 3.3) means UTC."""
        if not self.message["Date"]:
            return None
        moment = parsedate_to_datetime(self.message["Date"])
        return localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers, in their order."""
        return [(name, str(value)) for name, value in self.message.items()]

    def body(self, kind: str) -> str:
        """Return the ``plain`` or ``html`` part."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def read(file: Path) -> list[Letter]:
    """Return the letters of one file, in the order they were sent."""
    parts = [part for part in SEPARATOR.split(file.read_bytes()) if part.strip()]
    return [
        Letter(file.name, number, email.message_from_bytes(part, EmailMessage, policy=email.policy.default))
        for number, part in enumerate(parts)
    ]


def files() -> list[Path]:
    """Return the files of letters, the newest first."""
    named = getattr(settings, "EMAIL_FILE_PATH", None)
    return sorted(Path(named).glob("*.log"), reverse=True)[:NEWEST] if named else []


def letter_or_404(file: str, number: int) -> Letter:
    """Return the letter. Only names found in the folder are opened."""
    found = next((one for one in files() if one.name == file), None)
    letters = read(found) if found else []
    if number >= len(letters):
        raise Http404
    return letters[number]


def development_only(view: View) -> View:
    """Answer in development only; anywhere else there is no such page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if conf.ENVIRONMENT != "development":
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@development_only
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters, the newest first."""
    found = [letter for file in files() for letter in reversed(read(file))]
    return render(request, "dev/letters.html", {"letters": found})


@development_only
def letter(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show one letter: its headers, its text, its HTML in a frame that may do nothing."""
    one = letter_or_404(file, number)
    context = {"letter": one, "text": one.body("plain"), "has_html": bool(one.body("html"))}
    return render(request, "dev/letter.html", context)


@development_only
@xframe_options_sameorigin
def html(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Answer with the HTML part alone, under a policy of its own: styles, and nothing else."""
    # Links open in a tab of their own, as a mail reader's do: no page of ours lets itself be framed here.
    body = letter_or_404(file, number).body("html").replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(body)
    response._csp_replace = {  # type: ignore[attr-defined]
        "frame-ancestors": [SELF],
        "style-src": ["'unsafe-inline'"],
        "script-src": ["'none'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
    return response


app_name = "devmail"
urlpatterns = [
    path("", letters, name="letters"),
    path("<str:file>/<int:number>/", letter, name="letter"),
    path("<str:file>/<int:number>/html/", html, name="html"),
]
