"""Django's own request cycle as a wire, and the count of its SQL statements. Needs Django set up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.browser import Reply

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Inside:
    """Requests that never leave this process."""

    def __init__(self, port: int) -> None:
        self._client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost", SERVER_PORT=str(port))

    def ready(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the answer."""
        kind = headers.get("Content-Type", "application/octet-stream")
        sent = {name: value for name, value in headers.items() if not name.startswith("Content-")}
        response = self._client.generic(method, path, body, content_type=kind, headers=sent)
        cookies = {name: str(morsel.value) for name, morsel in response.cookies.items()}
        self._client.cookies.clear()
        named = {name.lower(): str(value) for name, value in response.headers.items()}
        return Reply(response.status_code, named, cookies, response.content)


class Statements:
    """A meter that counts the SQL statements of what is measured, without those that frame transactions."""

    def __init__(self) -> None:
        self.reading = 0.0

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Count what happens inside."""
        with CaptureQueriesContext(connection) as captured:
            yield
        self.reading = sum(not query["sql"].upper().startswith(FRAME) for query in captured.captured_queries)
