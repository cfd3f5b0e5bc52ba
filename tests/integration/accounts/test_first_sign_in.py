"""From the printed password to work: what stands between, in its order."""

from __future__ import annotations

import typing

import pytest

from tests.support import world
from tests.support.signing_in import (
    NEW_PASSWORD,
    at_once,
    code_of,
    enter,
    hidden,
    is_inside,
    log_of,
    secret_of,
    staff_of,
    text_of,
    token_of,
    with_token,
)
from tests.support.slips import code_on, shown_key

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def add(west: West, username: str, *roles: str) -> str:
    """Have the administrator add somebody; the printed password."""
    fields = {"name": "گۈلنار سىناق", "username": username, "roles": list(roles)}
    answer = west.as_admin().send("/staff/new", {**fields, "own_password": world.PASSWORD})
    assert answer.status_code == 200
    return code_on(answer, 3)


def choose_password(browser: Browser) -> str:
    """Set a password of one's own; where it leads."""
    fields = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    answer = browser.send("/new-password", fields)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_new_nurse_sets_a_password_of_her_own_first(west: West) -> None:
    printed, browser = add(west, "gulnar", "public_health_nurse"), west.browser()
    answer = enter(browser, west.card, "gulnar", printed.replace(" ", "-"))
    assert answer.headers["Location"] == "/new-password"
    assert not is_inside(browser)
    before = token_of(browser)
    assert choose_password(browser) == "/notices"
    assert token_of(browser) != before
    assert not is_inside(with_token(west.app, before))
    assert browser.send("/notices").headers["Location"] == "/"
    assert is_inside(browser)
    assert enter(west.browser(), west.card, "gulnar", printed).status_code == 422
    assert enter(west.browser(), west.card, "gulnar", NEW_PASSWORD).headers["Location"] == "/"


def test_the_printed_password_runs_out_after_24_hours(west: West, moved_clock: Callable[..., None]) -> None:
    printed = add(west, "gulnar", "public_health_nurse")
    moved_clock(hours=23, minutes=59)
    assert enter(west.browser(), west.card, "gulnar", printed).status_code == 303
    moved_clock(minutes=2)
    answer = enter(west.browser(), west.card, "gulnar", printed)
    assert answer.status_code == 422
    assert token_of(west.browser()) == ""
    wrong = enter(west.browser(), west.card, "gulnar", "0000 0000 0000")
    assert text_of(answer) != text_of(wrong)


@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("short", "short"),
        ("gulnar gulnar", "gulnar gulnar"),
        (NEW_PASSWORD, NEW_PASSWORD + "!"),
        ("PRINTED", "PRINTED"),
        ("", ""),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(west: West, new: str, again: str) -> None:
    printed, browser = add(west, "gulnar", "public_health_nurse"), west.browser()
    enter(browser, west.card, "gulnar", printed)
    fields = {
        "new_password": new.replace("PRINTED", printed),
        "new_password_again": again.replace("PRINTED", printed),
    }
    answer = browser.send("/new-password", fields)
    assert answer.status_code == 422
    assert '-error"' in answer.get_data(as_text=True)
    assert secret_of(west.app, west.doctor).password_is_temporary is False
    assert browser.get("/account").headers["Location"] == "/new-password"


def test_a_new_administrator_walks_through_everything_in_order(west: West) -> None:
    printed, browser = add(west, "second", "clinic_admin"), west.browser()
    enter(browser, west.card, "second", printed)
    tokens = {token_of(browser)}
    assert choose_password(browser) == "/second-factor/set-up"
    tokens.add(token_of(browser))
    page = browser.get("/second-factor/set-up")
    code = code_of(shown_key(page))
    fields = {"key": hidden(page, "key"), "second_code_once": code}
    assert browser.send("/second-factor/set-up", fields).status_code == 200
    done = browser.send("/second-factor/set-up", {"done": "1"})
    assert done.headers["Location"] == "/recovery-sheet"
    tokens.add(token_of(browser))
    sheet = browser.send("/recovery-sheet")
    assert len(code_on(sheet, 5).replace(" ", "")) == 20
    assert browser.get("/account").headers["Location"] == "/recovery-sheet"
    assert browser.send("/recovery-sheet/printed").headers["Location"] == "/notices"
    tokens.add(token_of(browser))
    assert browser.send("/notices").headers["Location"] == "/"
    tokens.add(token_of(browser))
    assert len(tokens) == 5
    assert browser.get("/staff").status_code == 200
    second = staff_of(west.app, west.card, "second")
    assert second is not None
    assert secret_of(west.app, world.Person(west.card, second.id, "second", "clinic_admin")).has_sheet


