"""What of one institution's figures may be seen outside it (rights I8): small cells hidden together.

One rate tells three cells: who was reached, who was not, and all. Any of them under 10 hides all three.
A figure that stands beside another one is no way around: two rates of the same people, one within the
other, are both shown only when they are the same or differ by 10 or more; and a rate that shares its
denominator with a hidden one leaves the hidden numerator open over the whole range. A row that was
published before is only replaced when each of its cells stays or changes by 10 or more, so that two days
laid side by side show no small group either.

What is kept back is a row without numbers; nobody is told which cell was small.
"""

from __future__ import annotations

import typing

from saas.public_health.rules.indicators_hiding import SMALLEST_SHOWN

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

WITHIN = {"electronic_record_rate": "record_rate"}
"""Rates whose numerator is a part of another one's, of the same denominator."""


class Cells(typing.NamedTuple):
    """The numbers of a rate; a count has no denominator."""

    numerator: int
    denominator: int | None


HIDDEN: typing.Final = None
Shown = Cells | None


def is_safe(cells: Cells) -> bool:
    """No cell under 10: neither who was reached, nor who was not, nor (of a count) the number itself."""
    if cells.denominator is None:
        return cells.numerator >= SMALLEST_SHOWN
    rest = cells.denominator - cells.numerator
    return min(cells.numerator, rest) >= SMALLEST_SHOWN


def leaving(now: Mapping[str, Cells], before: Mapping[str, Shown]) -> dict[str, Shown]:
    """The cells of each figure of one period as they may be published, or nothing where they are hidden.

    ``now`` are the counts, ``before`` what stands published of the same period.
    """
    found: dict[str, Shown] = {code: cells if is_safe(cells) else HIDDEN for code, cells in now.items()}
    for part, whole in WITHIN.items():
        if part in now and whole in now and 0 < now[whole].numerator - now[part].numerator < SMALLEST_SHOWN:
            found[part] = HIDDEN
    for code, cells in found.items():
        found[code] = _or_as_before(cells, before.get(code))
    return _without_parts_of_the_hidden(found)


def _or_as_before(cells: Shown, before: Shown) -> Shown:
    """What stands published stays while what changed is small: the difference would be a small cell."""
    if cells is HIDDEN or before is HIDDEN:
        return cells
    small = any(0 < abs(step) < SMALLEST_SHOWN for step in _steps(cells, before))
    return before if small else cells


def _steps(cells: Cells, before: Cells) -> tuple[int, ...]:
    reached = cells.numerator - before.numerator
    if cells.denominator is None or before.denominator is None:
        return (reached,)
    all_ = cells.denominator - before.denominator
    return reached, all_ - reached, all_


def _without_parts_of_the_hidden(found: dict[str, Shown]) -> dict[str, Shown]:
    """A part that stands from another day than its whole is hidden when the two differ by little."""
    for part, whole in WITHIN.items():
        inner, outer = found.get(part), found.get(whole)
        if inner is not None and outer is not None:
            gap = abs(outer.numerator - inner.numerator)
            if 0 < gap < SMALLEST_SHOWN or inner.denominator != outer.denominator:
                found[part] = HIDDEN
    return found
