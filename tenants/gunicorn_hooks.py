"""What gunicorn is told beyond its command line (``--config python:tenants.gunicorn_hooks``)."""

from __future__ import annotations

import gc
import logging
import os
import socket
import typing

import prometheus_client.values
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from tenants.journal import AllowListFormatter

if typing.TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker


class ServerLog(Logger):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn's own words by the allow-list; it would quote addresses of requests and headers."""

    def _set_handler(
        self,
        log: logging.Logger,
        output: str | None,
        fmt: logging.Formatter,  # noqa: ARG002 - replaced
        stream: typing.Any = None,  # noqa: ANN401 - gunicorn's signature
    ) -> None:
        super()._set_handler(log, output, AllowListFormatter(), stream)


logger_class = ServerLog
accesslog = None


preload_app = True
"""The application is made once, before any worker: one that takes another's place answers at once, and all
serve the same release until the first process is started anew."""

_place = "master"


def _own_place() -> str:
    return _place


# Before the application, and with it its figures, are made. The library asks again after each fork, and
# a worker opens files of its own.
if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    prometheus_client.values.ValueClass = prometheus_client.values.MultiProcessValue(  # type: ignore[no-untyped-call]
        _own_place
    )


UNTIL_IT_SPEAKS = 5
"""Seconds for which the system keeps a line that says nothing to itself."""


def when_ready(server: Arbiter) -> None:
    """Let no line wake a worker before its request is there; one that is silent would take a thread."""
    for listener in server.LISTENERS:
        if listener.sock.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, UNTIL_IT_SPEAKS)


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Give the worker the lowest place that is free, and a heap that nothing searches.

    Figures are kept by place and not by process number: workers are replaced all the time, and each
    number would leave files of its own for good. The application lives as long as its process: no search
    for garbage goes through it. Python searches after every 700 objects, made for small programs; one
    request makes more than that.
    """
    taken = {other.place for other in server.WORKERS.values() if hasattr(other, "place")}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        # What the first process said of its own pools, from which it takes nothing.
        mark_process_dead(_place)  # type: ignore[no-untyped-call]


def post_fork(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001 - gunicorn's signature
    """From here on the process's figures are those of its worker's place."""
    global _place  # noqa: PLW0603 - one for each process
    _place = str(worker.place)
    worker.app.wsgi().extensions["tell_sizes"]()


def child_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001 - gunicorn's signature
    """What a worker that is gone had in use is in use no longer."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.place)  # type: ignore[no-untyped-call]
