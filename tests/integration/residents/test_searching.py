"""The search box: any script, ends of numbers, at most ten, one log row, people who were merged."""

from __future__ import annotations

import itertools
import random
import re
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.residents import sounding
from saas.residents.commands import rekeyed
from saas.residents.models import Resident, ResidentKey, ResidentName
from saas.residents.stored import tail_hash
from tests.integration.residents import pages
from tests.support import synthetic, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"sex_code": "2", "birth": "1985-05-05"}


def suggested(browser: Browser, words: str) -> list[str]:
    """The residents under the search box, in their order."""
    answer = browser.send("/residents/suggest", {"q": words})
    assert answer.status_code == 200
    return [line["url"].rsplit("/", 1)[-1] for line in answer.get_json()["lines"]]


SOUGHT = [
    (
        ("زۇمرەت قەمبەرى",),
        ["祖木热提·坎拜日", "Zumret Qemberi", "زۈمرەت قەمبەري", "قەمبەرى زۇمرەت"],
    ),
    (
        ("贝合提亚尔·萨达卡提",),
        ["بەختىيار ساداقەت", "Bextiyar Sadaqet", "beihetiyaer sadakati"],
    ),
    (("翟雨荷",), ["翟雨荷", "zhai yuhe", "zhaiyuhe", "zyh", "zhai yu he"]),
    (("Perizat Ömerjan",), ["پەرىزات ئۆمەرجان", "帕日扎提·吾麦尔江", "perizat omerjan", "perizta omerjan"]),
]


@pytest.mark.parametrize(("stored", "typed"), SOUGHT, ids=lambda some: some[0])
def test_she_is_found_in_whatever_script_she_is_looked_for(
    north: ClinicWorld, stored: tuple[str, ...], typed: list[str]
) -> None:
    browser = north.browser()
    names = {f"name_{place}": text for place, text in enumerate(stored)}
    made = pages.register(browser, **PLAIN, **names)
    for words in typed:
        assert made in suggested(browser, words)[:3], words
        assert made in pages.ids_in(pages.find(browser, words)), words


def test_the_page_and_the_box_give_the_same_people_in_the_same_order(north: ClinicWorld) -> None:
    browser = north.browser()
    for text in ("ئابلىزجان", "ئابلىز", "阿布力孜", "ئابلەت"):
        pages.register(browser, **PLAIN, name_0=text)
    assert suggested(browser, "ئابلىز") == pages.ids_in(pages.find(browser, "ئابلىز"))


def test_at_most_ten_are_shown(north: ClinicWorld) -> None:
    browser = north.browser()
    for number in range(12):
        pages.register(browser, **PLAIN, name_0=f"چېچەكنىسا {'ابپتجچخدرزسش'[number]}")
    assert len(suggested(browser, "چېچەكنىسا")) == 10
    page = pages.find(browser, "چېچەكنىسا")
    assert len(pages.ids_in(page)) == 10
    assert pages.soup(page).select(".hint")


def test_the_midst_of_her_name_as_written_comes_before_names_a_little_like_it(app: Flask) -> None:
    card = world.provision(app, world.free_code(), "中段院")
    browser = world.sign_in(app, world.add_staff(app, card, "doctor", "village_doctor", places="all"))
    part = "جەقەلېر"
    made = pages.register(browser, **PLAIN, name_0=f"بۇز{part}دۇم")
    for throat, last in itertools.product("غگخ", "نمتش"):
        pages.register(browser, **PLAIN, name_0=f"جە{throat}ەلې{last}")
    found = suggested(browser, part)
    assert len(found) == 10
    assert made in found
    assert suggested(browser, f"بۇز{part}دۇم") == [made]


