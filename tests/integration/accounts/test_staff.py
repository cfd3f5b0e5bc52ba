"""The administrator and her staff: every change at once, logged, and never without a head."""

from __future__ import annotations

import json
import typing
import uuid

import pytest

from saas.accounts.models import Site
from saas.accounts.permissions import ROLES
from tests.support import world
from tests.support.signing_in import (
    at_once,
    enter,
    hidden,
    is_inside,
    log_of,
    secret_of,
    set_up_administrator,
    staff_of,
    text_of,
)
from tests.support.slips import code_on

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser, Person

NEW = {
    "name": "گۈلنار سىناق",
    "name_other": "古丽娜尔·斯纳克",
    "username": "Gulnar",
    "roles": ["public_health_nurse", "pharmacist"],
    "own_password": world.PASSWORD,
}


def edit(browser: Browser, person: Person, **changes: typing.Any) -> TestResponse:  # noqa: ANN401
    """Open the form of a person, change some of it, send it."""
    path = f"/staff/{person.staff_id}/edit"
    seen = json.loads(hidden(browser.get(path), "seen"))
    fields = {**seen, "own_password": world.PASSWORD, **changes}
    return browser.send(path, {"seen": json.dumps(seen), **fields})


def test_a_person_is_added_and_her_password_printed_once(west: West) -> None:
    admin = west.as_admin()
    assert admin.get("/staff/new").status_code == 200
    answer = admin.send("/staff/new", NEW)
    printed = code_on(answer, 3)
    gulnar = staff_of(west.app, west.card, "gulnar")
    assert gulnar is not None
    assert (gulnar.name, gulnar.name_other) == (NEW["name"], NEW["name_other"])
    assert gulnar.roles == ["public_health_nurse", "pharmacist"]
    page = text_of(admin.get(f"/staff/{gulnar.id}"))
    assert printed not in page
    row = log_of(west.app, west.card, "staff.added")[0]
    assert row.staff_id == west.admin.staff_id
    assert printed.replace(" ", "") not in json.dumps(row.detail)
    assert "گۈلنار سىناق" in text_of(admin.get("/staff"))


def test_the_slip_can_be_read_in_the_other_language_and_by_nobody_else(
    west: West,
    moved_clock: typing.Any,  # noqa: ANN401
) -> None:
    admin = west.as_admin()
    slip = admin.send("/staff/new", NEW)
    kept = {"page_code_once": hidden(slip, "page_code_once"), "_language": "zh"}
    other = west.as_admin().send("/staff/new", kept)
    assert code_on(slip, 3) not in other.get_data(as_text=True)
    again = admin.send("/staff/new", kept)
    assert 'lang="zh-Hans-CN"' in again.get_data(as_text=True)
    assert code_on(again, 3) == code_on(slip, 3)
    for _ in range(4):
        moved_clock(minutes=4)
        admin.get("/account")
    assert code_on(slip, 3) not in admin.send("/staff/new", kept).get_data(as_text=True)
    assert len(log_of(west.app, west.card, "staff.added")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "abc\u202edef"),
        ("username", ""),
        ("username", "doctor"),
        ("username", "DOCTOR"),
        ("username", "گۈلنار"),
        ("username", "a"),
        ("username", "a b"),
        ("roles", []),
        ("roles", ["operator"]),
        ("roles", ["village_doctor", "audit_reviewer"]),
        ("site_ids", [str(uuid.uuid4())]),
        ("own_password", "not hers"),
        ("own_password", ""),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    refusing: West,
    field: str,
    value: typing.Any,  # noqa: ANN401
) -> None:
    before = everybody(refusing)
    answer = refusing.as_admin().send("/staff/new", NEW | {field: value})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in html
    assert field == "name" or "گۈلنار سىناق" in html
    assert everybody(refusing) == before


def everybody(west: West) -> int:
    """How many people the list shows."""
    return west.as_admin().get("/staff").get_data(as_text=True).count("<tr>")


