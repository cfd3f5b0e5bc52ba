"""Rules of every visit: its days in order, its pressures, its next date (national forms, §0.3, §0.7, §15)."""

from __future__ import annotations

import datetime
import decimal
import typing

from saas.formkit.findings import Finding, asking, blocking

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

KIT = "kit"
MOST_APART, LEAST_APART = 120, 15
"""mmHg between the two pressures; outside it is asked once (§0.7)."""
PHONE = "3"
"""visit_mode of a contact by telephone."""


class Signed(typing.Protocol):
    """A signed record of the same form."""

    @property
    def service_date(self) -> datetime.date:
        """Its day."""


def signed_already(earlier: Iterable[Signed], visit_on: datetime.date | None, field: str) -> Finding | None:
    """A record of this form for the same day asks: it may be the same visit, written down by another one."""
    if visit_on is None or all(record.service_date != visit_on for record in earlier):
        return None
    return asking("same-day", field, source=KIT, day=visit_on)


def next_visit_is_later(
    *, visit_on: datetime.date | None, next_due_date: datetime.date | None
) -> Finding | None:
    """The next visit lies after this one (§15, dates in order)."""
    if visit_on is None or next_due_date is None or next_due_date > visit_on:
        return None
    return blocking("next-not-later", "next_due_date", source=KIT, day=visit_on)


def later_than_suggested(
    *, next_due_date: datetime.date | None, suggested_next: datetime.date | None
) -> Finding | None:
    """A next date later than the suggested one asks; an earlier one is the doctor's matter (§15, §19a)."""
    if next_due_date is None or suggested_next is None or next_due_date <= suggested_next:
        return None
    return asking("later-than-suggested", "next_due_date", source=KIT, day=suggested_next)


def systolic_exceeds_diastolic(*, systolic_bp: int | None, diastolic_bp: int | None) -> Finding | None:
    """The systolic pressure is above the diastolic one, in mmHg; otherwise they were swapped (§0.7)."""
    return above(systolic_bp, diastolic_bp, "systolic_bp", "diastolic_bp")


def pressures_lie_apart(*, systolic_bp: int | None, diastolic_bp: int | None) -> Finding | None:
    """A difference under 15 or over 120 mmHg asks once (§0.7)."""
    return apart(systolic_bp, diastolic_bp, "systolic_bp", "diastolic_bp")


def above(systolic: int | None, diastolic: int | None, *fields: str) -> Finding | None:
    """``systolic_exceeds_diastolic`` for a pair of any name."""
    if systolic is None or diastolic is None or systolic > diastolic:
        return None
    return blocking("pressures-swapped", *fields, source=KIT)


def apart(systolic: int | None, diastolic: int | None, *fields: str) -> Finding | None:
    """``pressures_lie_apart`` for a pair of any name."""
    if systolic is None or diastolic is None or systolic <= diastolic:
        return None
    if LEAST_APART <= systolic - diastolic <= MOST_APART:
        return None
    return asking("pressures-difference", *fields, source=KIT, difference=systolic - diastolic)


def mean(first: int, second: int) -> int:
    """The mean of two readings in mmHg, halves rounded up (§0.7, project)."""
    return int((decimal.Decimal(first + second) / 2).to_integral_value(decimal.ROUND_HALF_UP))
