"""Reading lists for study modules, and subject guides."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from portal.catalogue.blocks import LearningBlock, SectionBlock
from portal.catalogue.models.people import SubjectLibrarian
from portal.content.blocks import PROSE
from portal.content.models import ServedPage, Topic
from portal.content.models.fields import from_source, page_field, same_in_all_languages


class SubjectGuidePage(ServedPage):
    """Where to begin in a subject: resources by theme, and the librarian who knows it."""

    intro = RichTextField(_("introduction"), features=PROSE, blank=True)
    topics = ParentalManyToManyField(Topic, blank=True, verbose_name=_("subjects"), related_name="+")
    sections = StreamField([("section", SectionBlock())], verbose_name=_("sections"), blank=True)
    learning = StreamField(LearningBlock(), verbose_name=_("courses and lessons"), blank=True)
    librarian = models.ForeignKey(
        SubjectLibrarian,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("subject librarian"),
    )

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("sections"),
        FieldPanel("librarian"),
        FieldPanel("learning"),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ServedPage.search_fields,
        index.SearchField("intro"),
        index.SearchField("sections"),
    ]
    parent_page_types: ClassVar[list[str]] = ["catalogue.ResourceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list[Any]] = [
        *same_in_all_languages("topics"),
        *from_source("librarian"),
    ]
    page_description = _("Where to begin in a subject: resources, and the librarian who knows it.")

    class Meta:
        verbose_name = _("subject guide")
        verbose_name_plural = _("subject guides")


class ResourceListPage(ServedPage):
    """What to read and use for a study module, week by week."""

    module = models.CharField(
        _("study module"), max_length=200, blank=True, help_text=_("Its name and code at the university.")
    )
    intro = RichTextField(_("introduction"), features=PROSE, blank=True)
    sections = StreamField([("section", SectionBlock())], verbose_name=_("sections"), blank=True)
    guide = page_field(_("subject guide"), _("Its librarian and courses are shown beside the list."))

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("module"),
        FieldPanel("intro"),
        FieldPanel("sections"),
        MultiFieldPanel(
            [PageChooserPanel("guide", "catalogue.SubjectGuidePage")], heading=_("Beside it"), icon="help"
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ServedPage.search_fields,
        index.SearchField("module"),
        index.SearchField("intro"),
        index.SearchField("sections"),
    ]
    parent_page_types: ClassVar[list[str]] = ["catalogue.ResourceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list[Any]] = from_source("guide")
    page_description = _("What to read and use for a study module, week by week.")

    class Meta:
        verbose_name = _("reading list")
        verbose_name_plural = _("reading lists")
