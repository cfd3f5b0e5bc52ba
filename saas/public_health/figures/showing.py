"""The figures of a period as tables: for a page, for paper, for a file. Places by code, never by result."""

from __future__ import annotations

import dataclasses
import decimal
import typing

from flask_babel import gettext

from saas.public_health.figures import texts
from saas.public_health.figures.counting import IN_MINUTES
from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.indicators import BY_POPULATION
from saas.public_health.rules.indicators_education import MINUTES
from saas.public_health.rules.indicators_hiding import TOTAL
from saas.public_health.rules.indicators_passing_on import ALL, REACHED, Kept, kept_back
from saas.public_health.rules.indicators_table import definitions

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from saas.accounts.models import Site
    from saas.public_health.figures.snapshots import Figure
    from saas.public_health.rules.indicators_table import Definition

    Placed = Mapping[tuple[str, uuid.UUID | None], Figure]

PEOPLE = frozenset({"participants"})
"""Measures of health education that count people; the others count things."""
DASH, KEPT_BACK = "—", "*"


@dataclasses.dataclass(frozen=True)
class Row:
    """One place (none: all together) with its numbers as they are written."""

    site: Site | None
    numbers: tuple[str, ...]
    missing: int
    """How many are missing of a denominator that the clinic knows by name; 0 where it knows it by number."""


@dataclasses.dataclass(frozen=True)
class Table:
    """One figure with its definition."""

    definition: Definition
    words: texts.Words
    rows: list[Row]

    @property
    def code(self) -> str:
        """Its code, which is its place on the page too."""
        return self.definition.indicator_code

    @property
    def mark(self) -> str:
        """Code and version of its definition."""
        return f"{self.code} v{self.definition.version}"

    @property
    def service(self) -> object:
        """The service in words."""
        return texts.SERVICES[self.definition.service]

    @property
    def measures(self) -> list[object]:
        """The headings of a count; a rate has none."""
        return [texts.MEASURES[_kept_as(measure)] for measure in self.definition.measures]

    @property
    def all_sites(self) -> Row:
        """All places together."""
        return self.rows[-1]


def _kept_as(measure: str) -> str:
    return IN_MINUTES if measure == "hours" else measure


def tables(found: Iterable[Figure], sites: Sequence[Site], *, passed_on: bool = False) -> list[Table]:
    """Every figure, in the order of the definitions; ``passed_on`` keeps small numbers back."""
    by_place = {(one.code, one.site_id): one for one in found}
    kept = _kept_back(by_place, sites) if passed_on else frozenset()
    made = []
    for code, one in definitions().items():
        first = _codes(one)[0]
        if (first, None) in by_place:
            rows = [_row(one, site, by_place, kept) for site in (*sites, None)]
            made.append(Table(one, texts.DEFINITIONS[code], rows))
    return made


def _codes(one: Definition) -> list[str]:
    """The codes under which its numbers are kept."""
    code = one.indicator_code
    return [f"{code}.{_kept_as(measure)}" for measure in one.measures] or [code]


def published() -> dict[str, texts.Words]:
    """The words of every figure that leaves a clinic, by the code under which it leaves."""
    made = {}
    for code, one in definitions().items():
        words = texts.DEFINITIONS[code]
        if one.is_rate:
            made[code] = words
        for measure in one.measures:
            # Hours leave as the whole minutes that are kept of them.
            what = texts.MINUTES if measure == "hours" else texts.MEASURES[measure]
            made[f"{code}.{_kept_as(measure)}"] = texts.Words(texts.counted(words.name, what))
    return made


def _row(
    one: Definition,
    site: Site | None,
    by_place: Placed,
    kept: frozenset[Kept],
) -> Row:
    place = str(site.id) if site else TOTAL
    figures = [by_place.get((code, site.id if site else None)) for code in _codes(one)]
    if not one.is_rate:
        return Row(site, tuple(_count(figure, place, kept) for figure in figures), 0)
    (figure,) = figures
    if figure is None:
        return Row(site, (DASH, DASH, DASH), 0)
    hides_reached = Kept(figure.code, place, REACHED) in kept
    hides_all = Kept(figure.code, place, ALL) in kept
    known = figure.denominator is not None and figure.indicator_code not in BY_POPULATION
    missing = (figure.denominator or 0) - figure.numerator if known and not kept else 0
    numbers = (
        KEPT_BACK if hides_reached else str(figure.numerator),
        KEPT_BACK if hides_all else DASH if figure.denominator is None else str(figure.denominator),
        KEPT_BACK if hides_reached or hides_all else percent_text(figure.percent),
    )
    return Row(site, numbers, missing)


def _count(figure: Figure | None, place: str, kept: frozenset[Kept]) -> str:
    if figure is None or not figure.is_told:
        return DASH
    if Kept(figure.code, place, REACHED) in kept:
        return KEPT_BACK
    if figure.measure == IN_MINUTES:
        return str((decimal.Decimal(figure.numerator) / MINUTES).quantize(decimal.Decimal("0.1")))
    return str(figure.numerator)


def percent_text(value: decimal.Decimal | None) -> str:
    """66.7 %, or a dash where there is no denominator: that is not 0 %."""
    return DASH if value is None else f"{value:.1f} %"


def _kept_back(by_place: Placed, sites: Sequence[Site]) -> frozenset[Kept]:
    counts: dict[str, dict[str, tuple[int, int | None]]] = {}
    for (code, site_id), figure in by_place.items():
        people = not figure.measure or figure.measure in PEOPLE
        if people and site_id in {site.id for site in sites}:
            counts.setdefault(code, {})[str(site_id)] = (figure.numerator, figure.denominator)
    return kept_back(counts)


def period_text(name: str) -> str:
    """A period in words; the digits read left to right in both languages."""
    year, part = name[:4], name[5:]
    if part == periods.TO_DATE:
        return str(gettext("%(year)s to date", year=year))
    if part.startswith("Q"):
        return str(gettext("%(year)s, quarter %(quarter)s", year=year, quarter=part[1:]))
    return isolated(name) if part else str(gettext("%(year)s, whole year", year=year))


def isolated(text: str) -> str:
    """Left to right, whatever stands around it."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def in_order(names: Iterable[str]) -> list[str]:
    """The newest year first; in it to date, the whole year, quarters, months."""

    def place(name: str) -> tuple[int, int, str]:
        kinds = {"": 1, periods.TO_DATE: 0}
        part = name[5:]
        return -int(name[:4]), kinds.get(part, 2 if part.startswith("Q") else 3), part

    return sorted(names, key=place)
