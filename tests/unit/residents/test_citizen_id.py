"""The citizen's number: truth tables and properties."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import citizen_id, document
from saas.residents.rules.birth import Birth, parsed
from saas.residents.rules.finding import Kind

TODAY = datetime.date(2026, 12, 31)
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


@pytest.mark.parametrize(
    "text",
    [
        *["650099901301001", "65009990010100", "650099199001010010", ""],
        # Kept for people over a hundred, who were born a century earlier.
        *["650099900101996", "650099900101997", "650099900101998", "650099900101999"],
    ],
)
def test_what_is_no_old_number_is_not_converted(text: str) -> None:
    assert citizen_id.converted(text) is None


@pytest.mark.parametrize(
    "typed", ["650099 19000101 001x", "６５００９９１９０００１０１００１Ｘ", "650099-19000101-001X"]
)
def test_spaces_dashes_and_wide_digits_do_not_matter(typed: str) -> None:
    assert citizen_id.normalised(typed) == "65009919000101001X"


def test_the_last_sequence_that_is_converted() -> None:
    assert citizen_id.converted("650099900101995") is not None


@pytest.mark.parametrize(
    "mark", [*"\u200e\u200f\u202a\u202d\u202e\u2066\u2069\ufeff\u061c", "\u3000", "\u00a0"]
)
def test_marks_that_nobody_sees_do_not_matter(mark: str) -> None:
    assert citizen_id.normalised(f"{mark}650099{mark}19000101001x{mark}") == "65009919000101001X"


@pytest.mark.parametrize(
    "digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "०१२३४५६७८९"]
)
def test_only_ordinary_digits_are_digits(digits: str) -> None:
    other = "650099190001010036".translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))
    assert not citizen_id.has_shape(citizen_id.normalised(other))
    assert citizen_id.birth_date_of(citizen_id.normalised(other)) is None


@given(DAYS, SERIALS)
def test_a_right_number_is_valid_and_tells_its_day_and_sex(day: datetime.date, serial: int) -> None:
    right = number(day, serial)
    assert citizen_id.is_valid(right)
    assert citizen_id.birth_date_of(right) == day
    assert citizen_id.sex_of(right) == ("1" if serial % 2 else "2")
    assert document.findings("01", right, "", None, TODAY) == []


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
    assert (longer is None) is (serial >= 996)
    if longer is None:
        return
    assert citizen_id.is_valid(longer)
    assert citizen_id.birth_date_of(longer) == day


@given(st.text(max_size=40))
def test_no_text_makes_the_rules_fail(text: str) -> None:
    read = citizen_id.normalised(text)
    citizen_id.is_valid(read)
    citizen_id.converted(read)
    for type_code in ("01", "03", ""):
        found = document.findings(type_code, read, "1", parsed(text), TODAY)
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
    ("01", "650099900101999", "1", "1890-01-01", ["number-shape"]),
    ("P1", "810000199001010019", "1", "1990-01-01", []),
    ("P1", "820000199001010011", "1", "1990-01-01", ["PAT-001"]),
    ("P1", "830000199001010012", "2", "1991-01-01", ["sex-differs", "birth-differs"]),
    ("P1", "650099199001010010", "1", "1990-01-01", ["number-kind"]),
    ("P1", "840000199001010014", "1", "1990-01-01", ["number-kind"]),
    ("P2", "965156199001010013", "1", "1990-01-01", []),
    ("P2", "650099900101001", "1", "1990-01-01", ["number-shape"]),
    ("P2", "810000199001010019", "1", "1990-01-01", ["number-kind"]),
    ("03", "E00000000", "1", "1990-01-01", []),
    ("03", "650099190001010030", "2", "1990-01-01", []),
    ("99", "650099900101001", "1", "1990-01-01", []),
]


@pytest.mark.parametrize(("type_code", "digits", "sex", "birth", "told"), CODES)
def test_what_is_told_about_a_document(
    type_code: str, digits: str, sex: str, birth: str, told: list[str]
) -> None:
    found = document.findings(type_code, digits, sex, parsed(birth), TODAY)
    assert [finding.code for finding in found] == told
    assert all(finding.kind is Kind.ASKING for finding in found), "a number is never refused"


def test_the_right_check_digit_is_named() -> None:
    (finding,) = document.findings("01", "650099190001010030", "1", None, TODAY)
    assert finding.value("x") == "6"


def test_the_same_remark_about_another_number_is_another_one() -> None:
    first = document.findings("01", "650099190001010030", "", None, TODAY)[0]
    second = document.findings("01", "650099190001010031", "", None, TODAY)[0]
    assert first.identity != second.identity


@pytest.mark.parametrize("digits", ["x" * 31, "---"])
def test_what_is_no_number_at_all_is_refused(digits: str) -> None:
    (finding,) = document.findings("03", digits, "", None, TODAY)
    assert finding.kind is Kind.BLOCKING


def test_an_empty_sex_and_birth_date_are_filled_from_the_number() -> None:
    assert document.filled("01", "650099190512310022", "", "") == ("2", "1905-12-31")
    assert document.filled("01", "650099190512310022", "1", "1906") == ("1", "1906")
    assert document.filled("03", "650099190512310022", "", "") == ("", "")
    assert document.filled("01", "650099900101001", "", "") == ("1", "1990-01-01")


def test_a_date_known_in_part_agrees_with_a_day_in_it() -> None:
    month = Birth(datetime.date(1900, 1, 1), "month")
    assert document.findings("01", "650099190001010036", "1", month, TODAY) == []


@pytest.mark.parametrize(
    ("day", "refused"),
    [(TODAY, False), (TODAY + datetime.timedelta(days=1), True), (datetime.date(2099, 12, 31), True)],
)
@pytest.mark.parametrize(("type_code", "area"), [("01", "650099"), ("P1", "810000"), ("P2", "965156")])
def test_a_birth_date_in_the_future_is_refused(
    day: datetime.date, type_code: str, area: str, *, refused: bool
) -> None:
    for first in (f"{area}{day:%Y%m%d}001", f"{area}{day:%Y%m%d}002"):
        for check in (citizen_id.check_character(first), "0"):
            found = document.findings(type_code, first + check, "1", parsed("1990"), TODAY)
            assert [one.code for one in found if one.kind is Kind.BLOCKING] == ["number-future"] * refused


def test_a_passport_may_look_like_a_day_in_the_future() -> None:
    assert document.findings("03", "650099209912310010", "1", None, TODAY) == []


@pytest.mark.parametrize(
    ("chosen", "digits", "kind"),
    [
        ("01", "810000199001010019", "P1"),
        ("01", "965156199001010013", "P2"),
        ("01", "650099199001010010", "01"),
        ("01", "810000199001010018", "01"),  # a wrong check digit says nothing of the document
        ("01", "81000019900101001", "01"),
        ("03", "810000199001010019", "03"),
        ("", "", ""),
    ],
)
def test_a_right_number_says_which_document_it_is_where_nobody_chose_one(
    chosen: str, digits: str, kind: str
) -> None:
    assert document.kind_read(chosen, digits) == kind


@given(DAYS, SERIALS, st.sampled_from(["810000", "820000", "830000", "965156", "911840"]))
def test_permits_and_foreign_cards_are_decoded_as_a_citizens_number(
    day: datetime.date, serial: int, area: str
) -> None:
    first = f"{area}{day:%Y%m%d}{serial:03d}"
    right = first + citizen_id.check_character(first)
    kind = document.kind_of(right)
    assert kind == ("P2" if area.startswith("9") else "P1")
    assert document.filled(kind, right, "", "") == ("1" if serial % 2 else "2", day.isoformat())
    assert document.findings(kind, right, "", None, TODAY) == []


@given(SERIALS, st.integers(0, 999_999))
def test_nothing_follows_from_the_area(serial: int, area: int) -> None:
    """Whatever the first six digits of a citizen's number, the same is said and filled in."""
    first = f"{area:06d}19900101{serial:03d}"
    right = first + citizen_id.check_character(first)
    if document.kind_of(right) != "01":
        return
    assert document.filled("01", right, "", "") == ("1" if serial % 2 else "2", "1990-01-01")
    assert document.findings("01", right, "", parsed("1990"), TODAY) == []
