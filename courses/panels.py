"""Panels of the page editor that only courses have."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel
from wagtail.models import Page

from courses.models.activities import Activity


class ActivityPanel(Panel):
    """Shows the line that makes a learning platform's activity open this very page."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "courses/admin/activity_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add the page's activity, None before its first publication."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            page: Page = self.instance
            context["activity"] = Activity.objects.of_page(page).first()
            return context
