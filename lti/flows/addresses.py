"""Addresses: whose they are, and how a service is called on one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.urls import reverse
from lti_tool.models import LtiRegistration

from lti.models import PlatformSettings
from portal.conf import conf

PLAIN = re.compile(r"[\x21-\x7e]{1,2000}")
HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")  # no ";" or ",": an origin stands in policies


def origin(url: str) -> str:
    """Return scheme, host and port of an http(s) address, or "" for whatever else.

    A user name in the address makes it "whatever else": nobody sends such an address in good faith.
    """
    if not PLAIN.fullmatch(url) or "\\" in url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return ""
    name = parts.hostname or ""
    if not HOST.fullmatch(name):
        return ""
    host = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")


def is_ours(url: str) -> bool:
    """Tell whether ``url`` is an address of this portal."""
    return bool(origin(url)) and origin(url) == origin(conf.SITE_URL)


def launch_url() -> str:
    """Return the one address a platform sends its messages to."""
    return conf.SITE_URL.rstrip("/") + reverse("lti:launch")


def item_url(item: str) -> str:
    """Return the address by which a link names ``item`` (lti.flows.destinations)."""
    return f"{launch_url()}?activity={item}"


def framing_origins(registration: LtiRegistration) -> list[str]:
    """Return the origins whose pages may show us in a frame: where the platform's people work."""
    return list(dict.fromkeys(filter(None, map(origin, (registration.issuer, registration.auth_url)))))


def may_be_private(registration: LtiRegistration, url: str) -> bool:
    """Tell whether we may call ``url`` for this platform although it is on a private network.

    Only addresses on the platform's own registered origins: a message must not lead us elsewhere
    inside the network.
    """
    own = PlatformSettings.objects.filter(registration=registration, allow_private_network=True)
    registered = (registration.issuer, registration.auth_url, registration.token_url, registration.keyset_url)
    return origin(url) in set(map(origin, registered)) and own.exists()


def beside(lineitem_url: str, name: str, query: str = "") -> str:
    """Return the address of a line item's ``scores`` or ``results``.

    The name goes before the query, which Moodle's addresses have (AGS 2.0, 3.1 "Container").
    """
    path, _mark, own_query = lineitem_url.partition("?")
    joined = "&".join(part for part in (own_query, query) if part)
    return f"{path.rstrip('/')}/{name}" + (f"?{joined}" if joined else "")
