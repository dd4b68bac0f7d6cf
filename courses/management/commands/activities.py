"""``manage.py activities --json``: what a platform's activity can point at."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.models import Activity, ActivityVersion
from portal.conf import conf
from portal.content.reports import page_in


class Command(BaseCommand):
    """Lists published activities: uuid, kind, title, language, URL."""

    help = "List published courses, lessons and quizzes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--json``."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one row for each activity and language."""
        rows = [
            row
            for activity in Activity.objects.filter(page__isnull=False).order_by("pk")
            for row in _rows(activity)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write("  ".join(row[name] for name in ("uuid", "kind", "language", "title")))


def _rows(activity: Activity) -> list[dict[str, str]]:
    languages = ActivityVersion.objects.filter(activity=activity).values_list("language", flat=True)
    rows = []
    for language in sorted(set(languages), reverse=True):
        page = page_in(activity.translation_key, language)
        if page is not None:
            rows.append(
                {
                    "uuid": str(activity.uuid),
                    "kind": activity.kind,
                    "title": page.title,
                    "language": language,
                    "url": conf.SITE_URL + (page.get_url() or ""),
                }
            )
    return rows
