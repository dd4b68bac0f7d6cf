"""The face an institution gives the portal: name, logo, colours, contact; one set per site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

from portal.content import palette
from portal.content.colours import SCHEMES
from portal.content.edition import renew
from portal.content.models.fields import COLOUR, colour_field, picture_field

ROLES = ("primary", "accent")
NOTE = ["bold", "italic", "link"]
SAMPLE = _("For example #14574a.")
DERIVED = _("Empty: the nearest shade of the colour that can be read on dark paper.")
GROUNDS = {
    "page": _("the page"),
    "panel": _("a panel"),
    "tint": _("a tinted panel"),
    "label": _("the words on a button"),
}


@register_setting(icon="view", order=10)
class Branding(BaseSiteSetting):
    """What is empty here stays as the portal has it. Colours that cannot be read are refused, not saved."""

    name = models.CharField(_("name of the portal"), max_length=60, blank=True)
    name_en = models.CharField(
        _("name in English"), max_length=60, blank=True, help_text=_("Empty: the same name.")
    )
    logo = picture_field(_("logo"), _("Stands in place of the star and the name; wide rather than high."))
    logo_dark = picture_field(
        _("logo on dark paper"), _("Empty: the same logo; dark letters would not be seen on dark paper.")
    )
    primary_light = colour_field(_("primary colour"), SAMPLE)
    primary_dark = colour_field(_("primary colour on dark paper"), DERIVED)
    accent_light = colour_field(_("accent"), SAMPLE)
    accent_dark = colour_field(_("accent on dark paper"), DERIVED)
    contact_lt = models.TextField(_("contact in Lithuanian"), max_length=400, blank=True)
    contact_en = models.TextField(_("contact in English"), max_length=400, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    about_lt = models.CharField(_("about the portal in Lithuanian"), max_length=160, blank=True)
    about_en = models.CharField(_("about the portal in English"), max_length=160, blank=True)
    note_lt = RichTextField(_("note in Lithuanian"), features=NOTE, blank=True, max_length=1000)
    note_en = RichTextField(_("note in English"), features=NOTE, blank=True, max_length=1000)
    sponsors = picture_field(
        _("sponsors' signs"), _("One picture with the signs of all who pay for the portal.")
    )
    sponsors_named = models.CharField(
        _("who the sponsors are"), max_length=300, blank=True, help_text=_("Read out instead of the picture.")
    )
    social = picture_field(
        _("picture of shared pages"), _("Shown where an address is shared; 1200 × 630 points or larger.")
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
                *(FieldPanel(field) for field in ("logo", "logo_dark", "social")),
            ],
            heading=_("Name and pictures"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    content=_("Empty: the portal's own colours. What would be hard to read is refused.")
                ),
                FieldRowPanel([FieldPanel("primary_light"), FieldPanel("primary_dark")]),
                FieldRowPanel([FieldPanel("accent_light"), FieldPanel("accent_dark")]),
            ],
            heading=_("Colours"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_lt"), FieldPanel("contact_en")]),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
            ],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("about_lt"), FieldPanel("about_en")]),
                FieldPanel("note_lt"),
                FieldPanel("note_en"),
                FieldPanel("sponsors"),
                FieldPanel("sponsors_named"),
            ],
            heading=_("Foot of the page"),
        ),
    ]

    class Meta:
        verbose_name = _("branding")

    def portal_name(self, language: str) -> str:
        """Return what the portal is called in ``language``."""
        own = self.name_en if language == "en" else ""
        return str(own or self.name or self.site.site_name or settings.WAGTAIL_SITE_NAME)

    @property
    def colours(self) -> dict[tuple[str, str], str]:
        """The colours that were chosen, by role and scheme."""
        every = {(role, scheme): getattr(self, f"{role}_{scheme}") for role in ROLES for scheme in SCHEMES}
        return {place: colour for place, colour in every.items() if colour}

    @property
    def face(self) -> dict[tuple[str, str], str]:
        """The colours that were chosen, and for light or dark paper a shade of the other where only that was."""
        found = self.colours
        for role in ROLES:
            for scheme, other in (SCHEMES, SCHEMES[::-1]):
                if (role, scheme) not in found and (role, other) in self.colours:
                    found[role, scheme] = palette.counterpart(self.colours[role, other], role, scheme)
        return found

    def in_language(self, name: str, language: str) -> str:
        """Return a text of the footer in ``language``; nothing stands in for one that is missing."""
        return str(getattr(self, f"{name}_{language}", ""))

    def clean(self) -> None:
        """Refuse colours that could not be read, and pictures of signs nobody could hear of."""
        super().clean()
        problems: dict[str, Any] = {}
        for (role, scheme), colour in self.colours.items():
            field = f"{role}_{scheme}"
            found = palette.fault(colour, role, scheme) if COLOUR.match(colour) else None
            if found is not None:
                problems[field] = _in_words(colour, found)
        if self.sponsors_id and not self.sponsors_named.strip():
            problems["sponsors_named"] = gettext("Say in words who is on the picture.")
        if problems:
            raise ValidationError(problems)

    def clean_fields(self, exclude: Any = None) -> None:
        """Take colours in small letters, however they were written."""
        for place, colour in self.colours.items():
            setattr(self, "_".join(place), colour.strip().lower())
        super().clean_fields(exclude=exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what passes, whichever way it comes, and let every page know. Raises ValidationError."""
        self.full_clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            renew()


def _in_words(colour: str, fault: palette.Fault) -> str:
    """Say what was measured, what is needed, and which shade would do."""
    words = {
        "colour": colour,
        "ground": GROUNDS[fault.ground],
        "ratio": number_format(int(fault.ratio * 100) / 100, 2),  # never rounded up to what would pass
        "least": number_format(fault.least, 1),
        "clause": fault.clause,
        "shade": fault.shade,
    }
    return (
        gettext(
            "The contrast of %(colour)s with %(ground)s is %(ratio)s : 1 and must be at least %(least)s : 1 "
            "(WCAG 2.2, %(clause)s). The nearest shade that passes: %(shade)s."
        )
        % words
    )
