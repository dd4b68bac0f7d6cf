"""By which name of a course on a learning platform which list and guide are shown; kept by the librarians."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel

from portal.content.models.fields import page_field


class MatchingRule(models.Model):
    """“Whose label begins with SOC gets this list and that guide.” The highest priority wins.

    Compared are letters and digits without case, diacritics and superfluous spaces; nothing in ``text`` has a meaning
    of its own, so no rule can be slow or wrong in a way its author cannot see.
    """

    class Field(models.TextChoices):
        """What of a course is looked at."""

        LABEL = "label", _("the course’s short name")
        TITLE = "title", _("the course’s title")

    class Way(models.TextChoices):
        """How it is compared."""

        EXACT = "exact", _("is")
        BEGINS = "begins", _("begins with")
        CONTAINS = "contains", _("contains")

    field = models.CharField(_("when"), max_length=5, choices=Field.choices, default=Field.LABEL)
    way = models.CharField(_("how"), max_length=8, choices=Way.choices, default=Way.BEGINS)
    text = models.CharField(_("text"), max_length=200)
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Of several rules that fit, the one with the highest wins.")
    )
    reading_list = page_field(_("reading list"))
    guide = page_field(_("subject guide"), _("Empty: the list’s own guide."))

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("field"), FieldPanel("way")]), FieldPanel("text")],
            heading=_("Which courses"),
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("reading_list", "catalogue.ResourceListPage"),
                PageChooserPanel("guide", "catalogue.SubjectGuidePage"),
            ],
            heading=_("What they show"),
        ),
        FieldPanel("priority"),
    ]

    class Meta:
        verbose_name = _("matching rule")
        verbose_name_plural = _("matching rules")
        ordering = ("-priority", "field", "text")

    def __str__(self) -> str:
        said = {"field": self.get_field_display(), "way": self.get_way_display(), "text": self.text}
        return gettext("%(field)s %(way)s “%(text)s”") % said

    def clean(self) -> None:
        """Ask for something to compare and something to show. Raises ValidationError."""
        from_letters = any(sign.isalnum() for sign in self.text)
        if not from_letters:
            raise ValidationError({"text": _("Write at least one letter or digit.")})
        if self.reading_list_id is None and self.guide_id is None:
            raise ValidationError(_("Choose a list, a guide or both."))