def test_names_and_sites_change_without_the_password_roles_with_it(west: West) -> None:
    admin = west.as_admin()
    assert edit(admin, west.doctor, name="ئادىل يېڭى", own_password="").status_code == 303
    refused = edit(admin, west.doctor, roles=["township_gp"], own_password="")
    assert refused.status_code == 422
    assert edit(admin, west.doctor, roles=["township_gp", "pharmacist"]).status_code == 303
    doctor = staff_of(west.app, west.card, "doctor")
    assert doctor is not None
    assert (doctor.name, doctor.roles) == ("ئادىل يېڭى", ["township_gp", "pharmacist"])
    rows = log_of(west.app, west.card, "staff.changed")
    assert [row.detail["fields"] for row in rows] == [["name"], ["roles"]]


def test_all_places_are_those_of_today_and_none_means_none(west: West) -> None:
    """What an empty choice means stands beside the choice."""
    admin = west.as_admin()
    with world.inside(west.app, west.card) as session:
        everywhere = sorted(str(site.id) for site in session.query(Site))
    assert len(everywhere) > 1
    for chosen, stored in ((["all"], everywhere), (["all", everywhere[0]], everywhere), ([], [])):
        assert edit(admin, west.doctor, site_ids=chosen).status_code == 303
        doctor = staff_of(west.app, west.card, "doctor")
        assert doctor is not None
        assert sorted(doctor.site_ids) == stored
    page = admin.get(f"/staff/{west.doctor.staff_id}/edit").get_data(as_text=True)
    assert 'id="site_ids-hint"' in page


def test_a_changed_role_acts_with_the_next_request(west: West) -> None:
    admin, doctor = west.as_admin(), west.as_doctor()
    assert doctor.get("/staff").status_code == 403
    edit(admin, west.doctor, roles=["audit_reviewer"])
    assert doctor.get("/residents").status_code == 403
    assert is_inside(doctor)


def test_a_new_administrator_must_set_up_a_second_factor_first(west: West) -> None:
    doctor = west.as_doctor()
    assert edit(west.as_admin(), west.doctor, roles=["clinic_admin"]).status_code == 303
    assert doctor.get("/staff").headers["Location"] == "/sign-in"
    again = enter(west.browser(), west.card, "doctor")
    assert again.headers["Location"] == "/second-factor/set-up"


def test_a_lost_race_shows_both_and_keeps_what_was_typed(west: West) -> None:
    admin, path = west.as_admin(), f"/staff/{west.doctor.staff_id}/edit"
    seen = hidden(admin.get(path), "seen")
    edit(admin, west.doctor, name="ئادىل باشقا")
    mine = {**json.loads(seen), "seen": seen, "name": "ئادىل مېنىڭ"}
    answer = admin.send(path, mine)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "ئادىل باشقا" in html
    assert 'value="ئادىل مېنىڭ"' in html
    mine["seen"] = hidden(answer, "seen")
    assert admin.send(path, mine).status_code == 303
    doctor = staff_of(west.app, west.card, "doctor")
    assert doctor is not None
    assert doctor.name == "ئادىل مېنىڭ"


def test_her_own_language_switch_is_no_race(west: West) -> None:
    admin, path = west.as_admin(), f"/staff/{west.doctor.staff_id}/edit"
    seen = hidden(admin.get(path), "seen")
    west.as_doctor().send("/account/language", {"language": "zh"})
    fields = {**json.loads(seen), "seen": seen, "name": "ئادىل"}
    assert admin.send(path, fields).status_code == 303


def test_the_last_administrator_stays(west: West) -> None:
    admin = west.as_admin()
    assert edit(admin, west.admin, roles=["village_doctor"]).status_code == 422
    assert admin.send(f"/staff/{west.admin.staff_id}/disable").status_code == 422
    assert is_inside(admin)


def test_nobody_disables_herself_even_with_another_administrator(west: West) -> None:
    world.add_staff(west.app, west.card, "second", "clinic_admin")
    admin = west.as_admin()
    assert admin.send(f"/staff/{west.admin.staff_id}/disable").status_code == 422
    assert edit(admin, west.admin, roles=["village_doctor"]).status_code == 303
    assert admin.get("/staff").status_code == 403


