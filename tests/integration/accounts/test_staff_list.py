"""A list of staff: judged as a whole, added whole or not at all, each person with a slip."""

from __future__ import annotations

import io
import re
import typing

import openpyxl
import pytest
import sqlalchemy as sa

from saas.accounts.models import Staff
from tests.support import lists, world
from tests.support.signing_in import at_once, enter, hidden, log_of, staff_of, text_of

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser

HEAD = ["用户名", "姓名", "其他文字的姓名", "角色", "站点", "电话"]
GULNAR = ["Gulnar", "گۈلنار سىناق", "古丽娜尔·斯纳克", "乡村医生", "试验1村卫生室", "000 1234567"]
LI = ["li", "李试验", "", "pharmacist, clinic_admin", "全部站点", ""]
OWN = {"own_password": world.PASSWORD}


def head_of(browser: Browser) -> list[str]:
    """The headings of the template, as it is downloaded."""
    body = browser.get("/staff/list/template").data
    return [str(cell.value) for cell in openpyxl.load_workbook(io.BytesIO(body)).worksheets[0][1]]


def upload(browser: Browser, body: bytes, name: str = "staff.xlsx") -> TestResponse:
    data = {"csrf_token": browser.csrf(), "list_file": (io.BytesIO(body), name)}
    return browser.post("/staff/list", data=data, content_type="multipart/form-data")


def as_list(browser: Browser, *people: list[str]) -> bytes:
    return lists.as_workbook([head_of(browser), *people])


def checked(browser: Browser, *people: list[str]) -> dict[str, str]:
    """The sealed list of a page without faults, as its form sends it."""
    page = upload(browser, as_list(browser, *people))
    assert page.status_code == 200, text_of(page)
    return {"people": hidden(page, "people"), **OWN}


def codes_on(answer: TestResponse) -> list[str]:
    return re.findall(r">((?:\d{4} ){2}\d{4})<", answer.get_data(as_text=True))


def usernames(west: West) -> set[str]:
    with world.inside(west.app, west.card) as session:
        return set(session.scalars(sa.select(Staff.username)))


def everywhere(browser: Browser) -> list[str]:
    """The word for all places, as the page of a person says it."""
    return [*LI[:4], "all", ""]


def test_a_list_made_from_the_template_is_added_and_each_slip_opens_the_door(west: West) -> None:
    admin = west.as_admin()
    form = checked(admin, GULNAR, everywhere(admin))
    assert usernames(west) == {"admin", "doctor"}
    slips = admin.send("/staff/list/add", form)
    first, second = codes_on(slips)
    gulnar, li = (staff_of(west.app, west.card, name) for name in ("gulnar", "li"))
    assert gulnar is not None
    assert li is not None
    assert (gulnar.name, gulnar.name_other, gulnar.phone) == (GULNAR[1], GULNAR[2], GULNAR[5])
    assert gulnar.roles == ["village_doctor"]
    assert (len(gulnar.site_ids), len(li.site_ids)) == (1, 3)
    assert li.roles == ["pharmacist", "clinic_admin"]
    for name, code in (("gulnar", first), ("li", second)):
        assert enter(west.browser(), west.card, name, code).headers["Location"] == "/new-password"
    assert len(log_of(west.app, west.card, "staff.added")) == 2
    assert log_of(west.app, west.card, "staff.list_added")[0].detail == {"people": 2}


def test_the_slips_are_in_both_languages_and_can_change_the_language_of_the_page(west: West) -> None:
    admin = west.as_admin()
    slips = admin.send("/staff/list/add", checked(admin, GULNAR))
    html = slips.get_data(as_text=True)
    assert html.count("一次性密码") > 0
    assert html.count("بىر قېتىملىق پارول") > 0
    kept = {"page_code_once": hidden(slips, "page_code_once"), "_language": "zh"}
    assert codes_on(admin.send("/staff/list/add", kept)) == codes_on(slips)


def test_a_list_sent_twice_is_taken_once_and_the_last_slips_are_good(west: West) -> None:
    admin = west.as_admin()
    form = checked(admin, GULNAR)
    first, last = (codes_on(admin.send("/staff/list/add", form))[0] for _ in range(2))
    assert len(log_of(west.app, west.card, "staff.added")) == 1
    assert enter(west.browser(), west.card, "gulnar", first).status_code == 422
    assert enter(west.browser(), west.card, "gulnar", last).headers["Location"] == "/new-password"


