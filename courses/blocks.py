"""Blocks only courses have: knowledge checks and quiz items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.content.blocks import BASE_BLOCKS, PLAIN, TWO

PROMPT = "{prompt}"  # how an item is called where it is folded
MOST = 10**15  # of a number; beyond it nobody asks for one


def refuse_twins(options: Any) -> None:
    """Raise StructBlockValidationError when two choices read the same: nobody could tell which is right."""
    texts = [" ".join(option["text"].split()).casefold() for option in options]
    if len(set(texts)) < len(texts):
        raise blocks.StructBlockValidationError(non_block_errors=[_("Two choices have the same text.")])


class CheckOptionBlock(blocks.StructBlock):
    """One choice of a knowledge check."""

    text = blocks.CharBlock(max_length=300, label=capfirst(_("text")))
    correct = blocks.BooleanBlock(required=False, label=capfirst(_("correct")))
    feedback = blocks.CharBlock(
        required=False, max_length=400, label=capfirst(_("what to say when it is chosen"))
    )


class CheckBlock(blocks.StructBlock):
    """A question inside a lesson: answered, explained at once, never graded."""

    question = blocks.CharBlock(max_length=300, label=capfirst(_("question")))
    multiple = blocks.BooleanBlock(required=False, label=capfirst(_("several answers are correct")))
    options = blocks.ListBlock(
        CheckOptionBlock(), min_num=2, max_num=8, default=TWO, label=capfirst(_("choices"))
    )
    explanation = blocks.TextBlock(
        required=False, label=capfirst(_("explanation")), help_text=_("Shown once the check is answered.")
    )

    def clean(self, value: Any) -> Any:
        """Ask for one correct choice, or at least one where several are correct."""
        value = super().clean(value)
        if self.is_deferred_validation:  # a draft may be unfinished
            return value
        refuse_twins(value["options"])
        correct = sum(bool(option["correct"]) for option in value["options"])
        if correct < 1 or (correct > 1 and not value["multiple"]):
            message = _("Mark one choice as correct, or say that several are.")
            raise blocks.StructBlockValidationError(non_block_errors=[message])
        return value

    class Meta:
        icon = "help"
        label = _("Knowledge check")
        label_format = "{question}"


LESSON_BLOCKS = [*BASE_BLOCKS, ("check", CheckBlock())]


class ItemBlock(blocks.StructBlock):
    """What every quiz item has."""

    prompt = blocks.RichTextBlock(features=PLAIN, label=capfirst(_("question")))
    points = blocks.DecimalBlock(
        default=Decimal(1), min_value=Decimal("0.1"), max_value=100, label=capfirst(_("points"))
    )
    explanation = blocks.RichTextBlock(
        required=False,
        features=PLAIN,
        label=capfirst(_("explanation")),
        help_text=_("Shown after the attempt: why the answer is right."),
    )
    lesson = blocks.PageChooserBlock(
        required=False, page_type="courses.LessonPage", label=capfirst(_("lesson that explains it"))
    )


class ScoredOptionBlock(blocks.StructBlock):
    """One choice of a multiple-choice item and the share of the points it gives or takes."""

    text = blocks.CharBlock(max_length=300, label=capfirst(_("text")))
    fraction = blocks.DecimalBlock(
        default=Decimal(0),
        min_value=-1,
        max_value=1,
        max_digits=4,
        decimal_places=3,
        label=capfirst(_("share of points")),
        help_text=_("From 1 (all the points) to −1; a share below 0 takes points away, 0 changes nothing."),
    )
    feedback = blocks.CharBlock(
        required=False, max_length=400, label=capfirst(_("what to say when it is chosen"))
    )


class SingleItemBlock(ItemBlock):
    """One correct choice."""

    options = blocks.ListBlock(
        CheckOptionBlock(), min_num=2, max_num=10, default=TWO, label=capfirst(_("choices"))
    )

    def clean(self, value: Any) -> Any:
        """Ask for exactly one correct choice."""
        value = super().clean(value)
        if self.is_deferred_validation:  # a draft may be unfinished
            return value
        refuse_twins(value["options"])
        if sum(bool(option["correct"]) for option in value["options"]) != 1:
            raise blocks.StructBlockValidationError(
                non_block_errors=[_("Mark exactly one choice as correct.")]
            )
        return value

    class Meta:
        icon = "radio-full"
        label = _("Single choice")
        label_format = PROMPT


class MultipleItemBlock(ItemBlock):
    """Several correct choices; the shares of those chosen add up, never below 0 or above 1."""

    options = blocks.ListBlock(
        ScoredOptionBlock(), min_num=2, max_num=10, default=TWO, label=capfirst(_("choices"))
    )

    def clean(self, value: Any) -> Any:
        """Ask for positive shares that make one whole."""
        value = super().clean(value)
        if self.is_deferred_validation:  # a draft may be unfinished
            return value
        refuse_twins(value["options"])
        total = sum(max(option["fraction"], Decimal(0)) for option in value["options"])
        if abs(total - 1) > Decimal("0.01"):
            message = _("The positive shares must add up to 1.")
            raise blocks.StructBlockValidationError(non_block_errors=[message])
        return value

    class Meta:
        icon = "list-ul"
        label = _("Multiple choice")
        label_format = PROMPT


class NumericItemBlock(ItemBlock):
    """A number, right within a tolerance."""

    answer = blocks.DecimalBlock(min_value=-MOST, max_value=MOST, label=capfirst(_("answer")))
    tolerance = blocks.DecimalBlock(
        default=Decimal(0),
        min_value=0,
        max_value=MOST,
        label=capfirst(_("tolerance")),
        help_text=_("How far from the answer still counts as right."),
    )
    unit = blocks.CharBlock(required=False, max_length=20, label=capfirst(_("unit")))

    class Meta:
        icon = "decimal"
        label = _("Number")
        label_format = PROMPT


class ShortItemBlock(ItemBlock):
    """A short text that is one of those accepted."""

    accepted = blocks.ListBlock(
        blocks.CharBlock(max_length=120),
        min_num=1,
        label=capfirst(_("accepted answers")),
        help_text=_("Capital letters and extra spaces make no difference."),
    )
    fold_diacritics = blocks.BooleanBlock(
        required=False, default=True, label=capfirst(_("accept letters without their diacritics"))
    )

    class Meta:
        icon = "edit"
        label = _("Short text")
        label_format = PROMPT


ITEM_BLOCKS: list[tuple[str, blocks.Block]] = [
    ("single", SingleItemBlock()),
    ("multiple", MultipleItemBlock()),
    ("numeric", NumericItemBlock()),
    ("short", ShortItemBlock()),
]


class ItemsBlock(blocks.StreamBlock):
    """The items of a quiz. A draft may have none; what is published has at least one."""

    def clean(self, value: Any) -> Any:
        """Ask for an item."""
        if self.required and not self.is_deferred_validation and not len(value):
            message = _("A quiz needs at least one item before it can be published.")
            raise blocks.StreamBlockValidationError(non_block_errors=[message])
        return super().clean(value)
