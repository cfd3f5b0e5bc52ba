"""Sums of published figures over counties and prefectures. Pure; what is hidden is in no sum (rights I8).

The figures of an institution come with their small cells hidden, and the hidden numbers are not here at all.
A total over *everybody* would give one away: the total less the shown ones is the hidden one. So a sum is
over the institutions that are shown, and says of how many it is; there is no other total on any page.
"""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEVER_BELOW_PREFECTURE = ("fp_", "rh_")
"""Figures of family planning: no county and no institution of theirs is shown (rights I8)."""


class Cell(typing.NamedTuple):
    """A published figure: both numbers, or one of a count; nothing where it is hidden."""

    numerator: int | None
    denominator: int | None

    @property
    def is_shown(self) -> bool:
        """Whether it has numbers."""
        return self.numerator is not None


@dataclasses.dataclass(frozen=True)
class Institution:
    """One institution's figure with where it belongs."""

    code: str
    name_zh: str
    name_ug: str
    prefecture_zh: str
    county_code: str
    county_zh: str
    cell: Cell


@dataclasses.dataclass(frozen=True)
class Sum:
    """The figure of several institutions together: of those that are shown, and how many are not."""

    cell: Cell
    shown: int
    hidden: int

    @property
    def percent(self) -> str:
        """Reached of all, with one decimal; empty of a count and where nothing is shown."""
        return percent(self.cell)


def summed(cells: Iterable[Cell]) -> Sum:
    """The shown ones together; without any, nothing."""
    told = list(cells)
    shown = [cell for cell in told if cell.is_shown]
    if not shown:
        return Sum(Cell(None, None), 0, len(told))
    reached = sum(cell.numerator or 0 for cell in shown)
    counts = [cell.denominator for cell in shown if cell.denominator is not None]
    return Sum(Cell(reached, sum(counts) if counts else None), len(shown), len(told) - len(shown))


def percent(cell: Cell) -> str:
    """One decimal, rounded to the nearest; nothing without a denominator."""
    if cell.numerator is None or not cell.denominator:
        return ""
    tenths = (2000 * cell.numerator + cell.denominator) // (2 * cell.denominator)
    return f"{tenths // 10}.{tenths % 10}"


@dataclasses.dataclass(frozen=True)
class County:
    """One county with the institutions in it, by code."""

    code: str
    name_zh: str
    total: Sum
    institutions: Sequence[Institution]


@dataclasses.dataclass(frozen=True)
class Prefecture:
    """One prefecture with its counties, by code."""

    name_zh: str
    total: Sum
    counties: Sequence[County]


def by_place(figure: str, found: Iterable[Institution]) -> list[Prefecture]:
    """The figures by place, ordered by code and never by result (rights N4)."""
    prefectures: dict[str, dict[tuple[str, str], list[Institution]]] = {}
    for one in sorted(found, key=lambda one: (one.county_code, one.code)):
        counties = prefectures.setdefault(one.prefecture_zh, {})
        counties.setdefault((one.county_code, one.county_zh), []).append(one)
    is_open = not figure.startswith(NEVER_BELOW_PREFECTURE)
    return [
        Prefecture(
            name,
            summed(one.cell for some in counties.values() for one in some),
            [
                County(code, county, summed(one.cell for one in some), some)
                for (code, county), some in counties.items()
            ]
            if is_open
            else [],
        )
        for name, counties in prefectures.items()
    ]
