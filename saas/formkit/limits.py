"""Plausible and impossible limits of measured values (``data/value-ranges.csv``, with its source)."""

from __future__ import annotations

import csv
import dataclasses
import decimal
import functools
import importlib.resources

SOURCE = "value-ranges (project)"


@dataclasses.dataclass(frozen=True)
class Limits:
    """Outside ``low`` … ``high`` a value is refused; outside ``ask_low`` … ``ask_high`` it asks once."""

    low: decimal.Decimal
    high: decimal.Decimal
    ask_low: decimal.Decimal
    ask_high: decimal.Decimal
    places: int = 0
    source: str = SOURCE

    def refuses(self, value: decimal.Decimal | int) -> bool:
        """True for a value that cannot be."""
        return not self.low <= value <= self.high

    def doubts(self, value: decimal.Decimal | int) -> bool:
        """True for a value that is possible and rare."""
        return not self.refuses(value) and not self.ask_low <= value <= self.ask_high


@functools.cache
def table() -> dict[str, Limits]:
    """Every row of the file by its field; only rows whose decimals are a number can be used."""
    text = importlib.resources.files("saas.formkit").joinpath("data/value-ranges.csv").read_text("utf-8")
    rows = (row for row in csv.DictReader(text.splitlines()) if row["decimals"][:1].isdecimal())
    return {row["field"]: _limits(row) for row in rows}


def _limits(row: dict[str, str]) -> Limits:
    """One row; behind the number of decimals the file has remarks."""
    return Limits(
        low=decimal.Decimal(row["impossible_below"]),
        high=decimal.Decimal(row["impossible_above"]),
        ask_low=decimal.Decimal(row["ask_to_confirm_below"]),
        ask_high=decimal.Decimal(row["ask_to_confirm_above"]),
        places=int(row["decimals"].split()[0]),
    )


def between(low: str, high: str, places: int = 0) -> Limits:
    """Limits of a field that the file does not know: the form's own, refused outside and never asked."""
    first, last = decimal.Decimal(low), decimal.Decimal(high)
    return Limits(first, last, first, last, places, "form")
