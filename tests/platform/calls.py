"""The call log: every call of the tool, written before the answer leaves, and where faults strike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, g, request

from .core import Platform, current
from .faults import Fault

P = ParamSpec("P")
BODY_LIMIT = 20_000
KEPT_HEADERS = ("Accept", "Content-Type", "User-Agent")
SECRET_FIELDS = ("client_assertion", "id_token", "JWT")


class ServiceError(Exception):
    """A refusal, with Moodle's habit of giving the reason in the status line only."""

    def __init__(self, status: int, reason: str = "", html: bool = False, body: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.html = html
        self.body = body


def now_text() -> str:
    """The time as ISO 8601 in UTC with microseconds."""
    return datetime.now(UTC).isoformat()


def _body() -> str:
    if request.form:
        fields = {k: ("…" if k in SECRET_FIELDS else v) for k, v in request.form.items()}
        return json.dumps(fields, ensure_ascii=False)[:BODY_LIMIT]
    return request.get_data(as_text=True)[:BODY_LIMIT]


def _person() -> str | None:
    """Whom the call is about; known even when a fault came before the work."""
    if "person" in g or request.args.get("user_id"):
        return str(g.get("person") or request.args.get("user_id") or "") or None
    try:
        return str(json.loads(request.get_data(as_text=True))["userId"])
    except (ValueError, KeyError, TypeError):
        return None


def _path() -> str:
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path


def _error_response(error: ServiceError, moodle: bool) -> Response:
    """A refusal as Moodle words it: an HTML page for what its error handler caught, else JSON."""
    reason = error.reason or "Error"
    if error.body is not None:
        response = Response(error.body, mimetype="text/html" if moodle else "application/json")
    elif error.html and moodle:
        page = f"<!DOCTYPE html><html lang='en'><title>Error</title><p>{reason}</p></html>"
        response = Response(page, mimetype="text/html")
    else:
        about = {"method": request.method, "url": _path()}
        body = {"status": error.status, "reason": reason, "request": about}
        response = Response(json.dumps(body, indent=4), mimetype="application/json")
    response.status = f"{error.status} {reason}"
    return response


def _answer(platform: Platform, view: Callable[[], Response]) -> Response:
    try:
        return view()
    except ServiceError as error:
        g.reason = error.reason
        return _error_response(error, platform.moodle)


def _record(platform: Platform, service: str, fault: Fault | None, status: int | None, start: float) -> None:
    headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    row = {
        "at": now_text(),
        "service": service,
        "method": request.method,
        "path": _path(),
        "person": _person(),
        "status": status,
        "applied": int(g.get("applied", False)),
        "reason": g.get("reason", ""),
        "body": _body(),
        "headers": json.dumps(headers),
        "fault": fault.mode if fault else None,
        "milliseconds": round((time.monotonic() - start) * 1000),
    }
    platform.store.insert("calls", row)


def service(name: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Mark a view as one that the tool calls: it is logged, and faults may strike it.

    The view tells what it did through `g.applied`, `g.person` and `g.reason`. A status of null in the
    log means that no answer was given.
    """

    def mark(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> Response:
            platform, start = current(), time.monotonic()
            fault = platform.faults.draw(name)
            response: Any = fault.before(request.url, request.environ) if fault else None
            if response is None:
                response = _answer(platform, lambda: view(*args, **kwargs))
                response = fault.afterwards(response) if fault else response
            silent = fault is not None and fault.mode in ("reset", "drop_before", "drop_after_apply")
            _record(platform, name, fault, None if silent else response.status_code, start)
            return response  # type: ignore[no-any-return]

        return wrapper

    return mark
