"""The whole form, phones, masks, the address that is told by a name."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents import codes
from saas.residents.messages import FIELD_LABELS, sentence
from saas.residents.rules import address, identity, masks, phones
from saas.residents.rules.finding import Kind, of_kind

TODAY = datetime.date(2026, 11, 23)
GOOD = dict.fromkeys(identity.FIELDS, "") | {
    "document_type": "01",
    "document_number": "650099190512310022",
    "name_0": "阿依古丽·图尔荪",
    "print_language": "ug",
    "site_id": "x",
}


def told(**typed: str) -> list[tuple[str, str]]:
    found = identity.findings(identity.tidied(GOOD | typed), TODAY)
    return [(finding.field, finding.code) for finding in found]


def test_a_number_and_a_name_are_enough() -> None:
    fields = identity.tidied(GOOD)
    assert (fields["sex_code"], fields["birth"]) == ("2", "1905-12-31")
    assert told() == [("birth", "very-old")]


def test_without_a_number_sex_and_birth_date_are_asked_for() -> None:
    assert told(document_number="") == [("sex_code", "sex-missing"), ("birth", "birth-missing")]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"name_0": ""}, [("name_0", "name-missing")]),
        ({"name_0": "", "name_2": "ئايگۈل"}, []),
        ({"name_0": "", "placeholder": "newborn"}, []),
        ({"name_0": "👶", "name_1": "1"}, [("name_0", "no-pictures"), ("name_1", "no-letter")]),
        ({"placeholder": "child"}, [("placeholder", "not-offered")]),
        ({"sex_code": "3"}, [("sex_code", "not-offered")]),
        ({"document_type": "05", "document_number": "A1"}, [("document_type", "not-offered")]),
        ({"print_language": ""}, [("print_language", "not-offered")]),
        ({"print_language": "ar"}, [("print_language", "not-offered")]),
        ({"birth": "1901-02-29"}, [("birth", "birth-unreadable")]),
        ({"phone_1": "12"}, [("phone_1", "no-phone")]),
        ({"contact_phone": "abc"}, [("contact_phone", "no-phone")]),
        ({"contact_name": "7"}, [("contact_name", "no-letter")]),
        ({"village": "村" * 71}, [("village", "too-long")]),
        ({"address_detail": "号" * 10_000}, [("address_detail", "too-long")]),
    ],
)
def test_what_is_said_about_a_form(typed: dict[str, str], expected: list[tuple[str, str]]) -> None:
    base = {"document_number": "", "sex_code": "2", "birth": "1963"}
    assert told(**(base | typed)) == expected


def test_an_unknown_person_needs_no_birth_date_and_a_newborn_does() -> None:
    base = {"document_number": "", "sex_code": "0", "name_0": "", "birth": ""}
    assert told(**base, placeholder="unknown") == []
    assert told(**base, placeholder="newborn") == [("birth", "birth-missing")]


CARD = "SHIPA:" + "0123456789" * 3 + "012345678"


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("ئايگۈل تۇرسۇن", {"name_0": "ئايگۈل تۇرسۇن"}),
        ("阿依古丽·图尔荪", {"name_0": "阿依古丽·图尔荪"}),
        ("Aygül", {"name_0": "Aygül"}),
        ("650099190001010036", {"document_number": "650099190001010036", "document_type": "01"}),
        ("650099 19000101 0030", {"document_number": "650099190001010030", "document_type": "01"}),
        ("65009919000101001x", {"document_number": "65009919000101001X", "document_type": "01"}),
        ("650099900101001", {"document_number": "650099900101001", "document_type": "01"}),
        ("810000199001010019", {"document_number": "810000199001010019", "document_type": "P1"}),
        ("965156199001010013", {"document_number": "965156199001010013", "document_type": "P2"}),
        ("E00000000", {"document_number": "E00000000", "document_type": "03"}),
        ("000 1234 5678", {"phone_0": "000 1234 5678"}),
        ("0990-1234567", {"phone_0": "0990-1234567"}),
        (CARD, {}),
        (CARD.removeprefix("SHIPA:"), {}),
        ("65009900110100001", {}),
        ("101-00001", {}),
        ("12", {}),
    ],
)
def test_what_was_searched_for_begins_the_form(words: str, begun: dict[str, str]) -> None:
    assert identity.begun(words) == begun


@given(st.text(min_size=1, max_size=60))
def test_no_words_make_the_beginning_of_a_form_fail(words: str) -> None:
    found = identity.begun(words)
    assert set(found) <= set(identity.FIELDS)


@given(st.dictionaries(st.sampled_from(identity.FIELDS), st.text(max_size=30)))
def test_no_form_makes_the_rules_fail(typed: dict[str, str]) -> None:
    fields = identity.tidied(typed)
    assert identity.tidied(fields) == fields
    for finding in identity.findings(fields, TODAY):
        assert finding.field in identity.FIELDS


def test_findings_come_in_the_order_of_the_form() -> None:
    fields = identity.tidied({"phone_0": "x", "name_0": "", "birth": "x"})
    order = [identity.FIELDS.index(one.field) for one in identity.findings(fields, TODAY)]
    assert order == sorted(order)
    assert len(order) > 3


def test_a_number_of_no_document_has_no_kind() -> None:
    assert identity.tidied(GOOD | {"document_number": " "})["document_type"] == ""


@pytest.mark.parametrize(
    ("number", "shown", "end"),
    [
        ("650099190001010036", "6500**********0036", "…0036"),
        ("00012345678", "00*******78", "…5678"),
        ("E12345", "******", "…45"),
        ("12", "**", "…"),
        ("", "", "…"),
    ],
)
def test_masks(number: str, shown: str, end: str) -> None:
    assert masks.masked(number) == shown
    assert masks.tail(number) == end


@given(st.text(alphabet="0123456789X", max_size=40))
def test_a_mask_shows_at_most_eight_signs_and_keeps_the_length(number: str) -> None:
    shown = masks.masked(number)
    assert len(shown) == len(number)
    assert len(shown.replace("*", "")) <= 8
    assert shown.replace("*", "") != number or number == ""


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("000 1234 5678", "00012345678"),
        ("(0990)-1234567", "09901234567"),
        ("+86 000 1234 5678", "00012345678"),
        ("0086 00012345678", "00012345678"),
        ("０００１２３４５６７８", "00012345678"),
        ("+7 000 000 00 00", "+70000000000"),
    ],
)
def test_phones_are_compared_by_their_digits(typed: str, digits: str) -> None:
    assert phones.normalised(typed) == digits
    assert phones.findings(typed, "phone_0") == []


@pytest.mark.parametrize("typed", ["1234", "1" * 16, "12345a", "+", "📞12345", "9" * 10_000])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert [finding.code for finding in phones.findings(typed, "phone_0")] == ["no-phone"]


def test_the_address_that_a_name_tells() -> None:
    assert address.township_of("安宁渠镇卫生院") == "安宁渠镇"
    assert address.township_of("哈拉奇乡中心卫生院") == "哈拉奇乡"
    assert address.township_of("燕儿窝社区卫生服务中心") == ""
    assert address.village_of("北大路村卫生室") == "北大路村"
    assert address.village_of("安宁渠镇卫生院") == ""


def test_the_code_tables_and_the_form_agree() -> None:
    sexes = [code.code for code in codes.table("sex_code")]
    offered = [code.code for code in codes.table("document_type") if code.offered]
    assert tuple(sexes) == identity.SEXES
    assert tuple(offered) == identity.DOCUMENT_TYPES
    assert set(codes.SEX_LABELS) == set(sexes)
    assert set(codes.DOCUMENT_LABELS) == {code.code for code in codes.table("document_type")}
    assert "05" not in offered, "a driving licence is not offered"
    assert all(code.source for table in ("sex_code", "document_type") for code in codes.table(table))


def test_every_field_has_a_label() -> None:
    assert set(FIELD_LABELS) == set(identity.FIELDS)


def test_every_finding_has_a_sentence(app_text: None) -> None:
    forms = [
        {"document_number": "650099190001010030", "sex_code": "2", "birth": "1905"},
        {"document_number": "650099900101001"},
        {"document_number": "1"},
        {"document_number": "650099190102290030"},
        {"document_number": "-", "document_type": "03"},
        {"document_number": "9" * 31, "birth": "2100", "name_0": "👶", "phone_0": "1"},
        {"name_0": "1", "birth": "x", "placeholder": "x"},
        {},
    ]
    for typed in forms:
        found = identity.findings(identity.tidied({"document_type": "01", **typed}), TODAY)
        assert found
        assert all(sentence(finding) for finding in found)
        assert of_kind(Kind.ADVISING, found) == []
