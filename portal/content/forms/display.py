"""Forms that visitors fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.content.display import Display

WORDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "size": (
        _("Size of text"),
        {"100": _("as usual"), "120": _("larger"), "140": _("large"), "160": _("very large")},
    ),
    "spacing": (_("Spacing"), {"normal": _("as usual"), "wide": _("wide lines, words and letters")}),
    "theme": (
        _("Paper"),
        {"device": _("as my device is set"), "light": _("always light"), "dark": _("always dark")},
    ),
    "contrast": (_("Contrast"), {"normal": _("as usual"), "high": _("black and white, strong lines")}),
    "links": (_("Links"), {"normal": _("as usual"), "underlined": _("always underlined")}),
    "motion": (_("Motion"), {"device": _("as my device is set"), "still": _("nothing moves")}),
}


class DisplayForm(forms.Form):
    """How pages are to be shown; one question of each kind, none of which can be left open."""

    def __init__(self, data: Any = None, *, display: Display) -> None:
        super().__init__(data)
        for name, (label, choices) in WORDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=list(choices.items()),
                initial=getattr(display, name),
                widget=forms.RadioSelect,
            )

    def display(self) -> Display:
        """Return what was chosen."""
        return Display(**{name: self.cleaned_data[name] for name in WORDS})