def test_no_stage_can_be_skipped(west: West) -> None:
    printed, browser = add(west, "second", "clinic_admin"), west.browser()
    enter(browser, west.card, "second", printed)
    later = ("/second-factor", "/second-factor/set-up", "/recovery-sheet", "/notices", "/unlock")
    for page in (*later, "/staff", "/"):
        assert browser.get(page).headers["Location"] == "/new-password"
        assert browser.send(page).headers.get("Location", "/new-password") == "/new-password"
    assert browser.send("/recovery-sheet/printed").headers["Location"] == "/new-password"


def test_a_sheet_that_was_never_made_is_not_printed(west: West) -> None:
    browser = world.sign_in(west.app, west.doctor, stage="sheet")
    promote(west)
    assert browser.send("/recovery-sheet/printed").headers["Location"] != "/"
    assert not secret_of(west.app, west.doctor).has_sheet


def promote(west: West) -> None:
    """Make the doctor an administrator, behind the pages' back."""
    with world.inside(west.app, west.card) as session:
        staff = session.get(type(staff_of(west.app, west.card, "doctor")), west.doctor.staff_id)
        assert staff is not None
        staff.roles = ["clinic_admin"]


def test_operator_acts_are_shown_to_each_person_and_logged_once(west: West) -> None:
    world.caretaker(west.app).record_act(west.card, "clinic.suspended", "unpaid CANARY-7")
    doctor, admin = west.browser(), west.browser()
    assert enter(doctor, west.card, "doctor").headers["Location"] == "/notices"
    assert "CANARY-7" in text_of(doctor.get("/notices"))
    assert doctor.get("/").headers["Location"] == "/notices"
    switched = doctor.send("/notices", {"_language": "zh"})
    assert 'lang="zh-Hans-CN"' in switched.get_data(as_text=True)
    assert "CANARY-7" in text_of(switched)
    assert doctor.send("/notices").headers["Location"] == "/"
    enter(admin, west.card, "admin")
    admin.send("/second-factor", {"second_code_once": code_of(west.admin_key)})
    assert "CANARY-7" in text_of(admin.get("/notices"))
    admin.send("/notices")
    copied = log_of(west.app, west.card, "operator.act")
    assert [row.detail["detail"] for row in copied] == ["unpaid CANARY-7"]
    assert copied[0].staff_id == west.doctor.staff_id
    assert enter(west.browser(), west.card, "doctor").headers["Location"] == "/"


def test_an_act_read_by_three_people_at_once_is_logged_once(west: West) -> None:
    names = ["doctor", "one", "two"]
    for username in names[1:]:
        world.add_staff(west.app, west.card, username, "village_doctor")
    world.caretaker(west.app).record_act(west.card, "clinic.updated", "CANARY-9")
    browsers = [west.browser() for _ in names]
    for browser, username in zip(browsers, names, strict=True):
        enter(browser, west.card, username)
    tokens = [browser.csrf() for browser in browsers]

    def read(browser: Browser, csrf: str) -> None:
        assert browser.post("/notices", data={"csrf_token": csrf}).status_code == 303

    at_once(read, zip(browsers, tokens, strict=True))
    assert [is_inside(browser) for browser in browsers] == [True] * 3
    assert len(log_of(west.app, west.card, "operator.act")) == 1


def test_acts_on_another_clinic_are_not_shown(west: West) -> None:
    north = world.card_of(west.app, world.NORTH)
    world.caretaker(west.app).record_act(north, "clinic.updated", "CANARY-8")
    assert enter(west.browser(), west.card, "doctor").headers["Location"] == "/"
