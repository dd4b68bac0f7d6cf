"""Commands that come too early say so."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def need_tables() -> None:
    """Return where all migrations have been applied. Raises CommandError, in a sentence, where they have not."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The tables are not ready: run the command “migrate” first.")
