"""Birth dates as they are typed, and ages."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import birth
from saas.residents.rules.birth import Birth
from saas.residents.rules.finding import Kind

DAYS = st.dates(datetime.date(1850, 1, 1), datetime.date(2100, 12, 31))
TODAY = datetime.date(2026, 11, 23)

TYPED = [
    ("1963-05-07", "1963-05-07"),
    ("1963-5-7", "1963-05-07"),
    ("1963.5.7", "1963-05-07"),
    ("1963/5/7", "1963-05-07"),
    ("19630507", "1963-05-07"),
    ("1963年5月7日", "1963-05-07"),
    ("1963 年 5 月 7 号", "1963-05-07"),
    ("1963-يىلى 5-ئاينىڭ 7-كۈنى", "1963-05-07"),
    ("１９６３－０５－０７", "1963-05-07"),
    ("١٩٦٣-٥-٧", "1963-05-07"),
    (" 1963 5 7 ", "1963-05-07"),
    ("1963-05", "1963-05"),
    ("1963.5", "1963-05"),
    ("196305", "1963-05"),
    ("1963年5月", "1963-05"),
    ("1963", "1963"),
    ("1963年", "1963"),
    ("1963-يىل", "1963"),
    ("2000-02-29", "2000-02-29"),
]
NO_DATES = [
    "",
    "1901-02-29",
    "1963-13-01",
    "1963-00-07",
    "1963-05-00",
    "1963-04-31",
    "63-05-07",
    "07/05/1963",
    "196357",
    "0000-01-01",
    "yesterday",
    "1963-05-07-01",
    "19630507123",
    "1963🎂",
    "9" * 10_000,
    "1963\x00",
]


@pytest.mark.parametrize(("text", "meant"), TYPED)
def test_a_date_is_read_as_it_is_typed(text: str, meant: str) -> None:
    assert str(birth.parsed(text)) == meant


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert birth.parsed(text) is None


@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_what_is_shown_is_read_again(day: datetime.date, precision: str) -> None:
    first = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}
    meant = Birth(first[precision], precision)
    assert birth.parsed(str(meant)) == meant
    assert meant.on <= meant.latest
    assert str(Birth(meant.latest, precision)) == str(meant)


@given(st.text(max_size=40))
def test_no_text_makes_reading_fail(text: str) -> None:
    birth.parsed(text)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2000-02-29", "2026-02-28", 25),
        ("2000-02-29", "2026-03-01", 26),
        ("2000-02-29", "2024-02-28", 23),
        ("2000-02-29", "2024-02-29", 24),
        ("1990-11-23", "2026-11-22", 35),
        ("1990-11-23", "2026-11-23", 36),
        ("2026-11-23", "2026-11-23", 0),
    ],
)
def test_age_in_completed_years(born: str, on: str, years: int) -> None:
    day = datetime.date.fromisoformat
    assert birth.age(day(born), day(on)) == years


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        ("2026-01-31", "2026-02-28", 1),
        ("2028-01-31", "2028-02-28", 0),
        ("2028-01-31", "2028-02-29", 1),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2025-11-23", "2026-11-23", 12),
    ],
)
def test_age_in_completed_months(born: str, on: str, months: int) -> None:
    day = datetime.date.fromisoformat
    assert birth.age_months(day(born), day(on)) == months


@given(DAYS)
def test_the_earliest_date_is_exactly_120_years_and_a_day_earlier_121(today: datetime.date) -> None:
    earliest = birth.earliest_allowed(today)
    assert birth.age(earliest, today) == birth.OLDEST
    assert birth.age(earliest - datetime.timedelta(days=1), today) == birth.OLDEST + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-23", []),
        ("2026-11-24", ["PAT-003"]),
        ("2027", ["PAT-003"]),
        ("2026-12", ["PAT-003"]),
        ("2026", []),
        ("2026-11", []),
        ("1905-11-24", ["very-old"]),
        ("1905-11-23", ["PAT-003"]),
        ("1905", ["very-old"]),
        ("1904", ["PAT-003"]),
        ("1915-11-23", ["very-old"]),
        ("1915-11-24", []),
        ("1915", []),
        ("1914", ["very-old"]),
    ],
)
def test_limits_of_a_birth_date(text: str, told: list[str]) -> None:
    meant = birth.parsed(text)
    assert meant is not None
    found = birth.findings(meant, TODAY)
    assert [finding.code for finding in found] == told
    assert all((finding.kind is Kind.BLOCKING) == (finding.code == "PAT-003") for finding in found)
