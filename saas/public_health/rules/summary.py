"""What one screen says of a person's health, from her signed records; nothing of sensitive classes."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from saas.public_health.rules import due_measures as says

if typing.TYPE_CHECKING:
    import decimal
    from collections.abc import Iterable, Sequence

    from saas.public_health.rules.due_facts import SignedRecord

NO_DISEASE, NO_ALLERGY, OTHER_ALLERGY = "1", "1", "5"
SENSITIVE = frozenset({"8", "9", "10", "11"})
"""Severe mental disorder, tuberculosis, hepatitis, other notifiable diseases: never on a summary (§0.1)."""
MOST_POINTS = 12
NOT_ASKED, NONE, SOME = "not_asked", "none", "some"
UNDER_65, FROM_65, OLDER = (140, 90), (150, 90), 65
"""Targets of pressure in mmHg: below these it counts as controlled (§7.3)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Allergies:
    """Of medicines. That none is known and that nobody asked are two answers."""

    state: str
    codes: tuple[str, ...] = ()
    text: str = ""


class Measured(typing.NamedTuple):
    """One day's values, and whether they lie at or above their limit."""

    on: datetime.date
    values: tuple[decimal.Decimal, ...]
    is_raised: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """``diseases`` are codes of past illnesses, ``medicines`` rows of a follow-up. Series: oldest first."""

    diseases: tuple[str, ...]
    allergies: Allergies
    pressures: tuple[Measured, ...]
    glucoses: tuple[Measured, ...]
    weights: tuple[Measured, ...]
    medicines: tuple[typing.Mapping[str, object], ...]
    medicines_on: datetime.date | None


def summary(records: Iterable[SignedRecord], born: datetime.date | None) -> Summary:
    """The newest profile, the last values of each kind, the medicines of the last follow-up."""
    ordered = sorted(records, key=lambda one: (one.service_date, one.key))
    profile = next((one for one in reversed(ordered) if one.form_code == says.PROFILE), None)
    treated = next((one for one in reversed(ordered) if one.form_code in says.FOLLOWUPS), None)
    return Summary(
        _diseases(profile),
        _allergies(profile),
        tuple(_pressures(ordered, born))[-MOST_POINTS:],
        tuple(_glucoses(ordered))[-MOST_POINTS:],
        tuple(_weights(ordered))[-MOST_POINTS:],
        tuple(map(_medicine, says.rows(treated.answers, "medications"))) if treated else (),
        treated.service_date if treated else None,
    )


def _medicine(row: typing.Mapping[str, object]) -> typing.Mapping[str, object]:
    """A row with its numbers as people write them: 5, not 5.00."""
    numbers = {
        name: f"{value.normalize():f}" for name in row if (value := says.number(row, name)) is not None
    }
    return {**row, **numbers}


def target(born: datetime.date | None, on: datetime.date) -> tuple[int, int]:
    """Below 140/90 mmHg; from the completed 65th year of life below 150/90 (§7.3)."""
    if born is None:
        return UNDER_65
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return FROM_65 if years >= OLDER else UNDER_65


def _diseases(profile: SignedRecord | None) -> tuple[str, ...]:
    if profile is None:
        return ()
    told = (says.code(row, "disease") for row in says.rows(profile.answers, "past_diseases"))
    return tuple(dict.fromkeys(one for one in told if one and one != NO_DISEASE and one not in SENSITIVE))


def _allergies(profile: SignedRecord | None) -> Allergies:
    told = says.codes(profile.answers, "drug_allergies") if profile else frozenset()
    if profile is None or not told:
        return Allergies(NOT_ASKED)
    if told == {NO_ALLERGY}:
        return Allergies(NONE)
    text = str(profile.answers.get("drug_allergies_text") or "")
    return Allergies(SOME, tuple(sorted(told - {NO_ALLERGY})), text)


def _pressures(records: Sequence[SignedRecord], born: datetime.date | None) -> typing.Iterator[Measured]:
    for record in records:
        read = says.pressure(record)
        if read is not None:
            raised = read.reaches(target(born, record.service_date))
            yield Measured(record.service_date, (read.systolic, read.diastolic), raised)


def _glucoses(records: Sequence[SignedRecord]) -> typing.Iterator[Measured]:
    for record in records:
        value = says.glucose(record)
        if value is not None:
            yield Measured(record.service_date, (value,), value >= says.DIABETIC)


def _weights(records: Sequence[SignedRecord]) -> typing.Iterator[Measured]:
    for record in records:
        value = says.number(record.answers, "weight")
        if value is not None:
            yield Measured(record.service_date, (value,))


def line(
    series: Sequence[Measured], place: int, frame: tuple[int, int], bounds: tuple[int, int]
) -> list[tuple[float, float]]:
    """Points of one value over time within a frame of width and height; time goes from left to right.

    ``bounds`` are the values at the bottom and the top of the frame; what lies beyond is drawn at the edge.
    """
    if not series:
        return []
    width, height = frame
    low, high = bounds
    begin, days = series[0].on, max((series[-1].on - series[0].on).days, 1)
    found = []
    for one in series:
        share = (min(max(float(one.values[place]), low), high) - low) / (high - low)
        found.append((round((one.on - begin).days / days * width, 1), round(height - share * height, 1)))
    return found
