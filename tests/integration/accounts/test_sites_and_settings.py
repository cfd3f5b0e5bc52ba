"""Sites and settings of the clinic: names in both languages, and what the roster may not undo."""

from __future__ import annotations

import json
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.accounts.models import Site
from saas.web.models import ClinicSetting
from tests.support import world
from tests.support.signing_in import hidden, log_of, text_of

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def sites_of(west: West) -> list[Site]:
    """Centre first, then by code."""
    with world.inside(west.app, west.card) as session:
        return list(session.scalars(sa.select(Site).order_by(Site.kind, Site.code)))


def rename(browser: Browser, site: Site, name_zh: str, name_ug: str) -> TestResponse:
    """Open the form of a site and send it with these names."""
    path = f"/sites/{site.id}/edit"
    fields = {"seen": hidden(browser.get(path), "seen"), "name_zh": name_zh, "name_ug": name_ug}
    return browser.send(path, fields)


def test_a_village_clinic_is_added_once_however_often_it_is_sent(west: West) -> None:
    admin = west.as_admin()
    form_id = hidden(admin.get("/sites/new"), "form_id")
    fields = {"form_id": form_id, "name_zh": "新村卫生室", "name_ug": "يېڭى كەنت", "code": ""}
    for _ in range(2):
        assert admin.send("/sites/new", fields).status_code == 303
    added = [site for site in sites_of(west) if site.name_zh == "新村卫生室"]
    assert len(added) == 1
    assert (added[0].kind, added[0].name_ug, added[0].name_zh_own) == (
        "village_clinic",
        "يېڭى كەنت",
        True,
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [("", ""), ("x" * 101, ""), ("新村", "12"), ("新村", "abcdefghijkl"), ("新\u202e村", "")],
)
def test_a_site_that_does_not_hold_is_refused(refusing: West, name: str, code: str) -> None:
    fields = {"name_zh": name, "name_ug": "", "code": code}
    assert refusing.as_admin().send("/sites/new", fields).status_code == 422
    assert len(sites_of(refusing)) == 3


def test_a_code_belongs_to_one_site(refusing: West) -> None:
    taken = sites_of(refusing)[1].code
    fields = {"name_zh": "新村", "name_ug": "", "code": taken}
    assert refusing.as_admin().send("/sites/new", fields).status_code == 422


def test_a_chinese_name_that_the_clinic_chose_is_marked_as_its_own(west: West) -> None:
    admin, village = west.as_admin(), sites_of(west)[1]
    assert rename(admin, village, village.name_zh, "سىناق كەنت").status_code == 303
    assert sites_of(west)[1].name_zh_own is False
    assert rename(admin, village, "自己的名字", "سىناق كەنت").status_code == 303
    changed = sites_of(west)[1]
    assert (changed.name_zh, changed.name_ug, changed.name_zh_own) == (
        "自己的名字",
        "سىناق كەنت",
        True,
    )


def test_two_who_rename_at_once_see_both(west: West) -> None:
    admin, village = west.as_admin(), sites_of(west)[1]
    seen = hidden(admin.get(f"/sites/{village.id}/edit"), "seen")
    rename(admin, village, "别人的名字", "")
    fields = {"seen": seen, "name_zh": "我的名字", "name_ug": ""}
    answer = admin.send(f"/sites/{village.id}/edit", fields)
    assert answer.status_code == 409
    assert "别人的名字" in text_of(answer)
    assert 'value="我的名字"' in answer.get_data(as_text=True)
    assert sites_of(west)[1].name_zh == "别人的名字"


