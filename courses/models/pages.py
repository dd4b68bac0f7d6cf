"""The pages editors write: catalogue → course → module → lesson or quiz."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.search import index

from courses.blocks import ITEM_BLOCKS, LESSON_BLOCKS, ItemsBlock
from courses.panels import ActivityPanel
from portal.conf import conf
from portal.content.blocks import PROSE
from portal.content.models import Audience, ServedPage, Topic
from portal.content.models.fields import same_in_all_languages

MINUTES = [MinValueValidator(1), MaxValueValidator(600)]
ESTIMATE = _("About how long it takes; learners see what is left of the course.")


class CataloguePage(ServedPage):
    """The list of courses."""

    parent_page_types: ClassVar[list[str]] = [*conf.HOME_PAGES]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    max_count_per_parent = 1
    page_description = _("The list of courses; one in each language.")

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")


class CoursePage(ServedPage):
    """A course: what it is for, for whom, and what finishing it means."""

    class Level(models.TextChoices):
        """How much the course expects."""

        BEGINNER = "beginner", _("For beginners")
        INTERMEDIATE = "intermediate", _("Intermediate")
        ADVANCED = "advanced", _("Advanced")

    class Mode(models.TextChoices):
        """How one takes part."""

        OWN_PACE = "own-pace", _("At your own pace")
        ONLINE = "online", _("Together, online")
        ON_SITE = "on-site", _("Together, at the library")
        BLENDED = "blended", _("Partly together, partly at your own pace")

    intro = RichTextField(_("introduction"), features=PROSE, blank=True)
    outcomes = models.TextField(
        _("outcomes"), blank=True, help_text=_("What one can do afterwards, one per line.")
    )
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    competences = models.CharField(
        _("competences"),
        max_length=300,
        blank=True,
        help_text=_("Completes the certificate's sentence «… and gained competence in …»."),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, default=Level.BEGINNER)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.OWN_PACE)
    topics = ParentalManyToManyField(Topic, blank=True, verbose_name=_("topics"), related_name="+")
    audiences = ParentalManyToManyField(Audience, blank=True, verbose_name=_("audiences"), related_name="+")
    hours = models.PositiveSmallIntegerField(_("academic hours"), default=1)
    certificate = models.BooleanField(_("gives a certificate"), default=True)
    cover = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover"),
    )

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("cover"),
        FieldPanel("intro"),
        FieldPanel("outcomes"),
        MultiFieldPanel(
            [FieldPanel("audience"), FieldPanel("level"), FieldPanel("mode"), FieldPanel("hours")],
            heading=_("For whom, how long"),
            icon="group",
        ),
        MultiFieldPanel(
            [
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("audiences", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("How readers find it"),
            icon="search",
        ),
        MultiFieldPanel(
            [FieldPanel("certificate"), FieldPanel("competences")], heading=_("Certificate"), icon="check"
        ),
        ActivityPanel(heading=_("In a learning platform"), icon="link"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ServedPage.search_fields,
        index.SearchField("intro"),
        index.SearchField("outcomes"),
    ]
    parent_page_types: ClassVar[list[str]] = ["courses.CataloguePage"]
    subpage_types: ClassVar[list[str]] = ["courses.ModulePage"]
    admin_default_ordering = "ord"
    override_translatable_fields: ClassVar[list[Any]] = same_in_all_languages(
        "level", "mode", "topics", "audiences", "hours", "certificate"
    )
    page_description = _("What the course is for and for whom; its modules stand below it.")

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    @property
    def card(self) -> Any:
        """The cover, to share the course with; a drawing cannot be shared."""
        return self.cover if self.cover is not None and not self.cover.is_svg() else None

    @property
    def outcome_list(self) -> list[str]:
        """The outcomes, one a line, without empty lines."""
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class ModulePage(ServedPage):
    """A part of a course; its page leads to its first lesson."""

    is_found = False  # its page only leads on
    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    subpage_types: ClassVar[list[str]] = ["courses.LessonPage", "courses.QuizPage"]
    preview_modes: ClassVar[list[tuple[str, str]]] = []  # it has no face of its own
    admin_default_ordering = "ord"
    page_description = _("A part of a course that gathers lessons and quizzes in the order of this list.")

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(ServedPage):
    """A lesson to read and try things in."""

    class Rule(models.TextChoices):
        """When a lesson counts as finished."""

        READ = "read", _("the learner says so at the end")
        CHECKS = "checks", _("… and has answered every knowledge check")

    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=7, validators=MINUTES, help_text=ESTIMATE
    )
    rule = models.CharField(_("finished when"), max_length=10, choices=Rule.choices, default=Rule.READ)
    body = StreamField(LESSON_BLOCKS, verbose_name=_("content"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("minutes"), FieldPanel("rule")], heading=_("Taking the lesson"), icon="time"
        ),
        ActivityPanel(heading=_("In a learning platform"), icon="link"),
    ]
    search_fields: ClassVar[list[Any]] = [*ServedPage.search_fields, index.SearchField("body")]
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list[Any]] = same_in_all_languages("rule")
    page_description = _("Something to read and to try, with knowledge checks that are not graded.")

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


class QuizPage(ServedPage):
    """A quiz: its items, and the rules of taking it."""

    class GradeMethod(models.TextChoices):
        """Which of several attempts counts."""

        BEST = "best", _("the best attempt")
        LAST = "last", _("the last attempt")
        MEAN = "mean", _("the mean of all attempts")

    class Layout(models.TextChoices):
        """How the items stand on the screen."""

        ONE = "one", _("one item a screen")
        ALL = "all", _("all items on one screen")

    class Solutions(models.TextChoices):
        """From when a finished attempt shows what would have been right."""

        EARNED = "earned", _("once asked for after passing, or when no attempt is left")
        ALWAYS = "always", _("after every attempt")

    intro = RichTextField(_("introduction"), features=PROSE, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=10, validators=MINUTES, help_text=ESTIMATE
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit in minutes"), null=True, blank=True, validators=MINUTES, help_text=_("Empty: no limit.")
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as one likes."),
    )
    grade_method = models.CharField(
        _("what counts"), max_length=10, choices=GradeMethod.choices, default=GradeMethod.BEST
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("passed from, in per cent"), default=60, validators=[MaxValueValidator(100)]
    )
    shuffle = models.BooleanField(_("shuffle items and choices"), default=True)
    layout = models.CharField(_("layout"), max_length=5, choices=Layout.choices, default=Layout.ONE)
    solutions = models.CharField(
        _("right answers are shown"), max_length=10, choices=Solutions.choices, default=Solutions.EARNED
    )
    items = StreamField(ItemsBlock(ITEM_BLOCKS), verbose_name=_("items"))

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("items"),
        MultiFieldPanel(
            [
                FieldPanel("minutes"),
                FieldPanel("time_limit_minutes"),
                FieldPanel("attempts_allowed"),
                FieldPanel("shuffle"),
                FieldPanel("layout"),
            ],
            heading=_("Taking the quiz"),
            icon="time",
        ),
        MultiFieldPanel(
            [FieldPanel("pass_percent"), FieldPanel("grade_method"), FieldPanel("solutions")],
            heading=_("Grading"),
            icon="check",
        ),
        ActivityPanel(heading=_("In a learning platform"), icon="link"),
    ]
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list[Any]] = same_in_all_languages(
        "time_limit_minutes",
        "attempts_allowed",
        "grade_method",
        "pass_percent",
        "solutions",
        "shuffle",
        "layout",
    )
    page_description = _("Graded items; the grade goes to the learning platform.")

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
