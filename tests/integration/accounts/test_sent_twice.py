"""A double submit is harmless: people, places and settings are saved once, however often they are sent."""

from __future__ import annotations

import json
import typing
import uuid

import sqlalchemy as sa

from saas.accounts.models import Site
from tests.support import world
from tests.support.signing_in import at_once, enter, hidden, log_of, staff_of
from tests.support.slips import code_on

if typing.TYPE_CHECKING:
    from tests.integration.accounts.conftest import West

NEW = {
    "name": "گۈلنار سىناق",
    "name_other": "",
    "username": "gulnar",
    "roles": ["pharmacist"],
    "own_password": world.PASSWORD,
}


def sites_of(west: West) -> list[Site]:
    """Centre first, then by code."""
    with world.inside(west.app, west.card) as session:
        return list(session.scalars(sa.select(Site).order_by(Site.kind, Site.code)))


def test_a_form_sent_twice_makes_one_person_and_the_last_slip_is_good(west: West) -> None:
    admin, form = west.as_admin(), NEW | {"form_id": str(uuid.uuid4())}
    first, last = (code_on(admin.send("/staff/new", form), 3) for _ in range(2))
    assert len(log_of(west.app, west.card, "staff.added")) == 1
    assert enter(west.browser(), west.card, "gulnar", first).status_code == 422
    assert enter(west.browser(), west.card, "gulnar", last).headers["Location"] == "/new-password"
    assert admin.send("/staff/new", form | {"form_id": str(uuid.uuid4())}).status_code == 422


def test_a_form_sent_at_once_makes_one_person(west: West) -> None:
    form, answers = NEW | {"form_id": str(uuid.uuid4())}, []
    browsers = [west.as_admin() for _ in range(4)]
    at_once(
        lambda browser: answers.append(browser.send("/staff/new", form).status_code),
        [(one,) for one in browsers],
    )
    assert answers == [200] * 4
    assert len(log_of(west.app, west.card, "staff.added")) == 1


def test_the_form_of_somebody_who_has_chosen_her_password_changes_nothing(west: West) -> None:
    admin, form = west.as_admin(), NEW | {"form_id": str(west.doctor.staff_id), "username": "doctor"}
    assert admin.send("/staff/new", form).status_code == 422
    assert enter(west.browser(), west.card, "doctor").status_code == 303


def test_a_change_sent_twice_is_no_race_with_oneself(west: West) -> None:
    admin, path = west.as_admin(), f"/staff/{west.doctor.staff_id}/edit"
    seen = hidden(admin.get(path), "seen")
    mine = {**json.loads(seen), "seen": seen, "name": "ئادىل يېڭى"}
    assert [admin.send(path, mine).status_code for _ in range(2)] == [303, 303]


def test_ending_access_twice_keeps_the_time_of_the_first(west: West) -> None:
    admin, times = west.as_admin(), []
    for _ in range(2):
        admin.send(f"/staff/{west.doctor.staff_id}/disable")
        doctor = staff_of(west.app, west.card, "doctor")
        assert doctor is not None
        times.append(doctor.disabled_at)
    assert times[0] == times[1]


def test_a_new_site_with_a_code_is_added_once_however_often_it_is_sent(west: West) -> None:
    before, form = len(sites_of(west)), {"name_zh": "新村", "name_ug": "", "code": f"{west.card.code}777"}
    browsers, answers = [west.as_admin() for _ in range(3)], []
    at_once(
        lambda browser: answers.append(browser.send("/sites/new", form).status_code),
        [(one,) for one in browsers],
    )
    assert [*answers, browsers[0].send("/sites/new", form).status_code] == [303] * 4
    assert len(sites_of(west)) == before + 1
    assert browsers[0].send("/sites/new", form | {"name_zh": "另村"}).status_code == 422


def test_sites_and_settings_sent_twice_are_no_race_with_oneself(west: West) -> None:
    admin, village = west.as_admin(), sites_of(west)[1]
    path = f"/sites/{village.id}/edit"
    fields = {"seen": hidden(admin.get(path), "seen"), "name_zh": "自己的名字", "name_ug": ""}
    assert [admin.send(path, fields).status_code for _ in range(2)] == [303, 303]
    seen = hidden(admin.get("/settings"), "seen")
    changes = {**json.loads(seen), "seen": seen, "paper": "A5"}
    assert [admin.send("/settings", changes).status_code for _ in range(2)] == [303, 303]
