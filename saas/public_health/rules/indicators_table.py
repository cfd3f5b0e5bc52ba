"""The definitions of the figures in words (``data/indicators.csv``): numerator, denominator, version."""

from __future__ import annotations

import csv
import dataclasses
import functools
import importlib.resources
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """One figure. The English texts are message ids; ``version`` is the rule that computes it today.

    ``measures`` names the numbers of a count; a rate has none. ``certainty`` and ``reading`` mark what is
    unsure or chosen by the project.
    """

    service: str
    indicator_code: str
    version: int
    name_zh: str
    name_en: str
    numerator_en: str
    denominator_en: str
    measures: tuple[str, ...]
    unit: str
    source: str
    certainty: str
    reading: str

    @property
    def is_rate(self) -> bool:
        """True for a percentage, false for counts."""
        return not self.measures


@functools.cache
def definitions() -> Mapping[str, Definition]:
    """Every definition by its code, in the table's order."""
    path = importlib.resources.files("saas.public_health").joinpath("data/indicators.csv")
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {row["indicator_code"]: _definition(row) for row in rows}


def _definition(row: dict[str, str]) -> Definition:
    values: dict[str, typing.Any] = dict(row)
    return Definition(
        **{**values, "version": int(row["version"]), "measures": tuple(row["measures"].split())}
    )