def test_a_site_is_closed_and_opened_again_but_not_the_centre(west: West) -> None:
    admin, (centre, village, _) = west.as_admin(), sites_of(west)
    assert admin.send(f"/sites/{village.id}/close").status_code == 303
    assert sites_of(west)[1].closed_at is not None
    # Its residents still need somebody to whom their records are open; work there is no longer offered.
    assert f"{village.name_zh}\N{POP DIRECTIONAL ISOLATE} (تاقالغان)" in text_of(admin.get("/staff/new"))
    assert village.name_zh not in text_of(admin.get("/residents/new"))
    assert admin.send(f"/sites/{village.id}/reopen").status_code == 303
    assert sites_of(west)[1].closed_at is None
    assert admin.send(f"/sites/{centre.id}/close").status_code == 404
    assert sites_of(west)[0].closed_at is None
    for act in ("site.closed", "site.reopened"):
        assert log_of(west.app, west.card, act)


def test_no_site_of_another_clinic_is_found(west: West) -> None:
    admin = west.as_admin()
    north = world.card_of(west.app, world.NORTH)
    with world.inside(west.app, north) as session:
        foreign = session.scalars(sa.select(Site).limit(1)).one()
    for site_id in (foreign.id, uuid.uuid4()):
        assert admin.get(f"/sites/{site_id}/edit").status_code == 404
        for act in ("edit", "close", "reopen"):
            assert admin.send(f"/sites/{site_id}/{act}", {"name_zh": "x"}).status_code == 404


def settings_of(west: West) -> ClinicSetting:
    """The clinic's one row."""
    with world.inside(west.app, west.card) as session:
        return session.scalars(sa.select(ClinicSetting)).one()


def change(browser: Browser, **changes: str) -> TestResponse:
    """Open the settings, change some, send."""
    seen = json.loads(hidden(browser.get("/settings"), "seen"))
    return browser.send("/settings", {**seen, "seen": json.dumps(seen), **changes})


def test_names_paper_language_and_lock_time_are_the_clinics(west: West) -> None:
    admin = west.as_admin()
    changes = {"name_ug": "غەربىي سىناق شىپاخانىسى", "paper": "A5", "default_language": "zh"}
    assert change(admin, **changes, lock_minutes="7").status_code == 303
    setting = settings_of(west)
    assert (setting.paper, setting.default_language, setting.lock_minutes) == ("A5", "zh", 7)
    card = world.card_of(west.app, west.card.code)
    assert (card.name_zh, card.name_ug) == (west.card.name_zh, "غەربىي سىناق شىپاخانىسى")
    page = admin.get("/settings").get_data(as_text=True)
    assert 'value="غەربىي سىناق شىپاخانىسى"' in page
    assert 'data-paper="A5"' in page
    fields = ["name_ug", "paper", "default_language", "lock_minutes"]
    assert log_of(west.app, west.card, "clinic.changed")[0].detail["fields"] == fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_zh", ""),
        ("name_zh", "x" * 101),
        ("name_ug", "a\u2066b"),
        ("paper", "A3"),
        ("default_language", "en"),
        ("lock_minutes", "2"),
        ("lock_minutes", "11"),
        ("lock_minutes", "x"),
    ],
)
def test_settings_that_do_not_hold_change_nothing(refusing: West, field: str, value: str) -> None:
    answer = change(refusing.as_admin(), **{field: value})
    assert answer.status_code == 422
    setting = settings_of(refusing)
    assert (setting.paper, setting.default_language, setting.lock_minutes) == ("A4", "ug", 5)
    card = world.card_of(refusing.app, refusing.card.code)
    assert card.name_zh == refusing.card.name_zh


def test_two_who_change_settings_at_once_see_both(west: West) -> None:
    admin = west.as_admin()
    seen = hidden(admin.get("/settings"), "seen")
    change(admin, paper="A5")
    answer = admin.send("/settings", {**json.loads(seen), "seen": seen, "lock_minutes": "9"})
    assert answer.status_code == 409
    assert settings_of(west).lock_minutes == 5
    fields = {**json.loads(seen), "seen": hidden(answer, "seen"), "lock_minutes": "9"}
    assert admin.send("/settings", fields).status_code == 303