def test_a_list_sent_at_once_is_taken_once(west: West) -> None:
    admin, answers = west.as_admin(), []
    form = checked(admin, GULNAR)
    at_once(lambda browser: answers.append(browser.send("/staff/list/add", form).status_code), [(admin,)] * 3)
    assert answers == [200] * 3
    assert len(log_of(west.app, west.card, "staff.added")) == 1


def test_who_chose_a_password_meanwhile_keeps_it_and_gets_no_slip(west: West) -> None:
    admin = west.as_admin()
    form = checked(admin, GULNAR)
    code = codes_on(admin.send("/staff/list/add", form))[0]
    hers = west.browser()
    enter(hers, west.card, "gulnar", code)
    new = {"new_password": "tomurqara gulluk bulaq", "new_password_again": "tomurqara gulluk bulaq"}
    assert hers.send("/new-password", new).status_code == 303
    again = admin.send("/staff/list/add", form)
    assert (again.status_code, codes_on(again)) == (200, [])
    assert enter(west.browser(), west.card, "gulnar", new["new_password"]).status_code == 303


def test_a_user_name_taken_meanwhile_refuses_the_whole_list(west: West) -> None:
    admin = west.as_admin()
    form = checked(admin, GULNAR, everywhere(admin))
    world.add_staff(west.app, west.card, "li", "pharmacist")
    assert admin.send("/staff/list/add", form).status_code == 422
    assert usernames(west) == {"admin", "doctor", "li"}
    assert log_of(west.app, west.card, "staff.added") == []


@pytest.mark.parametrize("password", ["", "not hers"])
def test_nobody_is_added_without_the_own_password(refusing: West, password: str) -> None:
    admin = refusing.as_admin()
    form = checked(admin, GULNAR) | {"own_password": password}
    assert admin.send("/staff/list/add", form).status_code == 422
    assert usernames(refusing) == {"admin", "doctor"}


def test_a_sealed_list_is_of_its_session_of_its_hour_and_untouched(
    refusing: West,
    moved_clock: typing.Any,  # noqa: ANN401
) -> None:
    admin = refusing.as_admin()
    form = checked(admin, GULNAR)
    touched = form | {"people": form["people"][:-2] + "00"}
    for browser, sent in ((refusing.as_admin(), form), (admin, touched), (admin, OWN)):
        assert browser.send("/staff/list/add", sent).headers["Location"] == "/staff/list"
    for _ in range(16):
        moved_clock(minutes=4)
        admin.get("/account")
    assert admin.send("/staff/list/add", form).headers["Location"] == "/staff/list"
    assert usernames(refusing) == {"admin", "doctor"}


def bad_files() -> typing.Iterator[typing.Any]:
    good = lists.as_workbook([["username", "name", "roles"], ["gulnar", "گۈلنار", "pharmacist"]])
    yield pytest.param(good[:-200], id="cut .xlsx")
    yield pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), id="old .xls")
    yield pytest.param(
        "username,name,roles\nab,گۈلنار,pharmacist".encode()[:-16] + b"\xff", id="damaged UTF-8"
    )
    yield pytest.param(bytes(range(256)), id="no text")
    yield pytest.param(b"", id="empty")
    yield pytest.param(b"username,name\nab,cd", id="no roles")
    yield pytest.param(b"username,name,roles", id="no lines")
    yield pytest.param(b"username,name,roles\nab,cd,=1+1", id="formula")
    yield pytest.param(b"username,name,roles\n" + b"ab,cd,pharmacist\n" * 300, id="too many")
    yield pytest.param(b"username,name,roles\nab,cd,pharmacist\ndoctor,cd,pharmacist", id="taken")


@pytest.mark.parametrize("body", list(bad_files()))
def test_a_file_with_a_fault_is_refused_with_words_and_nobody_is_added(refusing: West, body: bytes) -> None:
    answer = upload(refusing.as_admin(), body, "staff.csv")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'class="field-error"' in html or 'scope="row"' in html
    assert 'name="people"' not in html
    assert usernames(refusing) == {"admin", "doctor"}


def test_a_text_file_of_the_old_chinese_encoding_is_read(refusing: West) -> None:
    text = "用户名,姓名,角色\r\nzhang,张试验,药师\r\n".encode("gb18030")
    answer = upload(refusing.as_admin(), text, "staff.csv")
    assert answer.status_code == 200, text_of(answer)
    assert "张试验" in answer.get_data(as_text=True)


def test_only_an_administrator_sees_the_pages(refusing: West) -> None:
    doctor = refusing.as_doctor()
    for path in ("/staff/list", "/staff/list/template"):
        assert doctor.get(path).status_code == 403
    assert doctor.send("/staff/list/add", OWN).status_code == 403
