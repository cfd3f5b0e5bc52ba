"""What the regional page reads: figures as ``shipa_region``, which reads nothing else, and names of signs."""

from __future__ import annotations

import dataclasses
import typing

from tenants.console.blueprint import console
from tenants.console.region_rules import Cell, Institution, Prefecture, by_place

if typing.TYPE_CHECKING:
    import datetime

    from tenants.console.shell import FigureWords


@dataclasses.dataclass(frozen=True)
class Choice:
    """A published figure: its code, the version of its rule, its words."""

    code: str
    version: str
    words: FigureWords | None

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.code}:{self.version}"

    @property
    def is_count(self) -> bool:
        """Whether it is one number, of nobody and nothing."""
        return self.words is not None and not self.words.denominator

    @property
    def name(self) -> object:
        """In words, or its code when this house has none for it."""
        return self.words.name if self.words else self.code


@dataclasses.dataclass(frozen=True)
class Shown:
    """One figure of one period over the region."""

    period: str
    choice: Choice
    computed_at: datetime.datetime | None
    prefectures: list[Prefecture]


def is_open() -> bool:
    """Whether figures leave this house's clinics at all."""
    return console().tenants.logins.has("region")


def periods() -> list[str]:
    """The published periods, newest first."""
    return [row[0] for row in _read("SELECT DISTINCT period FROM agg.indicator ORDER BY period DESC")]


def choices(period: str) -> list[Choice]:
    """The published figures of a period, as the house orders them."""
    words = console().shell.figures
    order = list(words)
    rows = _read(
        "SELECT DISTINCT indicator_code, rule_version FROM agg.indicator WHERE period = %(period)s",
        period=period,
    )
    found = [Choice(code, version, words.get(code)) for code, version in rows]
    return sorted(
        found, key=lambda one: (order.index(one.code) if one.code in words else len(order), one.key)
    )


def shown(period: str, choice: Choice) -> Shown:
    """A figure by prefecture, county and institution."""
    rows = _read(
        "SELECT clinic_code, county_zh, numerator, denominator, computed_at FROM agg.indicator "
        "WHERE period = %(period)s AND indicator_code = %(code)s AND rule_version = %(version)s",
        period=period,
        code=choice.code,
        version=choice.version,
    )
    signs = {row["code"]: row for row in console().desk.rows(_SIGNS)}
    found = []
    for code, county_zh, numerator, denominator, _ in rows:
        sign = signs.get(code, {})
        found.append(
            Institution(
                code,
                sign.get("name_zh", code),
                sign.get("name_ug", ""),
                sign.get("prefecture_zh", ""),
                sign.get("county_code", ""),
                sign.get("county_zh", county_zh),
                Cell(numerator, denominator),
            )
        )
    newest = max((row[4] for row in rows), default=None)
    return Shown(period, choice, newest, by_place(choice.code, found))


_SIGNS: typing.Final = (
    "SELECT code, name_zh, name_ug, prefecture_zh, county_code, county_zh FROM platform.operator_clinic"
)


def _read(query: typing.LiteralString, **values: str) -> list[tuple[typing.Any, ...]]:
    with console().tenants.logins.connect("region", autocommit=True) as connection:
        return connection.execute(query, values).fetchall()
