"""The figures of this process for Prometheus: counts, never a name, an id, a clinic or a path's value."""

from __future__ import annotations

import typing

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import event

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

SECONDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 5, 15)
"""Borders of the histogram: the goals (0.3 and 0.8 s), the database's limit (5 s), the pool's (15 s)."""

REGISTRY = CollectorRegistry()
"""Ours alone: the library's own holds versions and process figures."""

requests = Counter("shipa_requests", "Requests answered", ["route", "method", "status"], registry=REGISTRY)
duration = Histogram(
    "shipa_request_seconds",
    "Time until the answer was ready",
    ["route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
errors = Counter("shipa_errors", "Requests that failed, by whose fault", ["kind"], registry=REGISTRY)
sign_in_failures = Counter(
    "shipa_sign_in_failures", "Wrong passwords and codes at the door", registry=REGISTRY
)
in_use = Gauge(
    "shipa_pool_in_use",
    "Connections that are in use",
    ["login"],
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
pool_size = Gauge(
    "shipa_pool_size",
    "Connections that there may be",
    ["login"],
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
for _kind in ("database", "unexpected", "unlogged", "outside"):
    errors.labels(_kind)


def watch_pool(login: str, engine: sa.Engine) -> None:
    """Count the connections of a pool that are out."""
    used = in_use.labels(login)
    event.listen(engine, "checkout", lambda *_: used.inc())
    event.listen(engine, "checkin", lambda *_: used.dec())


def tell_sizes(engines: Mapping[str, sa.Engine]) -> None:
    """Say how many connections this process may have; each process says it once."""
    for login, engine in engines.items():
        pool_size.labels(login).set(engine.pool.size())  # type: ignore[attr-defined]
