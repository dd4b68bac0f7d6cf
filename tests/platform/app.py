"""Putting the platform together, and its server."""

from __future__ import annotations

import socket
import struct
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from . import ags, auth, control, deep_linking, nrps, pages, privacy, registration, storage, tokens
from .calls import ServiceError, service
from .config import Config
from .core import Platform
from .people import seed

FOR_TOOLS = (
    "/services/",
    "/token",
    "/auth",
    "/jwks",
    "/deep_link_return",
    "/register",
    "/openid-configuration",
)


def create_app(config: Config) -> Flask:
    """The platform as a WSGI application; state is opened (or made) in `config.state`."""
    app = Flask(__name__)
    platform = Platform(config)
    app.extensions["platform"] = platform
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.context_processor(pages.whose)
    seed(platform, config.seed)
    for module in (ags, auth, control, deep_linking, nrps, pages, privacy, registration, storage, tokens):
        app.register_blueprint(module.blueprint)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _http_error(error: HTTPException) -> Any:
    """Log calls of the tool that no view takes (unknown path, wrong method): they matter to tests."""
    if not request.path.startswith(FOR_TOOLS):
        return error

    @service("auth" if request.path == "/auth" else "unknown")
    def refuse() -> Response:
        g.reason = error.name
        raise ServiceError(error.code or 500, error.name, html=error.code == 404)

    return refuse()


class QuietHandler(WSGIRequestHandler):
    """No line per request: the call log is the log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Close at once after a fault that gives no answer; werkzeug would wait for the next request."""
        self.close_connection = True


class TrialServer(ThreadedWSGIServer):
    """Werkzeug's threaded server that can also reset a connection (fault mode `reset`)."""

    def shutdown_request(self, request: Any) -> None:
        """Close; without the polite goodbye when the socket lingers for zero seconds."""
        try:
            linger = request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
        except OSError:
            linger = b"\0" * 8
        if struct.unpack("ii", linger) == (1, 0):
            self.close_request(request)
        else:
            super().shutdown_request(request)


def make_server(config: Config) -> TrialServer:
    """A server that is bound and listening, but not yet serving."""
    return TrialServer(config.host, config.port, create_app(config), QuietHandler)
