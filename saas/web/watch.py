"""What machines ask: whether the process lives, whether the house can work, and its figures."""

from __future__ import annotations

import hmac
import os
import typing

from flask import Blueprint, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from saas.config import Settings
from saas.web import failing, metering
from saas.web.guard import public

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from prometheus_client.metrics_core import Metric

PATHS = ("/healthz", "/readyz", "/metrics")
_INSIDE = "shipa.inside"
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_LOOPBACK = {"127.0.0.1", "::1"}

blueprint = Blueprint("watch", __name__)


class Check(typing.Protocol):
    """One condition. Meanings: ``tenants.readiness.Check``."""

    @property
    def name(self) -> str:
        """One word."""

    @property
    def holds(self) -> bool | None:
        """Nothing when this machine cannot tell."""

    @property
    def words(self) -> str:
        """For the operator."""

    @property
    def degraded(self) -> bool:
        """Some clinics cannot work as they should, and all others can."""


class Cell(typing.Protocol):
    """One further database in which clinics live. Meanings: ``tenants.standing.CellStanding``."""

    @property
    def cell(self) -> str:
        """Its name."""

    @property
    def answers(self) -> bool:
        """Whether it takes connections and rows."""

    @property
    def platform(self) -> bool | None:
        """Whether its tables are at this release; nothing when that is not known."""

    @property
    def clinics(self) -> bool | None:
        """Whether the tables of its clinics are."""


class Watched(typing.Protocol):
    """What the caretaker shows of the house; ``create_app`` hands over the real one."""

    def look(self) -> Sequence[Check]:
        """All conditions of readiness."""

    def free(self) -> Mapping[Path, float | None]:
        """The free part of each disk."""

    def jobs(self) -> Mapping[str, int]:
        """Jobs by state."""

    def cells(self) -> Sequence[Cell]:
        """The further databases, as of the last look."""

    @property
    def seal_age(self) -> float | None:
        """Seconds since the last seal, as of the last look."""


def install(app: Flask, settings: Settings) -> None:
    """Open the address of monitoring, if there is one: requests on it need no proxy, and reach no page."""
    if settings.watch_bind:
        app.wsgi_app = _Side(app.wsgi_app, settings)  # type: ignore[method-assign]
    app.register_blueprint(blueprint)


class _Side:
    """Lets in whoever comes by the socket of monitoring, as if by the proxy."""

    def __init__(self, inner: WSGIApplication, settings: Settings) -> None:
        self._inner = inner
        host, _, port = settings.watch_bind.rpartition(":")
        self._place = (host.strip("[]"), int(port))
        self._settings = settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # The socket itself tells where it came in; SERVER_PORT can be the Host header's.
        sock = environ.get("gunicorn.socket")
        if sock is not None and sock.getsockname()[:2] == self._place:
            environ[_INSIDE] = True
            environ["HTTP_HOST"] = self._settings.host
            environ["HTTP_X_FORWARDED_PROTO"] = "https"
            if environ.get("PATH_INFO") not in PATHS:
                start_response("404 Not Found", [("Content-Type", "text/plain")])
                return [b"only /healthz, /readyz and /metrics are here\n"]
        return self._inner(environ, start_response)


def is_inside() -> bool:
    """Whether the asker may know more than a word: by the address, the token, or on a house without https."""
    if request.environ.get(_INSIDE):
        return True
    settings: Settings = current_app.extensions["settings"]
    if not settings.secure:
        return request.remote_addr in _LOOPBACK
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.watch_token) and hmac.compare_digest(given.encode(), settings.watch_token.encode())


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return "ok", _TEXT


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Whether the house can do its work: a word for everybody, each condition for who may know."""
    checks = _watched().look()
    ready = all(check.holds is not False for check in checks)
    lines = ["ready" if ready else "not ready"]
    if is_inside():
        lines += [f"{check.name}: {_word(check)} ({check.words})" for check in checks]
    return "\n".join(lines) + "\n", 200 if ready else 503, _TEXT


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """The figures for Prometheus; to nobody outside."""
    if not is_inside():
        abort(404)
    counted = metering.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # several processes, each with files there
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_Standing(_watched()))
    return generate_latest(counted) + generate_latest(now), {"Content-Type": CONTENT_TYPE_LATEST}


class _Standing(Collector):
    """What is looked up when somebody asks, by whichever process is asked."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def collect(self) -> Iterator[Metric]:
        """Conditions, disks, jobs, the age of the last seal; what is not known is left out."""
        ready = GaugeMetricFamily("shipa_ready", "Whether a condition of /readyz holds", labels=["check"])
        worse = GaugeMetricFamily(
            "shipa_degraded",
            "Whether a condition of /readyz harms a part of it only",
            labels=["check"],
        )
        for check in self._watched.look():
            worse.add_metric([check.name], check.degraded)
            if check.holds is not None:
                ready.add_metric([check.name], check.holds)
        yield from (ready, worse)
        yield self._cells()
        free = [share for share in self._watched.free().values() if share is not None]
        if free:
            yield GaugeMetricFamily("shipa_disk_free_ratio", "Free part of the fullest disk", value=min(free))
        yield GaugeMetricFamily(
            "shipa_read_only", "Whether nothing new is taken", value=failing.is_read_only()
        )
        if self._watched.seal_age is not None:
            yield GaugeMetricFamily(
                "shipa_seal_age_seconds", "Since the last seal", value=self._watched.seal_age
            )
        yield self._jobs()

    def _cells(self) -> Metric:
        cells = GaugeMetricFamily(
            "shipa_cell_ready",
            "Whether a further database answers and is up to date",
            labels=["cell", "check"],
        )
        for one in self._watched.cells():
            for name in ("answers", "platform", "clinics"):
                holds = getattr(one, name)
                if holds is not None:
                    cells.add_metric([one.cell, name], holds)
        return cells

    def _jobs(self) -> Metric:
        jobs = GaugeMetricFamily("shipa_jobs", "Jobs by state; failed ones of a week", labels=["state"])
        for state, count in self._watched.jobs().items():
            jobs.add_metric([state], count)
        return jobs


def _word(check: Check) -> str:
    if check.degraded:
        return "DEGRADED"
    return {True: "ok", False: "NOT", None: "unknown"}[check.holds]


def _watched() -> Watched:
    return typing.cast("Watched", current_app.extensions["watched"])
