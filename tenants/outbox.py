"""Where figures of one clinic leave it: rows of ``agg.indicator``, written as ``shipa_agg``.

This login can read no clinic. What is written was read inside the clinic, with that clinic's binding and
no other; the clinic's code and county come from its card, so that no room can write for another one.
"""

from __future__ import annotations

import datetime
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins


class Figure(typing.NamedTuple):
    """One figure of the clinic; without numbers where they are hidden."""

    indicator_code: str
    rule_version: str
    period: str
    numerator: int | None
    denominator: int | None
    computed_at: datetime.datetime


_PUBLISHED = (
    "SELECT indicator_code, rule_version, period, numerator, denominator, computed_at "
    "FROM agg.indicator WHERE clinic_code = %s ORDER BY indicator_code, rule_version, period"
)
_PUT = """
    INSERT INTO agg.indicator (clinic_code, county_zh, indicator_code, rule_version, period, numerator,
        denominator, computed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (clinic_code, indicator_code, rule_version, period) DO UPDATE
    SET county_zh = excluded.county_zh, numerator = excluded.numerator, denominator = excluded.denominator,
        computed_at = excluded.computed_at
    WHERE (indicator.county_zh, indicator.numerator, indicator.denominator)
        IS DISTINCT FROM (excluded.county_zh, excluded.numerator, excluded.denominator)
"""


class Outbox:
    """The one clinic's way out; ``is_open`` unless the house has no login for it."""

    def __init__(self, logins: Logins, card: ClinicCard) -> None:
        self._logins, self._card = logins, card

    @property
    def is_open(self) -> bool:
        """Whether figures leave this house at all; those of a practice clinic never do."""
        return self._card.practice_of is None and self._logins.has("agg")

    def published(self) -> list[Figure]:
        """What of this clinic stands published."""
        with self._logins.connect("agg") as connection:
            return [Figure(*row) for row in connection.execute(_PUBLISHED, [self._card.code])]

    def put(self, figures: Sequence[Figure]) -> None:
        """Publish; the same again changes nothing. The database refuses a cell under 10."""
        if self._card.practice_of is not None:
            message = "figures of invented people leave no practice clinic"
            raise PermissionError(message)
        sign = (self._card.code, self._card.county_zh)
        with self._logins.connect("agg") as connection, connection.cursor() as cursor:
            cursor.executemany(_PUT, [(*sign, *figure) for figure in figures])
