"""Command line: `python -m tests.platform --port 9100 --tool http://localhost:8000 --state DIR`."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import socket
from pathlib import Path
from typing import Any

from .config import Config


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.platform", description="A trial LTI 1.3 platform.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=9100, help="port (0: any free one)")
    parser.add_argument("--tool", default="http://localhost:8000", help="root of the tool")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps everything")
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--moodle", action=switch, default=True, help="Moodle's manners")
    parser.add_argument("--seed", choices=["demo", "none"], default="none", help="fill an empty platform")
    parser.add_argument("--client-id", default="kelrodis-trial-01")
    parser.add_argument("--deployment-id", default="1")
    parser.add_argument("--print-registration", action="store_true", help="print JSON for the tool and exit")
    return parser.parse_args(arguments)


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def main(arguments: list[str] | None = None) -> None:
    """Start the platform (or print what the tool has to know) and serve until stopped."""
    options = _arguments(arguments)
    config = Config(
        host=options.host,
        port=options.port or _free_port(options.host),
        tool=options.tool.rstrip("/"),
        state=options.state,
        client_id=options.client_id,
        deployment_id=options.deployment_id,
        moodle=options.moodle,
        seed=None if options.seed == "none" else options.seed,
    )
    if options.print_registration:
        print(json.dumps(config.registration(), indent=2))
        return
    from .app import make_server

    server = make_server(config)

    def stop(*_: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    who = f"issuer={config.issuer} client_id={config.client_id} deployment_id={config.deployment_id}"
    print(f"platform ready {config.issuer} {who}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
