"""Seals and verifies the chains of all clinics, one clinic after another, each with the web's rights."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from saas.audit import chain, reading
from saas.building import Building
from saas.web.clinic import clinic_of
from saas.web.door import ClinicCard
from saas.web.models import ClinicSetting


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What was found in one clinic's chain; ``problem`` when it could not be read at all."""

    code: str
    row_count: int
    faults: tuple[chain.Fault, ...] = ()
    problem: str = ""

    @property
    def whole(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults and not self.problem


def heads(building: Building, cards: Iterable[ClinicCard]) -> Iterator[tuple[str, chain.Seal | str]]:
    """Each clinic's code with the head of its chain, or with why that could not be read.

    A clinic that cannot be read does not keep the others from being sealed.
    """
    for card in cards:
        try:
            with building.inside(card) as session:
                yield card.code, reading.head(session)
        except SQLAlchemyError as error:
            yield card.code, _reason(error)


def verdicts(
    building: Building, cards: Iterable[ClinicCard], sealed: Mapping[str, chain.Seal]
) -> Iterator[Verdict]:
    """Verify each clinic's chain against its seal, where the seal knows the clinic."""
    for card in cards:
        try:
            with building.inside(card) as session:
                yield _verdict(session, card, sealed.get(card.code))
        except SQLAlchemyError as error:
            yield Verdict(card.code, 0, problem=_reason(error))


def _verdict(session: Session, card: ClinicCard, seal: chain.Seal | None) -> Verdict:
    setting = session.scalars(sa.select(ClinicSetting)).one()
    counted = _Counted(reading.rows(session))
    faults = chain.verify(counted, clinic_of(card, setting).keys.log_key, seal)
    return Verdict(card.code, counted.count, tuple(faults))


class _Counted:
    """Rows on their way, counted."""

    def __init__(self, rows: Iterable[chain.Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[chain.Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _reason(error: SQLAlchemyError) -> str:
    """The kind of the error; its text could hold a row."""
    cause = getattr(error, "orig", None) or error
    return f"cannot be read ({type(cause).__name__})"
