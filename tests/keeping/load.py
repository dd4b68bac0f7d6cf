"""Somebody writing while a backup is made: `python -m tests.keeping.load <name> <folder>` until it is killed.

Each round stores a file and then, in one transaction, two rows that belong together: a backup that holds one
holds both, and the file.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

import django


def main(name: str, folder: Path) -> None:
    """Write, and say after each round in a file of ``folder`` how many there were."""
    django.setup()
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from django.db import transaction

    from portal.directory.models import Municipality, Territory

    for number in itertools.count(1):
        key = f"{name}-{number}"
        storages["private"].save(f"load/{key}.txt", ContentFile(key.encode() * 50))
        with transaction.atomic():
            territory = Territory.objects.create(name_lt=key)
            Municipality.objects.create(name_lt=key, territory=territory)
        (folder / f"{name}.next").write_text(str(number))
        (folder / f"{name}.next").rename(folder / name)
        time.sleep(
            0.02
        )  # two of them keep the database busy; thousands of files would only keep the test busy


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
