"""Filters and tags of our templates."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.conf import conf

register = template.Library()

ICONS = {
    "check": '<path d="M4 10.5 8 14.5 16 6"/>',
    "cross": '<path d="M5 5l10 10M15 5 5 15"/>',
    "arrow": '<path d="M4 10h12M11 5l5 5-5 5"/>',
    "back": '<path d="M16 10H4M9 5l-5 5 5 5"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l3 2"/>',
    "flag": '<path d="M5 17V4h9l-2 3 2 3H5"/>',
    "search": '<circle cx="9" cy="9" r="5"/><path d="M13 13l4 4"/>',
    "menu": '<path d="M3 6h14M3 10h14M3 14h14"/>',
    "out": '<path d="M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7"/>',
    "document": '<path d="M5 3h7l4 4v10H5zM12 3v4h4M8 11h5M8 14h5"/>',
    "play": '<path d="M6 4l10 6-10 6z"/>',
    "try": '<path d="M10 3v3M10 14v3M3 10h3M14 10h3M5 5l2 2M13 13l2 2M15 5l-2 2M7 13l-2 2"/>',
    "note": '<circle cx="10" cy="10" r="7"/><path d="M10 9v5M10 6v.5"/>',
    "warning": '<path d="M10 3 18 17H2zM10 8v4M10 14v.5"/>',
    "open": '<path d="M5 9h10v8H5zM7 9V6a3 3 0 0 1 5.8-1"/>',
    "card": '<path d="M3 5h14v10H3zM3 8h14M6 12h4"/>',
    "key": '<circle cx="7" cy="10" r="3"/><path d="M10 10h7M14 10v3M17 10v2"/>',
    "building": '<path d="M4 17V7l6-4 6 4v10M2 17h16M8 17v-5h4v5"/>',
    "mail": '<path d="M3 5h14v10H3zM3 6l7 5 7-5"/>',
    "example": '<path d="M4 4h12v12H4zM7 8h6M7 12h4"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one of our outline icons; it is decoration beside a label, hidden from assistive tools."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 (a constant of ours)
    )


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> dict[str, str]:
    """Return the other language's code, name and address of this very page in it."""
    code, name = ("en", "English") if get_language() == "lt" else ("lt", "Lietuviškai")
    page, request = context.get("page"), context.get("request")
    asked = request.META.get("QUERY_STRING", "") if request is not None else ""
    with override(code):
        if page is not None and getattr(page, "translation_key", None):
            url = reverse("same_page", args=[page.translation_key])
        else:
            url = f"/{code}/"
            path = urlsplit(request.get_full_path()).path if request is not None else ""
            for prefix in ("/lt/", "/en/"):
                if path.startswith(prefix) and getattr(request, "resolver_match", None):
                    url = f"/{code}/{path.removeprefix(prefix)}"
        url += f"?{asked}" if asked and url != f"/{code}/" else ""
    return {"code": code, "name": name, "url": url}


@register.simple_tag(takes_context=True)
def editing_link(context: dict[str, Any]) -> dict[str, str]:
    """Return where an editor goes from here: to the page's own form, or to the staff's home; empty for others."""
    user, page = context.get("user"), context.get("page")
    if not getattr(user, "edits_pages", False):
        return {}
    if isinstance(page, Page) and page.pk and page.permissions_for_user(user).can_edit():
        return {"title": _("Edit this page"), "url": reverse("wagtailadmin_pages:edit", args=[page.pk])}
    return {"title": _("Editing"), "url": reverse("wagtailadmin_home")}


@register.filter
def percent(value: float) -> str:
    """Return ``value`` (0 to 100) as a whole number of per cent, with a no-break space in Lithuanian."""
    number = round(float(value))
    return f"{number}\u00a0%" if get_language() == "lt" else f"{number}%"


@register.filter
def tidy(value: Any) -> str:
    """Return a number without needless zeros after the decimal mark, in the page's format."""
    return str(number_format(format(Decimal(str(value)).normalize(), "f")))


@register.simple_tag
def absolute_static(name: str) -> str:
    """Return the full address of a static file, for pages that show ours as a card."""
    return absolute(static(name))


@register.filter
def absolute(url: str) -> str:
    """Return the full address of what lies on this portal, or elsewhere."""
    return urljoin(conf.SITE_URL, url)


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Return structured data (schema.org) for machines that read the page; a block of data, not a script."""
    text = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308 (escaped above)
