"""A resource of the library, and the list of all."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from portal.conf import conf
from portal.content.blocks import PROSE
from portal.content.models import ServedPage, Topic
from portal.content.models.fields import from_source, page_field, same_in_all_languages

WORDS = "{words}"  # where the reader's words stand in the address of a search
is_web_address = URLValidator(schemes=["http", "https"])


def check_search_address(value: str) -> None:
    """Accept the address of a search with ``{words}`` after its host, once. Raises ValidationError."""
    is_web_address(value.replace(WORDS, "x"))
    host = value.split("/", 3)[2]
    if value.count(WORDS) != 1 or WORDS in host:
        raise ValidationError(_("Write {words} once, where the words one looks for stand in the address."))


class ResourceIndexPage(ServedPage):
    """The list of resources; resources, reading lists and guides stand below it."""

    parent_page_types: ClassVar[list[str]] = [*conf.HOME_PAGES]
    subpage_types: ClassVar[list[str]] = [
        "catalogue.ResourcePage",
        "catalogue.ResourceListPage",
        "catalogue.SubjectGuidePage",
    ]
    max_count_per_parent = 1
    page_description = _("The list of library resources with filters; one in each language.")

    class Meta:
        verbose_name = _("list of resources")
        verbose_name_plural = _("lists of resources")


class ResourcePage(ServedPage):
    """A database, journal, book or anything else the library lets its readers use: what it is, and the way in."""

    class Kind(models.TextChoices):
        """What kind of resource it is."""

        DATABASE = "database", _("Database")
        JOURNAL = "journal", _("Journal")
        EBOOK = "ebook", _("E-book")
        GUIDE = "guide", _("Guide")
        REPOSITORY = "repository", _("Repository")
        SEARCH = "search", _("Catalogue search")

    class Access(models.TextChoices):
        """Who may use it, and from where."""

        OPEN = "open", _("Open to everyone")
        MEMBERS = "members", _("For library members")
        PROXY = "proxy", _("Through the library’s sign-in")
        PREMISES = "premises", _("On the library’s computers")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.DATABASE)
    description = RichTextField(_("description"), features=PROSE, blank=True)
    topics = ParentalManyToManyField(Topic, blank=True, verbose_name=_("subjects"), related_name="+")
    address = models.URLField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[is_web_address],
        help_text=_("Where the resource opens. What is used on the premises may have none."),
    )
    access = models.CharField(_("access"), max_length=10, choices=Access.choices, default=Access.OPEN)
    access_help = models.TextField(
        _("how to get in"),
        blank=True,
        max_length=400,
        help_text=_("What to sign in with, whom to ask, how many may use it at once."),
    )
    accessibility = RichTextField(
        _("for readers with disabilities"),
        features=["bold", "italic", "link", "ul"],
        blank=True,
        help_text=_(
            "How it works with a keyboard, a screen reader, enlarged text; where to get another copy."
        ),
    )
    search_address = models.CharField(
        _("address of its search"),
        max_length=500,
        blank=True,
        validators=[check_search_address],
        help_text=_("With {words} where the reader’s words belong: https://katalogas.lt/paieska?q={words}"),
    )
    tutorial = page_field(_("lesson"), _("A lesson that teaches how to use it."))

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("topics", widget=forms.CheckboxSelectMultiple)],
            heading=_("What it is"),
            icon="tag",
        ),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("access"), FieldPanel("access_help")],
            heading=_("The way in"),
            icon="key",
        ),
        FieldPanel("search_address"),
        FieldPanel("accessibility"),
        PageChooserPanel("tutorial", "courses.LessonPage"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ServedPage.search_fields,
        index.SearchField("description"),
        index.SearchField("topic_names"),
        index.FilterField("kind"),
    ]
    parent_page_types: ClassVar[list[str]] = ["catalogue.ResourceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list[Any]] = [
        *same_in_all_languages("kind", "access", "topics"),
        *from_source("address", "search_address", "tutorial"),
    ]
    page_description = _("A database, journal, e-book, guide, repository or catalogue search.")

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")

    def topic_names(self) -> str:
        """Return its subjects in the page's language, for the search."""
        name = "name_en" if self.locale.language_code == "en" else "name_lt"
        return " ".join(getattr(topic, name) for topic in self.topics.all())