def test_the_end_of_a_number_finds_her_and_no_other_part_of_it(north: ClinicWorld) -> None:
    browser = north.browser()
    number, phone = pages.a_number(), f"000{random.randrange(10**8):08d}"
    made = pages.register(browser, document_number=number, name_0="甲", phone_0=phone)
    for end in (number[-4:], number[-6:], number[-6:].lower(), phone[-4:], phone[-6:], number, phone):
        assert made in suggested(browser, end), end
    for length in (3, 5, 7, 8):
        assert made not in suggested(browser, number[-length:]), length
    for part in (number[6:10], number[6:12], number[:6], phone[:6]):
        if not (number.endswith(part) or phone.endswith(part)):
            assert made not in suggested(browser, part), part


def test_a_record_number_leads_to_her_by_its_last_eight_too(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="甲")
    page = browser.get(f"/residents/{made}").get_data(as_text=True)
    number = next(text for text in re.findall(r">([\d ]{17,21})<", page) if len(text.replace(" ", "")) == 17)
    number = number.replace(" ", "")
    for words in (number, number[-8:], number[-6:]):
        assert made in suggested(browser, words), words
    assert made not in suggested(browser, number[:8])


def test_a_card_leads_to_her_until_it_is_voided(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="甲")
    digits = f"{random.randrange(10**39):039d}"
    _add_key(north, made, "card", digits, "")
    for words in (f"SHIPA:{digits}", f"سھڭپھ:{digits}"):
        assert suggested(browser, words) == [made]
    with world.inside(north.app, north.person("village_doctor").card) as session:
        row = session.scalars(
            sa.select(ResidentKey).where(
                ResidentKey.resident_id == uuid.UUID(made), ResidentKey.kind == "card"
            )
        ).one()
        row.voided_at = session.scalars(sa.select(sa.func.now())).one()
        row.voided_by = north.person("village_doctor").staff_id
    assert suggested(browser, f"SHIPA:{digits}") == []


def _add_key(north: ClinicWorld, resident_id: str, kind: str, value: str, tail: str) -> None:
    from saas.web.clinic import clinic_of  # noqa: PLC0415 - only here
    from saas.web.models import ClinicSetting  # noqa: PLC0415

    card = north.person("village_doctor").card
    with world.inside(north.app, card) as session:
        keys = clinic_of(card, session.query(ClinicSetting).one()).keys
        row = ResidentKey(
            id=uuid.uuid4(), resident_id=uuid.UUID(resident_id), kind=kind, hash=keys.hash(kind, value)
        )
        row.value = keys.seal(value, f"resident_key:{row.id}")
        row.tail_four, row.tail_six = tail_hash(keys, tail, 4), tail_hash(keys, tail, 6)
        session.add(row)


def test_a_merged_person_leads_to_the_one_who_stayed(north: ClinicWorld) -> None:
    browser = north.browser()
    word = "زۇلمانجېكى"
    gone, middle, stays, undone = (
        pages.register(browser, **PLAIN, name_0=text) for text in (word, "جېكى", "甲", f"{word} ئا")
    )
    with world.inside(north.app, north.person("village_doctor").card) as session:
        rows = {str(row.id): row for row in session.scalars(sa.select(Resident))}
        for one, into in ((gone, middle), (middle, stays)):
            rows[one].standing, rows[one].merged_into_id = "merged", uuid.UUID(into)
        rows[undone].standing = "undone"
    found = suggested(browser, word)
    assert stays in found
    assert not {gone, middle, undone} & set(found)


