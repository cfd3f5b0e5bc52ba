"""The citizen's number: truth tables and properties."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import citizen_id, document
from saas.residents.rules.birth import Birth, parsed
from saas.residents.rules.finding import Kind

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2026, 12, 31))
SERIALS = st.integers(0, 999)


def number(day: datetime.date, serial: int) -> str:
    first = f"650099{day:%Y%m%d}{serial:03d}"
    return first + citizen_id.check_character(first)


# The project's table of test numbers; area 650099 is not an assigned county.
TABLE = [
    ("650099190001010036", True, "1", "1900-01-01"),
    ("650099190512310022", True, "2", "1905-12-31"),
    ("65009919000101001X", True, "1", "1900-01-01"),
    ("65009919000101001x", True, "1", "1900-01-01"),
    ("650099190001010030", False, "1", "1900-01-01"),
    ("650099190102290030", False, "1", None),
    ("650099900101001", False, None, None),
    ("650099199001010010", True, "1", "1990-01-01"),
]


@pytest.mark.parametrize(("text", "valid", "sex", "day"), TABLE)
def test_the_table_of_numbers(text: str, valid: object, sex: str | None, day: str | None) -> None:
    read = citizen_id.normalised(text)
    assert citizen_id.is_valid(read) is valid
    assert citizen_id.sex_of(read) == sex
    assert citizen_id.birth_date_of(read) == (datetime.date.fromisoformat(day) if day else None)


def test_an_old_number_is_converted_as_the_table_says() -> None:
    assert citizen_id.converted("650099900101001") == "650099199001010010"


@pytest.mark.parametrize("text", ["650099901301001", "65009990010100", "650099199001010010", ""])
def test_what_is_no_old_number_is_not_converted(text: str) -> None:
    assert citizen_id.converted(text) is None


@pytest.mark.parametrize(
    "typed", ["650099 19000101 001x", "６５００９９１９０００１０１００１Ｘ", "650099-19000101-001X"]
)
def test_spaces_dashes_and_wide_digits_do_not_matter(typed: str) -> None:
    assert citizen_id.normalised(typed) == "65009919000101001X"


@given(DAYS, SERIALS)
def test_a_right_number_is_valid_and_tells_its_day_and_sex(day: datetime.date, serial: int) -> None:
    right = number(day, serial)
    assert citizen_id.is_valid(right)
    assert citizen_id.birth_date_of(right) == day
    assert citizen_id.sex_of(right) == ("1" if serial % 2 else "2")
    assert document.findings("01", right, "", None) == []


@given(DAYS, SERIALS, st.integers(0, 17), st.integers(1, 9))
def test_every_single_wrong_digit_is_seen(day: datetime.date, serial: int, place: int, by: int) -> None:
    right = number(day, serial)
    if right[place] == "X":
        wrong = right[:place] + str(by)
    else:
        wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert not citizen_id.is_valid(wrong)


@given(DAYS, SERIALS, st.integers(0, 16))
def test_two_swapped_neighbours_are_seen(day: datetime.date, serial: int, place: int) -> None:
    right = number(day, serial)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert swapped == right or not citizen_id.is_valid(swapped)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(1999, 12, 31)), SERIALS)
def test_conversion_of_an_old_number_gives_a_valid_one(day: datetime.date, serial: int) -> None:
    old = f"650099{day:%y%m%d}{serial:03d}"
    longer = citizen_id.converted(old)
    assert longer is not None
    assert citizen_id.is_valid(longer)
    assert citizen_id.birth_date_of(longer) == day


@given(st.text(max_size=40))
def test_no_text_makes_the_rules_fail(text: str) -> None:
    read = citizen_id.normalised(text)
    citizen_id.is_valid(read)
    citizen_id.converted(read)
    for type_code in ("01", "03", ""):
        found = document.findings(type_code, read, "1", parsed(text))
        assert all(finding.field in {"document_number", "sex_code", "birth"} for finding in found)


CODES = [
    # type, number, sex, birth → what is told
    ("01", "650099190001010036", "1", "1900-01-01", []),
    ("01", "650099190001010036", "2", "1900-01-01", ["sex-differs"]),
    ("01", "650099190001010036", "0", "1900-01-01", []),
    ("01", "650099190001010036", "9", "", []),
    ("01", "650099190001010036", "1", "1900-01", []),
    ("01", "650099190001010036", "1", "1900", []),
    ("01", "650099190001010036", "1", "1900-02", ["birth-differs"]),
    ("01", "650099190001010036", "2", "1901", ["sex-differs", "birth-differs"]),
    ("01", "650099190001010030", "1", "1900-01-01", ["PAT-001"]),
    ("01", "650099190102290030", "1", "1901-03-01", ["number-no-day"]),
    ("01", "650099900101001", "2", "1990-01-01", ["old-number", "sex-differs"]),
    ("01", "6500991900010100", "1", "1900-01-01", ["number-shape"]),
    ("01", "650099901301001", "1", "1990-01-01", ["number-shape"]),
    ("01", "", "1", "1990-01-01", []),
    ("03", "E00000000", "1", "1990-01-01", []),
    ("03", "650099190001010030", "2", "1990-01-01", []),
    ("99", "650099900101001", "1", "1990-01-01", []),
]


@pytest.mark.parametrize(("type_code", "digits", "sex", "birth", "told"), CODES)
def test_what_is_told_about_a_document(
    type_code: str, digits: str, sex: str, birth: str, told: list[str]
) -> None:
    found = document.findings(type_code, digits, sex, parsed(birth))
    assert [finding.code for finding in found] == told
    assert all(finding.kind is Kind.ASKING for finding in found), "a number is never refused"


def test_the_right_check_digit_is_named() -> None:
    (finding,) = document.findings("01", "650099190001010030", "1", None)
    assert finding.value("x") == "6"


def test_the_same_remark_about_another_number_is_another_one() -> None:
    first = document.findings("01", "650099190001010030", "", None)[0]
    second = document.findings("01", "650099190001010031", "", None)[0]
    assert first.identity != second.identity


@pytest.mark.parametrize("digits", ["x" * 31, "---"])
def test_what_is_no_number_at_all_is_refused(digits: str) -> None:
    (finding,) = document.findings("03", digits, "", None)
    assert finding.kind is Kind.BLOCKING


def test_an_empty_sex_and_birth_date_are_filled_from_the_number() -> None:
    assert document.filled("01", "650099190512310022", "", "") == ("2", "1905-12-31")
    assert document.filled("01", "650099190512310022", "1", "1906") == ("1", "1906")
    assert document.filled("03", "650099190512310022", "", "") == ("", "")
    assert document.filled("01", "650099900101001", "", "") == ("1", "1990-01-01")


def test_a_date_known_in_part_agrees_with_a_day_in_it() -> None:
    month = Birth(datetime.date(1900, 1, 1), "month")
    assert document.findings("01", "650099190001010036", "1", month) == []
