"""Due items, rates and hidden cells in pure Python on one core, with typical records of a large clinic."""

from __future__ import annotations

import datetime
import random
import time
import typing

from saas.public_health.rules.due import due_items
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord
from saas.public_health.rules.indicators import rates
from saas.public_health.rules.indicators_facts import Facts, year
from saas.public_health.rules.indicators_hiding import SMALLEST_SHOWN, hidden, rate_table
from tests.bench.figure import Figure, Measured

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

PERSONS, MOST_SECONDS = 20_000, 20.0
SITES, CLINICS = 12, 1607
TODAY = datetime.date(2026, 11, 23)
YEARS_OF_RECORDS = 3

Case = tuple[Person, list[Enrolment], list[SignedRecord]]


def figures() -> Iterator[Figure]:
    """Rules alone, without a database; what is measured is the processor's time."""
    name = f"due items of {PERSONS:,} persons with typical records, rules alone"
    yield Figure(name, f"at most {MOST_SECONDS:.0f} s of one core", measure)
    yield Figure(f"all rates of {PERSONS:,} persons at {SITES} sites, rules alone", "printed", measure_rates)
    yield Figure(f"small cells of {CLINICS:,} clinics hidden, one rate", "printed", measure_hiding)


def measure() -> Measured:
    """Compute everybody once; measured is the processor's time for the rules, not the making of people."""
    chance = random.Random(4)
    everybody = [invented(chance) for _ in range(PERSONS)]
    began = time.process_time()
    found = [due_items(person, enrolments, records, TODAY) for person, enrolments, records in everybody]
    seconds = time.process_time() - began
    count, signed = sum(map(len, found)), sum(len(records) for _, _, records in everybody)
    value = f"{seconds:.1f} s, {seconds / PERSONS * 1000:.2f} ms a person"
    return Measured(value, seconds <= MOST_SECONDS, f"{signed:,} records, {count:,} due items")


def measure_rates() -> Measured:
    """Every rate of a year."""
    chance = random.Random(4)
    everybody = [
        Facts(str(number), str(number % SITES), person, tuple(enrolments), tuple(records), TODAY)
        for number, (person, enrolments, records) in enumerate(invented(chance) for _ in range(PERSONS))
    ]
    began = time.process_time()
    found = rates(everybody, [], year(TODAY.year, TODAY))
    return Measured(f"{time.process_time() - began:.1f} s", notes=f"{len(found)} rates")


def measure_hiding() -> Measured:
    """Numerators and the rest of their denominators; about one cell in six is small."""
    chance = random.Random(4)
    counts = {
        str(number): (reached := chance.randint(0, 60), reached + chance.randint(0, 80))
        for number in range(CLINICS)
    }
    began = time.process_time()
    out = hidden(rate_table(counts))
    small = sum(min(reached, whole - reached) < SMALLEST_SHOWN for reached, whole in counts.values())
    notes = f"{len(out)} cells hidden, at {small} clinics one is small"
    return Measured(f"{time.process_time() - began:.1f} s", notes=notes)


def invented(chance: random.Random) -> Case:
    """Somebody of any age; of those from 35 on about one in four is in a programme."""
    born = datetime.date(chance.randint(1936, 2020), chance.randint(1, 12), chance.randint(1, 28))
    person = Person(born, sex_code=chance.choice("12"), known_since=datetime.date(2023, 1, 1))
    adult = born.year <= TODAY.year - 35
    diseases = [form for form in ("hypertension", "diabetes") if adult and chance.random() < 0.18]
    enrolments = [Enrolment(disease, datetime.date(2023, chance.randint(1, 12), 10)) for disease in diseases]
    records = [_reading(chance, year) for year in range(2024, 2027) if adult and chance.random() < 0.7]
    for disease in diseases:
        records += _followups(chance, {"hypertension": "ht_followup", "diabetes": "dm_followup"}[disease])
    if diseases or born.year <= TODAY.year - 65:
        records += [_exam(chance, TODAY.year - back) for back in range(YEARS_OF_RECORDS)]
    return person, enrolments, records


def _day(chance: random.Random, year: int) -> datetime.date:
    return datetime.date(year, chance.randint(1, 11), chance.randint(1, 23))


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(64):x}"


def _reading(chance: random.Random, year: int) -> SignedRecord:
    answers = {"systolic": chance.randint(105, 150), "diastolic": chance.randint(65, 95)}
    return SignedRecord("bp_reading", _day(chance, year), answers, key=_key(chance))


def _followups(chance: random.Random, form: str) -> list[SignedRecord]:
    days = (_day(chance, TODAY.year - number // 5) for number in range(5 * YEARS_OF_RECORDS))
    return [_followup(chance, form, day) for day in days]


def _followup(chance: random.Random, form: str, day: datetime.date) -> SignedRecord:
    answers: dict[str, object] = {
        "visit_mode": chance.choice("1123"),
        "systolic_bp": chance.randint(115, 165),
        "diastolic_bp": chance.randint(65, 100),
        "fasting_glucose": f"{chance.uniform(5, 9):.1f}",
        "referral_advised": chance.choice("111111112"),
        "medications": [{"drug_name": "amlodipine", "dose_each": "5"}],
    }
    return SignedRecord(form, day, answers, chance.choice("11112"), None, _key(chance))


def _exam(chance: random.Random, year: int) -> SignedRecord:
    answers: dict[str, object] = {
        "bp_left_systolic": chance.randint(105, 160), "bp_left_diastolic": chance.randint(65, 95),
        "bmi": f"{chance.uniform(19, 31):.2f}", "waist_circumference": str(chance.randint(70, 105)),
        "fasting_glucose": f"{chance.uniform(4.5, 8):.1f}", "exam_complete": chance.random() < 0.9,
        "diet_habits": ["1"], "drinking_frequency": "1",
    }  # fmt: skip
    return SignedRecord("health_exam", _day(chance, year), answers, key=_key(chance))
