"""Letters carry the name and the colour of the portal's first site."""

from __future__ import annotations

from portal.content.colours import token
from portal.content.models import Branding
from portal.content.palette import label_on
from portal.content.sitewide import default_site, read
from portal.outbox.letterhead import Letterhead, provides


@provides
def of_default_site(language: str) -> Letterhead:
    """Return the letterhead; a worker asks for it, so the colours may cost a query."""
    site = default_site()
    branding = Branding.objects.filter(site=site).first() or Branding()
    light, dark = (
        branding.face.get(("primary", scheme)) or token("pine", scheme) for scheme in ("light", "dark")
    )
    return Letterhead(
        name=read(site, language).name,
        light=light,
        on_light=label_on(light),
        dark=dark,
        on_dark=label_on(dark),
    )
