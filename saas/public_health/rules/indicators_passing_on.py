"""Which numbers of an institution's own tables must not be on paper or in a file that is passed on (I8).

Places are rows, with the total of all places. Besides each table by itself: the two rates of one programme
share their denominators, so what one hides there the other hides too; and a rate within another one is
shown only where the two are the same, or differ by 10 or more at every place.
"""

from __future__ import annotations

import typing

from saas.public_health.rules.indicators_hiding import SMALLEST_SHOWN, TOTAL, hidden, rate_table
from saas.public_health.rules.indicators_leaving import WITHIN

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    Counts = Mapping[str, tuple[int, int | None]]

REACHED, REST, ALL = "reached", "rest", TOTAL
SHARED = (("ht_standard_rate", "ht_control_rate"), ("dm_standard_rate", "dm_control_rate"))
"""Rates of the same people: one denominator."""


class Kept(typing.NamedTuple):
    """A number that is kept back: of which figure, at which place (the total is empty), which one."""

    code: str
    site: str
    part: str


def kept_back(tables: Mapping[str, Counts]) -> frozenset[Kept]:
    """What is hidden of all tables: numerators and denominators by figure and place, without totals."""
    found: dict[str, frozenset[tuple[str, str]]] = {code: hidden(_table(one)) for code, one in tables.items()}
    for pair in (*SHARED, *WITHIN.items()):
        if all(code in tables for code in pair):
            _agree(pair, tables, found)
    for part, whole in WITHIN.items():
        if part in tables and whole in tables and _differ_a_little(tables[part], tables[whole]):
            found[part] = frozenset(
                (site, column) for site in (*tables[part], TOTAL) for column in (REACHED, REST, ALL)
            )
    return frozenset(kept for code, cells in found.items() for kept in _kept(code, tables[code], cells))


def _table(counts: Counts) -> dict[str, dict[str, int]]:
    """Reached and rest by place; where a denominator is not known, only who was reached."""
    if any(all_ is None for _, all_ in counts.values()):
        return {site: {REACHED: reached} for site, (reached, _) in counts.items()}
    # More records than the typed population: there is no rest, which hides the row.
    return rate_table({site: (reached, max(reached, all_ or 0)) for site, (reached, all_) in counts.items()})


def _agree(
    pair: tuple[str, ...],
    tables: Mapping[str, Counts],
    found: dict[str, frozenset[tuple[str, str]]],
) -> None:
    """Hand the denominators that one table hides to the other, until both hide the same ones."""
    while True:
        shared = [{cell for cell in found[code] if cell[1] == ALL} for code in pair]
        if shared[0] == shared[1]:
            return
        together = shared[0] | shared[1]
        for code in pair:
            found[code] = hidden(_table(tables[code]), together | found[code])


def _differ_a_little(part: Counts, whole: Counts) -> bool:
    gaps = [whole[site][0] - part[site][0] for site in part if site in whole]
    return any(0 < abs(gap) < SMALLEST_SHOWN for gap in (*gaps, sum(gaps)))


def _kept(code: str, counts: Counts, cells: frozenset[tuple[str, str]]) -> list[Kept]:
    """A rest that is hidden hides one of the two numbers that tell it: the reached, never the whole alone."""
    found = []
    for site in (*counts, TOTAL):
        if (site, REACHED) in cells or (site, REST) in cells:
            found.append(Kept(code, site, REACHED))
        if (site, ALL) in cells:
            found.append(Kept(code, site, ALL))
    return found
