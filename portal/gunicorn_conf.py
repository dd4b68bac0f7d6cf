"""Gunicorn as the portal wants it: ``gunicorn -c python:portal.gunicorn_conf portal.wsgi:application``.

WEB_CONCURRENCY (processes, default: two a processor, at most eight) and KELRODIS_THREADS size it; BIND
says where it listens.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes unguessable names there

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", min(2 * (os.cpu_count() or 1), 8)))
threads = int(os.environ.get("KELRODIS_THREADS", "4"))
worker_class = "gthread"
worker_tmp_dir = str(memory) if os.access(memory, os.W_OK) else None
max_requests = 10_000  # a leak in a library stays small
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 30  # on HUP and TERM, requests that have begun are finished
keepalive = 5
control_socket_disable = True
logger_class = "portal.logs.StructuredLog"
accesslog = None  # the portal writes its own, by patterns of addresses


def on_starting(server: Any) -> None:
    """Empty the folder of the figures that processes share (PROMETHEUS_MULTIPROC_DIR)."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a process that is gone."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
