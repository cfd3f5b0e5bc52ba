"""How names sound: the readings of the notes on Uyghur text, §2 and §8, as truth tables and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.sounding import find_keys, keys, layouts, letters, query, sound_keys, syllables
from saas.residents.sounding.cleaning import cleaned, parts_of
from saas.residents.sounding.likeness import likeness
from saas.residents.sounding.ranking import Ranker

_LETTERS = "ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي"
NAMES = st.text(alphabet=_LETTERS + "abdghiklmnoqrstuxyzéöü阿卜杜拉买提古丽江王建国 ·'", max_size=40)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("ﺋﺎﺑﺪۇﻟﻼ", "ئابدۇللا"),  # presentation forms
        ("ھه\u200cسه\u200cن", "ھەسەن"),  # U+0647 with ZWNJ is the vowel
        ("ئــابلىز", "ئابلىز"),  # tatweel
        ("ئه\u200cرکین", "ئەركىن"),  # a Persian keyboard
        ("ى\u0654ابلىز", "ئابلىز"),  # decomposed hamza on any of three carriers
        ("ي\u0654ابلىز", "ئابلىز"),
        ("ی\u0654ابلىز", "ئابلىز"),
        ("أحمد", "احمد"),
        ("\u202eئالىم\u2069", "ئالىم"),
        ("ئالىم\u064e", "ئالىم"),  # harakat
    ],
)
def test_the_cleaner_writes_as_one_keyboard_would(typed: str, clean: str) -> None:
    assert cleaned(typed) == clean


@pytest.mark.parametrize("separator", ["·", "•", "．", ".", "‧", "・", " ", "  ", "-", "،"])
def test_every_separator_parts_a_name(separator: str) -> None:
    assert parts_of(cleaned(f"阿卜杜拉{separator}图尔荪")) == ["阿卜杜拉", "图尔荪"]


def test_hanzi_and_letters_are_two_parts() -> None:
    assert parts_of("试古丽Aygül") == ["试古丽", "Aygül"]


SAME = [
    ("ئابدۇللا", "阿卜杜拉", "阿布都拉", "阿不都拉", "Abdulla", "Abudula", "ABDULLA", "ابدۇللا", "ئابدوللا"),
    ("مەمەت", "麦麦提", "买买提", "Memet", "Maimaiti", "مه‌مه‌ت", "مةمةت"),
    ("گۈلنىسا", "古丽尼萨", "古力尼沙", "Gülnisa", "gulnisa", "گولنىسا", "گۇلنيسا"),
    ("شۆھرەت", "Shöhret", "Xohret", "شوھرەت", "شۆهرەت", "شۆھرةت"),
    ("تۇرسۇن گۈل", "Tursun'gül", "Tursungül", "تۇرسۇنگۈل", "吐尔逊古丽"),
    ("ئەركىن", "艾尔肯", "Erkin", "Aierken", "ئەرکین", "ەركىن"),
    ("ئىسھاق", "Is'haq", "Ishaq", "ئىسهاق", "伊斯哈克"),
    ("王建国", "wang jianguo", "Wang Jian Guo", "wangjianguo"),
]


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms[0])
def test_one_name_sounds_alike_in_every_script_and_habit(forms: tuple[str, ...]) -> None:
    first = set(sound_keys(forms[0]))
    assert first
    for form in forms[1:]:
        assert first & set(sound_keys(form)), form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ئابدۇللا", "تۇرسۇن"),
        ("阿卜杜拉", "麦麦提"),
        ("خالىق", "شالىق"),  # ULY x and pinyin x are two readings, never one
        ("王伟", "张敏"),
    ],
)
def test_different_names_do_not(one: str, other: str) -> None:
    fit = Ranker(query.meanings(one)).scores([one, other])
    assert fit[0] > 0.98
    assert fit[1] < 0.9


def test_latin_letters_are_read_in_two_ways_and_kept_apart() -> None:
    """Reading 4: x is خ in ULY and ش in pinyin, q is ق and چ."""
    assert letters.of_uly("xaliq") == ["xaliq"]
    assert letters.of_pinyin_style("xaliq") == ["SaliC"]
    assert letters.of_pinyin_style("abdulla") == []


@pytest.mark.parametrize(("written", "sounds"), [("tursungül", "tursungUl"), ("is'haq", "ishaq")])
def test_without_apostrophes_two_letters_are_one_sound_or_two(written: str, sounds: str) -> None:
    """Reading 5."""
    assert sounds in letters.of_uly(written)


@pytest.mark.parametrize(
    ("surname", "readings"),
    [
        ("单", {"dan", "shan"}),
        ("曾", {"ceng", "zeng"}),
        ("解", {"jie", "xie"}),
        ("仇", {"chou", "qiu"}),
        ("查", {"cha", "zha"}),
        ("翟", {"di", "zhai"}),
        ("吕", {"lu"}),
    ],
)
def test_a_surname_is_found_by_its_own_reading_and_by_the_usual_one(surname: str, readings: set[str]) -> None:
    """Reading 8; ü is typed u or v."""
    found = set(find_keys(surname + "明"))
    for reading in readings:
        assert f"y{reading}ming" in found
        assert f"i{reading[0]}m" in found


@pytest.mark.parametrize(
    ("typed", "keys_pressed"), [("ئابدۇللا", "/fbdullf"), ("گەي", "Ggy"), ("جان", "Jfn")]
)
def test_a_forgotten_switch_is_undone_by_the_place_of_the_keys(typed: str, keys_pressed: str) -> None:
    """Reading 6: capitals carry letters of their own, so they are looked at before they are folded."""
    assert layouts.as_uyghur(keys_pressed) == typed
    assert layouts.as_latin(typed) == keys_pressed.lower()
    assert query.meanings(keys_pressed)[-1].parts == (typed,)


def test_one_coarse_sound_covers_common_names_and_the_finer_one_tells_them_apart() -> None:
    """Reading 9."""
    names = ["ئەخمەت", "مەھمۇت", "مۇھەممەت", "ئەمەت", "مەمەت"]
    assert len({keys.skeleton(letters.of_uyghur(name)) for name in names}) == 1
    for name in names:
        scores = Ranker(query.meanings(name)).scores(names)
        assert max(scores) == scores[names.index(name)]
        assert sorted(scores)[-2] < max(scores)


@pytest.mark.parametrize(
    ("word", "better", "worse"),
    [
        ("رىشات", "日夏提", "热西提"),
        ("Memet", "麦麦提", "马木提"),
        ("阿依古丽", "ئايگۈل", "ئاگۈل"),
        ("ئالىم", "ئالىمجان", "ئىلھام"),
    ],
)
def test_who_is_nearer_comes_first(word: str, better: str, worse: str) -> None:
    scores = Ranker(query.meanings(word)).scores([better, worse])
    assert scores[0] > scores[1]


def test_exact_comes_before_a_beginning_and_that_before_the_same_sound() -> None:
    told = query.meanings("ئابلىز")
    exact, beginning, near = Ranker(told).scores(["ئابلىز", "ئابلىزجان", "ئابلەت"])
    assert exact > beginning > near


def test_a_word_that_is_a_whole_name_leads_to_it_in_any_script_before_longer_names() -> None:
    """Who wants the longer name can type on; who wants the whole one cannot."""
    told = query.meanings("بوستانقۇ")
    whole, other_script, longer = Ranker(told).scores(["بوستانقۇ", "波斯坦库", "بوستانقۇجان"])
    assert whole > other_script > longer


def test_a_word_that_is_nobodys_whole_name_is_a_beginning_first() -> None:
    """Half of a name is typed; what sounds roughly like that half is not meant."""
    beginning, roughly = Ranker(query.meanings("بوستان")).scores(["بوستانقۇجان", "派森丁"])
    assert beginning > roughly


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("غەمبەر", "艾木拜尔"),  # غ is written g, or not at all
        ("尕木拜尔", "艾木拜尔"),
        ("تالقان", "塔力罕"),  # ق is k or h
        ("塔力坎", "塔力罕"),
        ("سەككى", "赛基"),  # 基 is ki as well as ji
        ("يوپۇرغا", "岳普尔尕"),  # 岳 and 约 are yo
    ],
)
def test_two_habits_of_writing_one_name_in_hanzi_share_a_key(one: str, other: str) -> None:
    assert keys.part_keys(one) & keys.part_keys(other)


@given(NAMES)
def test_keys_are_a_function_of_the_text_and_never_fail(text: str) -> None:
    assert find_keys(text) == find_keys(text)
    assert sound_keys(text) == sorted(set(sound_keys(text)))
    assert all(key and len(key) <= 120 for key in find_keys(text))


@given(NAMES, NAMES)
def test_the_order_of_the_parts_does_not_change_the_sound(one: str, other: str) -> None:
    first, second = (" ".join(parts_of(cleaned(part))[:2]) for part in (one, other))
    assert set(sound_keys(f"{first} {second}")) >= set(sound_keys(f"{second} {first}")[:1])


@given(NAMES)
def test_every_name_finds_itself(text: str) -> None:
    told = query.meanings(text)
    if not told:
        return
    own = set(find_keys(text))
    groups = [group for group in query.same_sound(told[:1]) if group.sets]
    assert any(all(own & some for some in group.sets) for group in groups)
    assert Ranker(told[:1]).scores([text])[0] > 0.95


@given(st.text(alphabet="abCdeEgGhijkl123NmnOopqrsStuUwxyzZ", min_size=1, max_size=14))
def test_likeness_is_full_with_oneself_and_alike_both_ways(sounds: str) -> None:
    assert likeness(sounds, sounds) == (1.0, 1.0)
    assert likeness(sounds, sounds + "a")[0] == pytest.approx(likeness(sounds + "a", sounds)[0])


@given(st.lists(st.sampled_from(sorted(syllables.SYLLABLES)), min_size=1, max_size=4))
def test_pinyin_is_parted_into_its_syllables(written: list[str]) -> None:
    assert tuple(written) in syllables.split("'".join(written), most=4**4)
    assert syllables.split("".join(written)) != []


def test_a_hundred_syllables_take_no_time() -> None:
    assert len(syllables.split("xi" * 50)) <= 3
    assert len(find_keys("阿" * 100)) < 1500
    assert query.meanings("a" * 100 + " " + "b" * 50)
