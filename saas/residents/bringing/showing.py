"""What the page of a batch shows: how far it is, its report, what it came to."""

from __future__ import annotations

import dataclasses
import typing

from flask_babel import gettext, ngettext

from saas.residents.bringing import batches
from saas.residents.bringing.texts import NOTHING_CHANGED, PROBLEMS, REFUSALS, place
from saas.residents.messages import FIELD_LABELS, isolated
from saas.web import clock
from saas.web.formats import number

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from saas.residents.models import ImportBatch

_LOST_AFTER = 60
"""Seconds after which a list that nobody has begun may have been forgotten."""
_TOO_EARLY = 0.02


@dataclasses.dataclass(frozen=True)
class Said:
    """One line of the report: where, and what; nothing of the cell itself."""

    line: int
    letter: str
    field: object
    text: object
    is_fault: bool


@dataclasses.dataclass(frozen=True)
class Standing:
    """Where a batch stands. ``of`` is 0 while the number of lines is not known."""

    waits: bool
    done: int
    of: int
    words: str
    may_be_lost: bool
    taken: int
    faulty: int
    remarks: int
    report: list[Said]
    more: int
    failure: str


def labels(fields: Iterable[str]) -> list[str]:
    """Our words for fields."""
    return [str(FIELD_LABELS[field]) for field in fields]


def standing(batch: ImportBatch) -> Standing:
    """Everything that a page says of a batch."""
    found = batch.mapping.get("found", {})
    columns = batch.mapping.get("columns", {})
    report = [
        Said(
            one["line"],
            *place(one["column"], columns.get(str(one["column"]), "")),
            PROBLEMS[one["code"]],
            is_fault=one["fault"],
        )
        for one in batch.faults
    ]
    waits = batches.waiting(batch) not in {"", batches.MATCH_LIST}
    of = batch.lines_read or 0 if batch.state != batches.CHECKING else 0
    return Standing(
        waits=waits,
        done=batch.progress,
        of=of,
        words=_words(batch, of),
        may_be_lost=waits and _age(batch) > _LOST_AFTER,
        taken=(batch.lines_read or 0) - found.get("faulty", 0),
        faulty=found.get("faulty", 0),
        remarks=found.get("remarks", 0),
        report=report,
        more=found.get("faults", 0) + found.get("remarks", 0) - len(report),
        failure=f"{REFUSALS[batch.message]} {NOTHING_CHANGED}" if batch.message else "",
    )


def _age(batch: ImportBatch) -> float:
    """Seconds since it was asked for, as long as nobody has begun it."""
    if batch.undone_at is not None:
        return (clock.now() - batch.undone_at).total_seconds()
    since = batch.started_at or batch.created_at
    return 0.0 if batch.started_at else (clock.now() - since).total_seconds()


def _words(batch: ImportBatch, of: int) -> str:
    """How far, and how long still."""
    if batch.undone_at is not None:
        return str(gettext("It is being taken back."))
    if batch.started_at is None:
        return str(gettext("It waits for its turn."))
    if not of:
        return str(gettext("%(count)s lines read so far.", count=isolated(number(batch.progress))))
    said = gettext(
        "%(done)s of %(total)s lines.", done=isolated(number(batch.progress)), total=isolated(number(of))
    )
    return f"{said} {_left(batch, batch.progress / of)}".strip()


def _left(batch: ImportBatch, share: float) -> str:
    """The time that is left, by the time so far; nothing as long as that would be a guess."""
    if share < _TOO_EARLY or batch.started_at is None:
        return ""
    gone = (clock.now() - batch.started_at).total_seconds()
    minutes = max(1, round(gone * (1 - share) / share / 60))
    return str(ngettext("About one minute left.", "About %(num)s minutes left.", minutes))
