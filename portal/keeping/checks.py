"""A system check: names of erased people are kept by a law, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from portal.conf import conf


@register()
def names_are_kept_by_a_law(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a term for names in the register without the law it rests on, which people are told."""
    if not conf.RETENTION.get("register_names") or conf.REGISTER_NAMES_BASIS:
        return []
    return [
        Error(
            "KELRODIS_KEEP_REGISTER_NAMES keeps names of erased people, and no law is named for it.",
            hint="Name it in KELRODIS_REGISTER_NAMES_BASIS: it is told to the people. Or keep none (0).",
            id="kelrodis.E010",
        )
    ]
