"""What Moodle calls its pages, buttons and fields. Its own words: not translated, and marked as English."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString


def english(words: str) -> SafeString:
    """Return words of Moodle's interface as HTML that says in which language they are (WCAG 2.2, 3.1.2)."""
    return format_html('<span lang="en">{}</span>', words)


def _said(text: Any, **words: str) -> SafeString:
    return format_html(str(text), **{name: english(value) for name, value in words.items()})


said = lazy(_said, str)  # ``text``, translated when it is shown, with Moodle's words in its {places}

TOOLS = "Site administration, Plugins, External tool, Manage tools"
CURL = (
    "Site administration, General, Security, HTTP security: cURL blocked hosts list, cURL allowed ports list"
)
GRADES = (
    "Services, IMS LTI Assignment and Grade Services: Use this service for grade sync and column management"
)
MEMBERS = "Services, IMS LTI Names and Role Provisioning: Use this service to retrieve members' information"
MANUALLY = "configure a tool manually"
BEGINS = "LTI version: LTI 1.3. Public key type: Keyset URL."
GOES_ON = (
    "Tool configuration usage: Show in activity chooser and as a preconfigured tool. Default launch container: Embed. "
    "Supports Deep Linking (Content-Item Message): yes. "
    "Services: grade sync and column management, retrieve members' information. Privacy: share launcher's name and "
    "e-mail, accept grades from the tool."
)