def test_an_answer_writes_one_row_with_the_ids_shown_and_no_words(
    north: ClinicWorld, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    word = synthetic.lone_name()
    made = pages.register(browser, **PLAIN, name_0=word)
    before = len(log_rows(made))
    shown = suggested(browser, word)
    rows = log_rows(made)
    assert len(rows) == before + 1
    assert (rows[-1].act, rows[-1].resident_ids) == ("residents.suggest", shown)
    assert word not in str(rows[-1].detail)


def test_a_line_tells_two_people_apart_and_hides_their_numbers(north: ClinicWorld) -> None:
    browser = north.browser()
    number = pages.a_number()
    word = synthetic.lone_name()
    pages.register(browser, document_number=number, name_0="阿依古丽", name_1=word, village="试验村")
    answer = browser.send("/residents/suggest", {"q": word})
    [line] = answer.get_json()["lines"]
    assert line["names"] == [["阿依古丽", "zh"], [word, "ug"]]
    assert line["end"] == f"…{number[-4:]}"
    assert "试验村" in line["about"]
    assert number not in answer.get_data(as_text=True)


def test_nobody_found_offers_to_register_with_the_words(north: ClinicWorld) -> None:
    browser = north.browser()
    browser.send("/residents/new/afresh")  # What she typed in another test would be offered first.
    word = synthetic.lone_name()
    answer = browser.send("/residents/suggest", {"q": word}).get_json()
    assert answer["lines"] == []
    assert word not in answer["add"]
    form = pages.soup(browser.get(answer["add"]))
    assert str(form.select_one("#name_0")["value"]) == word  # type: ignore[index]


def test_an_answer_stays_under_two_kilobytes(north: ClinicWorld) -> None:
    browser = north.browser()
    for number in range(10):
        texts = {
            "name_0": f"阿卜杜热合曼江{number}·麦麦提图尔荪",
            "name_1": f"ئابدۇراخمانجان {number} مەمەتتۇرسۇن",
        }
        pages.register(
            browser, **PLAIN, **texts, village="试验乡第三居民委员会", phone_0=f"0000000{number:04d}"
        )
    headers = {"X-CSRFToken": browser.csrf(), "Accept-Encoding": "gzip"}
    answer = browser.post("/residents/suggest", data={"q": "阿卜杜热合曼"}, headers=headers)
    assert answer.content_encoding == "gzip"
    assert len(answer.get_data()) < 2048


@pytest.mark.parametrize(
    "words", ["", " ", "·", "\x00", "👶", "'; drop table resident; --", "%", "ئ", "a" * 10_000]
)
def test_odd_words_find_nobody_and_break_nothing(north: ClinicWorld, words: str) -> None:
    assert len(suggested(north.browser(), words)) <= 10


def test_a_covered_screen_keeps_no_search_for_later(
    north: ClinicWorld, moved_clock: Callable[..., None]
) -> None:
    browser = north.browser()
    token = browser.csrf()
    moved_clock(minutes=7)
    answer = browser.post("/residents/suggest", data={"q": "ئالىم", "csrf_token": token})
    assert answer.headers["Location"] == "/unlock"
    sent = {"password": world.PASSWORD, "back": "/residents"}
    assert browser.send("/unlock", sent).headers["Location"] != "/held"


def test_names_from_before_get_their_keys(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="تىللاخان قەۋرى")
    with world.inside(north.app, north.person("village_doctor").card) as session:
        row = session.scalars(
            sa.select(ResidentName).where(ResidentName.resident_id == uuid.UUID(made))
        ).one()
        session.execute(
            sa.update(ResidentName)
            .where(ResidentName.id == row.id)
            .values(sounds=[], find_keys=[], key_version=0)
        )
    assert made not in suggested(browser, "提拉汗·开瓦热"), "without its keys only the letters find it"
    assert made in suggested(browser, "تىللاخان")
    with world.inside(north.app, north.person("village_doctor").card) as session:
        assert rekeyed(session) == 1
    with world.inside(north.app, north.person("village_doctor").card) as session:
        assert rekeyed(session) == 0
        row = session.scalars(
            sa.select(ResidentName).where(ResidentName.resident_id == uuid.UUID(made))
        ).one()
        assert row.key_version == sounding.VERSION
    assert made in suggested(browser, "提拉汗·开瓦热")


def test_the_command_rekeys_one_clinic_or_says_that_there_is_none(north: ClinicWorld) -> None:
    runner = north.app.test_cli_runner()
    done = runner.invoke(args=["residents", "rekey", "--clinic", north.code])
    assert (done.exit_code, done.output) == (0, "0 names have new keys\n")
    unknown = runner.invoke(args=["residents", "rekey", "--clinic", "000"])
    assert unknown.exit_code == 1
    assert "no clinic has the code 000" in unknown.output
