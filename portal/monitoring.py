"""What those who look after the portal watch: is it alive, is it ready, how does it fare.

``/healthz``  this process answers; asked by whoever restarts processes
``/readyz``   it can serve: database and cache answer; asked by whoever shares out visitors
``/metrics``  figures in Prometheus' text format, for whoever has the token
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from portal.conf import conf
from portal.outbox.reports import standing

GetResponse = Callable[[HttpRequest], HttpResponse]

requests_log = logging.getLogger("portal.requests")
SECONDS = Histogram(
    "kelrodis_request_seconds",
    "Time until the answer stood, by address pattern, method and status",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5, 30),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class ProbesMiddleware:
    """Answers the probes before anything else: they come without our host's name, and often without TLS."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass on."""
        probe = self.probes.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = probe(request)
        response["Cache-Control"] = "no-store"
        return response


class MeasuringMiddleware:
    """Times each request, for the log and the metrics, by the pattern of its address.

    Never by the address itself: it may hold a key, or tell what somebody reads.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.counts = bool(conf.METRICS_TOKEN)
        self.logs = requests_log.isEnabledFor(logging.INFO)
        if not (self.counts or self.logs):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how long it took."""
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        match = request.resolver_match
        kept = getattr(request, "kept_route", "")  # answered by portal.pagecache
        route = (match.view_name or match.route) if match else kept
        method = request.method if request.method in METHODS else "other"
        if self.counts:
            SECONDS.labels(route, method, str(response.status_code)).observe(took)
        if self.logs:
            fields = {"method": method, "route": route, "status": response.status_code}
            fields |= {"kept": True} if kept else {}
            line = "%(method)s %(route)s %(status)s"
            requests_log.info(line, fields, extra=fields | {"ms": round(took * 1000, 1)})
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; looks at nothing else, or all would be restarted with the database."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether this process can serve: 200 or 503, with the state of each part.

    It can without the cache, more slowly. The broker is not asked: without it everything is kept, and
    goes out a little later.
    """
    ready = _answers(_ask_database)
    told = {"database": "ok" if ready else "silent", "cache": "ok" if _answers(_ask_cache) else "silent"}
    response = JsonResponse({"ready": ready, **told}, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # said above, by its part
    return response


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever a client library raises, the part does not answer
        logging.getLogger(__name__).warning("Not ready: %s", ask.__name__, exc_info=True)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    key = f"readyz-{secrets.token_hex(8)}"
    cache.set(key, 1, 10)
    if cache.get(key) != 1:
        raise ConnectionError("the cache forgot what it was told")


def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to whoever has the token; to others there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = conf.METRICS_TOKEN
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        return HttpResponse(status=404)
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    body = generate_latest(registry) + generate_latest(_standing_registry())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _standing_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Deliveries())
    return registry


class Deliveries(Collector):
    """How deliveries stand, asked from the database at each scrape (three queries)."""

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; nothing but ``kelrodis_up 0`` when the database does not answer."""
        up = GaugeMetricFamily("kelrodis_up", "Whether the database answers")
        try:
            now = standing()
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        rows = GaugeMetricFamily("kelrodis_deliveries", "Deliveries by state", labels=["state"])
        for state, _name, number in now.counts:
            rows.add_metric([state], number)
        yield rows
        ages = {
            "kelrodis_oldest_delivery_seconds": ("How long the oldest delivery has waited", now.oldest),
            "kelrodis_worker_seconds": ("How long ago a worker last looked for work", now.beat),
        }
        for name, (text, age) in ages.items():
            if age is not None:
                yield GaugeMetricFamily(name, text, value=age.total_seconds())
