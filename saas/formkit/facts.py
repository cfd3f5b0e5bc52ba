"""What a rule may know beside the answers: the person, the day, and the earlier records of the form."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import functools
import typing

from saas.formkit import limits, values
from saas.formkit.reading import Refusal
from saas.formkit.rules import days
from saas.formkit.values import Fault, fault

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SEXES = ("0", "1", "2", "9")
"""GB/T 2261.1."""
OLDEST = 120
NAMES = (
    "age",
    "year_age",
    "birth_date",
    "sex_code",
    "known_height",
    "last_weighed_on",
    "visit_on",
    "today",
    "earlier",
    "suggested_next",
    "unanswered",
    "wanting",
)
"""Names that a rule may ask for beside the fields of its form."""


class Earlier:
    """An earlier signed record of the same form with the values that its rules computed then.

    Where those were not kept, its rules run when somebody asks for them: most look at the last record only.
    """

    def __init__(
        self,
        service_date: datetime.date,
        read: Callable[[str], object],
        judge: Callable[[], Mapping[str, object]],
    ) -> None:
        """Remember how an answer of the record is read, and how it is judged."""
        self.service_date = service_date
        self._read, self._judge = read, judge

    @functools.cached_property
    def computed(self) -> Mapping[str, object]:
        """What was computed from it."""
        return self._judge()

    def answered(self, name: str) -> object:
        """What the doctor recorded under a name; None where she recorded nothing."""
        return self._read(name)

    def recorded(self, name: str) -> object:
        """The same; what was computed where nothing was recorded."""
        return self.answered(name) or self.computed.get(name)


@dataclasses.dataclass(frozen=True)
class Resident:
    """What is known of the person; ``unusable`` names what was given and could not be read."""

    birth_date: datetime.date | None = None
    sex_code: str | None = None
    height: decimal.Decimal | None = None
    last_weighed_on: datetime.date | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def unusable(self) -> set[str]:
        """Names of facts that rules must not take for unknown."""
        names = {"birth_date": {"age", "year_age"}, "height": {"known_height"}}
        refused = {refusal.field.removeprefix("resident.") for refusal in self.refusals}
        return refused | {fact for name in refused for fact in names.get(name, ())}


def resident(raw: object, today: datetime.date) -> Resident:
    """The person out of JSON; names that this does not know are left alone."""
    if raw is None:
        return Resident()
    if not isinstance(raw, dict):
        return Resident(refusals=(Refusal("resident", fault("not-an-object", value=raw)),))
    read: dict[str, typing.Any] = {}
    refusals = []
    for name, reader in _READERS.items():
        if not values.is_blank(raw.get(name)):
            value = reader(raw[name], today)
            if isinstance(value, Fault):
                refusals.append(Refusal(f"resident.{name}", value))
            else:
                read[name] = value
    return Resident(**read, refusals=tuple(refusals))


def _birth(raw: object, today: datetime.date) -> datetime.date | Fault:
    """A birth date: not after today and not more than 120 completed years ago."""
    day = _past(raw, today)
    if isinstance(day, datetime.date) and days.completed_years(day, today) > OLDEST:
        return fault("too-old", value=day)
    return day


def _past(raw: object, today: datetime.date) -> datetime.date | Fault:
    day = values.day(raw)
    return (
        fault("future-day", value=day, today=today) if isinstance(day, datetime.date) and day > today else day
    )


def _sex(raw: object, _: datetime.date) -> str | Fault:
    return raw if isinstance(raw, str) and raw in SEXES else fault("unknown-code", value=raw)


def _height(raw: object, _: datetime.date) -> decimal.Decimal | Fault:
    """Centimetres, within the limits of the forms."""
    value, bounds = values.number(raw), limits.table()["height"]
    if isinstance(value, decimal.Decimal) and bounds.refuses(value):
        low, high = values.plain(bounds.low), values.plain(bounds.high)
        return fault("impossible", value=value, low=low, high=high)
    return value


_READERS: Mapping[str, typing.Callable[[object, datetime.date], object]] = {
    "birth_date": _birth,
    "sex_code": _sex,
    "height": _height,
    "last_weighed_on": _past,
}


class RawRecord(typing.NamedTuple):
    """An earlier record before its answers are read."""

    service_date: datetime.date
    answers: object
    computed: Mapping[str, object] | None = None
    """What was computed when it was signed, where that was kept."""


def records(raw: object) -> Iterator[RawRecord | Refusal]:
    """The earlier records of a list, newest first, and what of it cannot be read."""
    if raw is None:
        return
    if not isinstance(raw, list | tuple):
        yield Refusal("earlier", fault("not-rows", value=raw))
        return
    read = []
    for place, each in enumerate(raw):
        where = f"earlier[{place}]"
        if not isinstance(each, dict):
            yield Refusal(where, fault("not-an-object", value=each))
            continue
        day = values.day(each.get("service_date"))
        if isinstance(day, Fault):
            yield Refusal(f"{where}.service_date", day)
        elif not isinstance(each.get("answers"), dict):
            yield Refusal(f"{where}.answers", fault("not-an-object", value=each.get("answers")))
        else:
            computed = each.get("computed")
            read.append(RawRecord(day, each["answers"], computed if isinstance(computed, dict) else None))
    yield from sorted(read, key=lambda record: record.service_date, reverse=True)
