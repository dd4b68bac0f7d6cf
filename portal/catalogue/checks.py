"""What resources, lists and guides still need before they can be published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.catalogue.models import LibraryAccess, ResourceListPage, ResourcePage, SubjectGuidePage
from portal.content.checking.registry import ERROR, WARNING, Finding, check


@check
def ways_in(page: Any) -> Iterator[Finding]:
    """Find a search that searches nothing, and a proxy that is not set up."""
    if not isinstance(page, ResourcePage):
        return
    if page.kind == ResourcePage.Kind.SEARCH and not page.search_address:
        text = _("A catalogue search needs the address of its search.")
        yield Finding(ERROR, text, field="search_address")
    if not page.address and page.access != ResourcePage.Access.PREMISES:
        yield Finding(ERROR, _("A resource needs the address at which it opens."), field="address")
    through_proxy = page.access == ResourcePage.Access.PROXY
    if through_proxy and not LibraryAccess.objects.exclude(proxy_prefix="").exists():
        text = _("No proxy is set up under “Library access”: the resource opens at its own address.")
        yield Finding(WARNING, text, field="access")


@check
def items(page: Any) -> Iterator[Finding]:
    """Find resources in a list or guide that readers do not see, as they are not published."""
    if not isinstance(page, (ResourceListPage, SubjectGuidePage)):
        return
    for index, section in enumerate(page.sections):
        for child in section.value["items"]:
            chosen = child.value.get("page") if child.block_type == "resource" else None
            if child.block_type == "resource" and (chosen is None or not chosen.live):
                title = chosen.title if chosen is not None else "–"
                text = _("Readers do not see “%(title)s”: it is not published.") % {"title": title}
                yield Finding(WARNING, text, field="sections", block=section.id or "", index=index)


@check
def librarian(page: Any) -> Iterator[Finding]:
    """Find a guide that names nobody to ask."""
    if isinstance(page, SubjectGuidePage) and page.librarian_id is None:
        text = _("The guide names no librarian: nobody can be asked from it.")
        yield Finding(WARNING, text, field="librarian")
