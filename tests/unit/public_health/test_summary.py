"""One person's health on one screen, from her records; which programmes may be offered."""

from __future__ import annotations

import datetime
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules import offers, summary
from saas.public_health.rules.due_facts import Person, SignedRecord
from tests.support import duties

BORN = datetime.date(1963, 5, 7)
TODAY = datetime.date(2026, 11, 25)


def profile(on: str, **answers: object) -> SignedRecord:
    """Personal information."""
    return duties.record("resident_profile", on, **answers)


def diseases(*codes: str) -> list[dict[str, str]]:
    """Rows of past illnesses."""
    return [{"disease": code} for code in codes]


def test_without_records_nothing_is_said() -> None:
    told = summary.summary([], BORN)
    assert (told.diseases, told.pressures, told.medicines) == ((), (), ())
    assert told.allergies.state == summary.NOT_ASKED


@pytest.mark.parametrize(
    ("answered", "state", "codes"),
    [([], "not_asked", ()), (["1"], "none", ()), (["2", "5"], "some", ("2", "5")), (["5"], "some", ("5",))],
)
def test_no_known_allergy_is_another_answer_than_none_asked(
    answered: list[str], state: str, codes: tuple[str, ...]
) -> None:
    told = summary.summary([profile("2026-01-01", drug_allergies=answered)], BORN).allergies
    assert (told.state, told.codes) == (state, codes)


@pytest.mark.parametrize("code", ["8", "9", "10", "11"])
def test_sensitive_illnesses_are_never_on_a_summary(code: str) -> None:
    told = summary.summary([profile("2026-01-01", past_diseases=diseases("2", code))], BORN)
    assert told.diseases == ("2",)


def test_the_newest_profile_holds_and_the_last_follow_ups_medicines() -> None:
    records = [
        profile("2025-01-01", past_diseases=diseases("3"), drug_allergies=["2"]),
        profile("2026-01-01", past_diseases=diseases("1"), drug_allergies=["1"]),
        duties.followup("2026-03-01", medications=[{"drug_name": "氨氯地平"}]),
        duties.followup("2026-02-01", medications=[{"drug_name": "旧药"}]),
    ]
    told = summary.summary(records, BORN)
    assert (told.diseases, told.allergies.state) == ((), "none")
    assert [row["drug_name"] for row in told.medicines] == ["氨氯地平"]
    assert told.medicines_on == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("born", "systolic", "diastolic", "raised"),
    [
        (datetime.date(1970, 1, 1), 139, 89, False),
        (datetime.date(1970, 1, 1), 140, 80, True),
        (datetime.date(1970, 1, 1), 120, 90, True),
        (datetime.date(1950, 1, 1), 149, 89, False),
        (datetime.date(1950, 1, 1), 150, 80, True),
        (datetime.date(1950, 1, 1), 148, 90, True),
        # 65 years are completed on the day of the reading.
        (datetime.date(1961, 3, 1), 145, 80, False),
        (datetime.date(1961, 3, 2), 145, 80, True),
        (None, 145, 80, True),
    ],
)
def test_a_pressure_is_raised_from_its_target_on(
    born: datetime.date | None, systolic: int, diastolic: int, *, raised: bool
) -> None:
    (one,) = summary.summary([duties.reading("2026-03-01", systolic, diastolic)], born).pressures
    assert one.is_raised is raised


def test_the_last_twelve_stand_in_their_order() -> None:
    days = [f"2026-{month:02d}-01" for month in range(1, 12)] + ["2025-12-01", "2025-11-01"]
    told = summary.summary([duties.reading(day, 120, 80) for day in days], BORN)
    assert [one.on for one in told.pressures] == sorted(map(datetime.date.fromisoformat, days))[1:]


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 400)), min_size=1, max_size=30))
def test_a_trend_stays_in_its_frame_and_goes_with_time(values: list[tuple[int, int]]) -> None:
    series = [
        summary.Measured(BORN + datetime.timedelta(days=day), (decimal.Decimal(value),))
        for day, value in sorted(values)
    ]
    points = summary.line(series, 0, (180, 44), (50, 200))
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert all(0 <= x <= 180 and 0 <= y <= 44 for x, y in points)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], {}),
        ([profile("2026-01-01", past_diseases=diseases("2", "3"))], {
            "hypertension": "known_hypertension", "diabetes": "known_diabetes",
        }),
        ([duties.reading(f"2026-01-0{day}", 141, 80) for day in (1, 2)], {}),
        ([duties.reading(f"2026-01-0{day}", 141, 80) for day in (1, 2, 3)], {
            "hypertension": "raised_on_three_days",
        }),
        ([duties.reading("2026-01-01", 141, 80)] * 3, {}),
        ([*(duties.reading(f"2026-01-0{day}", 141, 80) for day in (1, 2, 3)),
          duties.reading("2026-01-04", 120, 80)], {}),
        ([duties.reading(f"2026-01-0{day}", pressure, 80) for day in (1, 2, 3) for pressure in (141, 120)], {
            "hypertension": "raised_on_three_days",
        }),
        ([duties.exam("2026-01-01", fasting_glucose="7.0")], {"diabetes": "glucose_diabetic"}),
        ([duties.exam("2026-01-01", fasting_glucose="6.9")], {}),
    ],
)  # fmt: skip
def test_what_may_be_offered(records: list[SignedRecord], expected: dict[str, str]) -> None:
    assert offers.offers(Person(datetime.date(1980, 1, 1)), records, TODAY) == expected


@pytest.mark.parametrize(("born", "offered"), [("1961-12-31", True), ("1962-01-01", False)])
def test_older_people_are_offered_their_service_in_the_year_of_65(born: str, *, offered: bool) -> None:
    found = offers.offers(Person(datetime.date.fromisoformat(born)), [], TODAY)
    assert ("elderly" in found) is offered


@pytest.mark.parametrize(
    ("stored", "written"), [("5.00", "5"), ("0.50", "0.5"), ("100", "100"), (2.5, "2.5"), ("", "")]
)
def test_doses_are_written_as_people_write_them(stored: object, written: str) -> None:
    record = duties.followup("2026-03-01", medications=[{"drug_name": "1号药", "dose_each": stored}])
    (row,) = summary.summary([record], BORN).medicines
    assert (row["drug_name"], row["dose_each"]) == ("1号药", written)
