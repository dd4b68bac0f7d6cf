"""Lists whose length is told without django-lti's own names of its models."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from wagtail.admin.paginator import WagtailPaginator


class CountedPaginator(WagtailPaginator):
    """Counts the rows under ``title``, in words that need no plural."""

    title: ClassVar[str | Promise]

    @property
    def items_count_label(self) -> str:
        """How many there are."""
        return f"{self.title}: {self.count}"
