"""Written forms of a name: what is refused, and what finds what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import names

SAME = [
    ("ﺋﺎﺑﺪۇﻟﻼ", "ئابدۇللا"),
    ("ئــابلىز", "ئابلىز"),
    ("ھه‌سه‌ن", "ھەسەن"),
    ("ئه‌رکین", "ئەركىن"),
    ("ئەركىن", "ئەركين"),
    ("ى\u0654سا", "ئسا"),
    ("ی\u0654سا", "ئسا"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉•图尔荪"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉．图尔荪"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉 图尔荪"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉图尔荪"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉・图尔荪"),
    ("阿卜杜拉·图尔荪", "阿卜杜拉‧图尔荪"),
    ("Abdulla Tursun", "ABDULLA  tursun"),
    ("Tursun'gül", "tursungül"),
    ("Gu\u0308lnisa", "Gülnisa"),
    ("Ａｂｄｕｌｌａ", "abdulla"),
    ("ئابد\u200bۇللا", "ئابدۇللا"),
    ("\u200fئابدۇللا", "ئابدۇللا"),
]
DIFFERENT = [
    ("ئابدۇللا", "ئابدىللا"),
    ("买买提", "麦麦提"),
    ("خالىق", "شالىق"),
    ("Gulnisa", "Gülnisa"),
]
ACCEPTED = [
    "阿卜杜拉·图尔荪",
    "ئابدۇللا تۇرسۇن",
    "Tursun'gül",
    "𡚸",
    "\ue863",
    "⿰亻生",
    "王〇",
    "Ó Súilleabháin",
    "한글",
    "张" * 100,
    "ھه‌سه‌ن",
]
REFUSED = {
    "👶": "no-pictures",
    "阿依古丽❤️": "no-pictures",
    "1️⃣阿": "no-pictures",
    "\U0001faea": "no-pictures",
    "王\n伟": "no-pictures",
    "\uffff阿": "no-pictures",
    "12345": "no-letter",
    "···": "no-letter",
    "张" * 101: "too-long",
    "阿" * 10_000: "too-long",
}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_texts_that_look_the_same_have_one_key(one: str, other: str) -> None:
    assert names.search_key(one) == names.search_key(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert names.search_key(one) != names.search_key(other)


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    key = names.search_key(text)
    assert names.search_key(key) == key


@given(st.lists(st.sampled_from(["ئابدۇللا", "تۇرسۇن", "阿卜杜拉", "图尔荪", "Abdulla"]), min_size=1))
def test_every_part_of_a_name_is_in_its_key(parts: list[str]) -> None:
    key = names.search_key(" ".join(parts))
    for part in parts:
        assert all(word in key for word in names.query_keys(part[1:] or part))


@given(st.text(max_size=60))
def test_the_words_of_a_query_are_parts_of_its_own_key(text: str) -> None:
    key = names.search_key(text)
    for word in names.query_keys(text):
        assert word
        assert word in key


def test_the_words_of_a_query_are_apart() -> None:
    assert names.query_keys("Tursun  abdulla·TURSUN") == ["tursun", "abdulla"]
    assert names.query_keys(" · ") == []


@pytest.mark.parametrize("text", ACCEPTED)
def test_any_script_is_accepted(text: str) -> None:
    assert names.findings(text, "name_0") == []


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_what_is_no_name_is_refused(text: str, code: str) -> None:
    (finding,) = names.findings(text, "name_1")
    assert (finding.code, finding.field) == (code, "name_1")
