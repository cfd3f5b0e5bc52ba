"""The figures at month's end: rates by site and altogether, and who is missing and why (§16)."""

from __future__ import annotations

import collections
import dataclasses
import decimal
import hashlib
import typing

from saas.public_health.rules import indicators_chronic as chronic
from saas.public_health.rules import indicators_record as record
from saas.public_health.rules.due_facts import NO_PERSON
from saas.public_health.rules.indicators_facts import Facts, Period, Population, Seen
from saas.public_health.rules.indicators_table import definitions

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Judge = Callable[[Seen], tuple[str, ...] | None]

RULES: Mapping[tuple[str, int], Judge] = {
    ("record_rate", 1): record.record,
    ("electronic_record_rate", 1): record.electronic_record,
    ("record_use_rate", 1): record.record_use,
    ("elderly_rate", 1): record.elderly,
    ("ht_standard_rate", 1): chronic.hypertension_standard,
    ("ht_control_rate", 1): chronic.hypertension_control,
    ("dm_standard_rate", 1): chronic.diabetes_standard,
    ("dm_control_rate", 1): chronic.diabetes_control,
}
"""Each rate's rule by code and version; an older one stays, so that an old figure can be counted again."""
BY_POPULATION = frozenset({"record_rate", "electronic_record_rate"})
"""Rates whose denominator is the typed population of the year."""
ALL_SITES = ""
MISSING_CODES = (
    record.NO_RECORD, record.NO_EXAM, record.EXAM_INCOMPLETE, record.NO_GUIDANCE, record.NOT_IN_USE,
    record.ON_PAPER_ONLY, chronic.NO_FOLLOWUP, chronic.CONTACT_LOST, chronic.NOT_MEASURED,
    chronic.NOT_CONTROLLED, "no_visit_q1", "no_visit_q2", "no_visit_q3", "no_visit_q4",
)  # fmt: skip
"""Why somebody is missing: what the clinic owes, or did not reach; each has its sentence in the messages."""


class Missing(typing.NamedTuple):
    """A person of the denominator who is not in the numerator, and why: a worklist of the institution."""

    key: str
    reasons: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """One rate of one site, or of all (``site`` empty). Without a denominator there is no percentage."""

    indicator_code: str
    version: int
    site: str
    period: Period
    numerator: int
    denominator: int | None
    missing: tuple[Missing, ...]
    ids_hash: str

    @property
    def percent(self) -> decimal.Decimal | None:
        """One decimal, halves rounded up; None where the denominator is 0 or not known ("—")."""
        return percent(self.numerator, self.denominator)


def percent(numerator: int, denominator: int | None) -> decimal.Decimal | None:
    """100 × numerator / denominator with one decimal, halves rounded up; None without a denominator."""
    if not denominator:
        return None
    return decimal.Decimal((2000 * numerator + denominator) // (2 * denominator)) / 10


def rates(
    everybody: Iterable[Facts],
    populations: Iterable[Population],
    period: Period,
    versions: Mapping[str, int] | None = None,
) -> list[Rate]:
    """Every rate, or those named with their versions, for each site by its name and for all together."""
    chosen = versions or {code: one.version for code, one in definitions().items() if one.is_rate}
    typed = {one.site: one.count for one in populations if one.year == period.end.year}
    seen = [Seen(facts, period) for facts in everybody if facts.person.standing not in NO_PERSON]
    sites = sorted({one.facts.site for one in seen} | set(typed))
    found = []
    for code, version in chosen.items():
        judged = _judged(seen, RULES[code, version])
        for site in (*sites, ALL_SITES):
            rate = _rate(code, version, site, period, judged[site])
            if code in BY_POPULATION:
                rate = dataclasses.replace(rate, denominator=_population(site, sites, typed))
            found.append(rate)
    return found


def _judged(seen: Iterable[Seen], judge: Judge) -> Mapping[str, list[Missing]]:
    """Everybody of the denominator with what is missing, which may be nothing, by site and altogether."""
    found: dict[str, list[Missing]] = collections.defaultdict(list)
    for one in seen:
        reasons = judge(one)
        if reasons is not None:
            judged = Missing(one.facts.key, reasons)
            found[one.facts.site].append(judged)
            found[ALL_SITES].append(judged)
    return found


def _rate(code: str, version: int, site: str, period: Period, judged: list[Missing]) -> Rate:
    reached = [one.key for one in judged if not one.reasons]
    missing = tuple(sorted(one for one in judged if one.reasons))
    return Rate(code, version, site, period, len(reached), len(judged), missing, ids_hash(reached))


def _population(site: str, sites: list[str], typed: Mapping[str, int]) -> int | None:
    """The typed population of a site; of all sites only where every one is typed."""
    if site != ALL_SITES:
        return typed.get(site)
    return sum(typed.values()) if sites and all(one in typed for one in sites) else None


def ids_hash(keys: Iterable[str]) -> str:
    """A hash of who was counted, so that a snapshot can be proved without naming anybody."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
