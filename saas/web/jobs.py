"""Asking for work in the background: queued after the request's own commit, never before it."""

from __future__ import annotations

import datetime
import logging
import typing

from flask import current_app, g

if typing.TYPE_CHECKING:
    import contextlib
    import uuid
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    from saas.web.door import ClinicCard


class Figure(typing.NamedTuple):
    """One figure of the clinic for outside; without numbers where a cell of it must not be seen."""

    indicator_code: str
    rule_version: str
    period: str
    numerator: int | None
    denominator: int | None
    computed_at: datetime.datetime


class Outbox(typing.Protocol):
    """Where figures leave the clinic. Meanings: ``tenants.outbox.Outbox``."""

    @property
    def is_open(self) -> bool:
        """Whether figures leave this house at all."""

    def published(self) -> Sequence[typing.Any]:
        """What of this clinic stands published, as ``Figure`` names its parts."""

    def put(self, figures: typing.Any) -> None:  # noqa: ANN401 - each side has its own row of these parts
        """Publish; the same again changes nothing."""


class Errand(typing.Protocol):
    """One job as a room sees it. Meanings: ``tenants.jobs.Errand``."""

    @property
    def card(self) -> ClinicCard:
        """The clinic."""

    @property
    def id(self) -> uuid.UUID:
        """The object that the job is about."""

    @property
    def inside(self) -> Callable[[], contextlib.AbstractContextManager[Session]]:
        """A session bound to the clinic; commits when the block succeeds."""

    @property
    def look_up(self) -> Callable[[], None]:
        """To be called between two pieces of work; raises when the worker is to end."""

    @property
    def outbox(self) -> Outbox:
        """Where figures of this clinic leave it."""


Unfinished = typing.Callable[["Session"], "Iterable[tuple[str, uuid.UUID]]"]
"""What of a clinic waits for a job: names of jobs and ids of objects."""

# Whatever the queue raises: the work is committed, and the worker's round finds it without a job.
_log = logging.getLogger(__name__)
_log_as = "a job could not be queued; the worker's round will find it"


def defer_after_commit(name: str, object_id: uuid.UUID) -> None:
    """Have a job queued when this request has committed; not at all when it refuses."""
    _waiting().append((name, object_id))


def send(clinic_id: uuid.UUID) -> None:
    """Queue what this request asked for; called by the pipeline, right after the commit."""
    for name, object_id in _waiting():
        try:
            current_app.extensions["defer"](name, clinic_id, object_id)
        except Exception as error:  # noqa: BLE001 - the answer is committed and must not fail now
            # Of the exception the log shows type and place alone.
            _log.warning(_log_as, exc_info=error)


def a_worker_lives() -> bool:
    """Whether some worker was heard of in the last seconds."""
    return bool(current_app.extensions["a_worker_lives"]())


def _waiting() -> list[tuple[str, uuid.UUID]]:
    if "jobs" not in g:
        g.jobs = []
    return typing.cast("list[tuple[str, uuid.UUID]]", g.jobs)