def test_two_administrators_cannot_remove_each_other_at_once(west: West) -> None:
    second = world.add_staff(west.app, west.card, "second", "clinic_admin")
    pairs = [(west.as_admin(), second), (world.sign_in(west.app, second), west.admin)]
    ready = [(browser, browser.csrf(), victim) for browser, victim in pairs]
    statuses: list[int] = []

    def disable(browser: Browser, csrf: str, victim: Person) -> None:
        path = f"/staff/{victim.staff_id}/disable"
        statuses.append(browser.post(path, data={"csrf_token": csrf}).status_code)

    at_once(disable, ready)
    people = [staff_of(west.app, west.card, name) for name in ("admin", "second")]
    assert sum(1 for who in people if who and who.disabled_at is None) == 1
    assert statuses.count(303) <= 2


def test_access_is_ended_and_given_back(west: West) -> None:
    admin = west.as_admin()
    assert admin.send(f"/staff/{west.doctor.staff_id}/disable").status_code == 303
    assert enter(west.browser(), west.card, "doctor").status_code == 422
    assert admin.send(f"/staff/{west.doctor.staff_id}/enable").status_code == 303
    assert enter(west.browser(), west.card, "doctor").status_code == 303
    for act in ("staff.disabled", "staff.enabled"):
        assert log_of(west.app, west.card, act)[0].detail == {"staff": str(west.doctor.staff_id)}


@pytest.mark.parametrize("lost", [False, True])
def test_a_reset_prints_a_one_time_password(west: West, *, lost: bool) -> None:
    set_up_administrator(west.app, west.doctor)
    working = west.as_doctor()
    fields = {"own_password": world.PASSWORD} | ({"lost_second_factor": "y"} if lost else {})
    path = f"/staff/{west.doctor.staff_id}/reset"
    assert west.as_admin().get(path).status_code == 200
    answer = west.as_admin().send(path, fields)
    printed = code_on(answer, 3)
    assert not is_inside(working)
    assert enter(west.browser(), west.card, "doctor").status_code == 422
    first = enter(west.browser(), west.card, "doctor", printed).headers["Location"]
    assert first == ("/new-password" if lost else "/second-factor")
    assert secret_of(west.app, west.doctor).has_second_factor is not lost
    detail = log_of(west.app, west.card, "staff.reset")[0].detail
    assert detail == {"staff": str(west.doctor.staff_id), "second_factor_removed": lost}


def test_a_reset_asks_for_the_administrators_password(west: West) -> None:
    before = secret_of(west.app, west.doctor).password_hash
    path = f"/staff/{west.doctor.staff_id}/reset"
    assert west.as_admin().send(path, {"own_password": "wrong"}).status_code == 422
    assert west.as_admin().send(path).status_code == 422
    assert secret_of(west.app, west.doctor).password_hash == before
    own = f"/staff/{west.admin.staff_id}/reset"
    assert west.as_admin().get(own).headers["Location"] == "/account/password"
    answer = west.as_admin().send(own, {"own_password": world.PASSWORD})
    assert answer.headers["Location"] == "/account/password"


PAGES = ["", "/edit", "/reset"]
ACTS = ["/edit", "/reset", "/disable", "/enable", "/end-sessions"]


def test_nobody_of_another_clinic_is_found(west: West, north: typing.Any) -> None:  # noqa: ANN401
    stranger = north.person("village_doctor")
    admin = west.as_admin()
    for page in PAGES:
        assert admin.get(f"/staff/{stranger.staff_id}{page}").status_code == 404
    for act in ACTS:
        fields = {"own_password": world.PASSWORD}
        assert admin.send(f"/staff/{stranger.staff_id}{act}", fields).status_code == 404
    assert is_inside(north.browser())


@pytest.mark.parametrize("role", [role for role in ROLES if role != "clinic_admin"])
def test_only_the_administrator_manages(refusing: West, role: str) -> None:
    person = world.add_staff(refusing.app, refusing.card, f"x-{role.replace('_', '-')}", role)
    browser = world.sign_in(refusing.app, person)
    for page in ("/staff", "/staff/new", "/sites", "/sites/new", "/settings"):
        assert browser.get(page).status_code == 403
    for act in ACTS:
        fields = {"own_password": world.PASSWORD}
        answer = browser.send(f"/staff/{refusing.doctor.staff_id}{act}", fields)
        assert answer.status_code == 403
    assert log_of(refusing.app, refusing.card, "staff.disabled") == []
