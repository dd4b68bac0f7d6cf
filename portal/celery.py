"""The Celery application and its clock.

Nothing of value lives in the broker: tasks only say "look at the database", so an emptied
broker costs seconds, never data.
"""

from __future__ import annotations

import os
from pathlib import Path

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

from portal.conf import conf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("kelrodis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
SWEEP = conf.OUTBOX_SWEEP_SECONDS  # a setting for trials that cannot wait
app.conf.beat_schedule = {
    "outbox-sweep": {
        "task": "portal.outbox.tasks.sweep",
        "schedule": float(SWEEP),
        "options": {"expires": 4 * SWEEP},  # it outlives the nudges before it (portal.outbox.tasks)
    },
    "close-overdue-attempts": {
        "task": "courses.tasks.close_overdue",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "pages-by-date": {
        "task": "portal.content.tasks.keep_dates",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-launches": {"task": "lti.tasks.sweep_launches", "schedule": 3600.0},
    "turn-keys": {"task": "lti.tasks.turn_keys", "schedule": crontab(hour=2, minute=40)},
    "roles-by-date": {"task": "portal.directory.tasks.apply_dates", "schedule": crontab(minute=0)},
    "begin-erasures": {"task": "portal.keeping.tasks.begin_erasures", "schedule": 600.0},
    "remove-what-is-old": {
        "task": "portal.keeping.tasks.remove_old",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 6 * 3600},
    },
}
for entry in app.conf.beat_schedule.values():
    # The clock keeps one connection: only a repeated try mends it after the broker was away.
    entry["options"] = entry.get("options", {}) | {"retry": True}


def make_folders() -> None:
    """Make the folders of a broker kept in files, which Celery expects to be there."""
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        folder = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}).get(name)
        if folder:
            Path(str(folder)).mkdir(parents=True, exist_ok=True)


make_folders()
