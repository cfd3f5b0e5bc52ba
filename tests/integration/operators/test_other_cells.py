"""The console and a clinic of another cell: known as one of its own, and told of when the cell is silent."""

from __future__ import annotations

import re
import typing

import pytest

from saas.web import clock
from tenants.placing import MAIN
from tenants.trees import CLINIC
from tests.integration.operators.test_slips import come, printed
from tests.support import operating, world
from tests.support.cells import closed
from tests.support.elsewhere import acts, county_of, make, rooms_of, sealed_word, there
from tests.support.rosters import ask
from tests.support.signing_in import browser_of, enter, text_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk

NOT_KNOWN = re.compile("بۇ يەردە مەلۇم ئەمەس|此处未知")
SILENT = re.compile("جاۋاب بەرمەيۋاتىدۇ|没有响应")
STRANGE = re.compile("بۇ يەردىن سورىغىلى بولمايدۇ|无法从此处查询")
ON_ITS_WAY = re.compile("باشقا ساندانغا يۆتكىلىۋاتىدۇ|正在迁移到另一数据库")
LEFT_OUT = re.compile("قالدۇرۇلغان ئاپپارات: .?1|未列入的机构数：1")


@pytest.fixture(scope="module")
def card(app: Flask) -> ClinicCard:
    return make(app)


def room_of(app: Flask) -> str:
    return next(name for name, _ in operating.console_of(app).shell.rooms)


def test_the_console_knows_a_clinic_of_another_cell_as_one_of_its_own(
    app: Flask, card: ClinicCard, desk: Desk
) -> None:
    answer = desk.at(f"/clinics/{card.id}")
    assert answer.status_code == 200
    assert NOT_KNOWN.findall(text_of(answer)) == []
    page = answer.get_data(as_text=True)
    assert f'class="code">{world.FAR}<' in page
    assert f'class="code">{CLINIC.head}<' in page
    word = sealed_word(app, card)
    assert (word["sites"], word["people"], word["has_keys"]) == (3, 0, True)
    assert f"/clinics/{card.id}/room" in page


def test_the_last_sign_in_of_a_clinic_elsewhere_is_shown(app: Flask, desk: Desk) -> None:
    made = make(app)
    ask(app, "UPDATE platform.clinic SET created_at = now() - interval '9 days' WHERE id = %s", made.id)
    ask(app, "UPDATE platform.clinic SET state_since = now() - interval '9 days' WHERE id = %s", made.id)
    ask(app, "UPDATE platform.operator_act SET at = now() - interval '9 days' WHERE clinic_id = %s", made.id)
    world.add_staff(app, made, "doctor", "village_doctor")
    assert str(clock.today()) not in text_of(desk.at(f"/clinics/{made.id}"))
    assert enter(browser_of(app), made, "doctor").status_code == 303
    assert str(clock.today()) in text_of(desk.at(f"/clinics/{made.id}"))


def test_a_room_is_switched_in_its_own_cell_and_the_act_stands_where_its_people_read_it(
    app: Flask, card: ClinicCard
) -> None:
    operator = operating.add(app)
    desk, room = operating.sign_in(app, operator), room_of(app)
    version, _ = rooms_of(app, card)
    for number, (on, act) in enumerate((("0", "room.off"), ("1", "room.on")), 1):
        assert desk.do(f"/clinics/{card.id}/room", {"room": room, "on": on}).status_code == 303
        now, rooms = rooms_of(app, card)
        assert (now, room in rooms) == (version + number, on == "1")
        newest = (
            "SELECT act, operator, detail FROM platform.operator_act WHERE clinic_id = %s "
            "ORDER BY at DESC LIMIT 1"
        )
        told = ask(app, newest, card.id)
        assert told == [(act, operator.name, room)]
    admin = world.add_staff(app, card, f"reads{version}", "clinic_admin")
    staff = f"{card.binding.schema}.staff"
    there(app, f"UPDATE {staff} SET acts_seen_at = now() - interval '1 h' WHERE id = %s", admin.staff_id)  # noqa: S608
    assert operator.name in text_of(world.sign_in(app, admin, stage="notice").get("/notices"))
    there(app, f"UPDATE {staff} SET disabled_at = now() WHERE id = %s", admin.staff_id)  # noqa: S608


def test_a_clinic_elsewhere_goes_its_step_forward_when_its_items_hold(app: Flask, desk: Desk) -> None:
    made = world.provision(app, world.free_code(), "远步卫生院", sites=1, cell=world.FAR)
    ask(app, "UPDATE platform.clinic SET state = 'provisioned' WHERE id = %s", made.id)
    way = {"was": "provisioned", "goes_to": "configured", "reason": ""}
    assert desk.do(f"/clinics/{made.id}/move", way).status_code == 422
    world.add_staff(app, made, "head", "clinic_admin")
    there(app, f"UPDATE {made.binding.schema}.staff_secret SET totp_key = 'x', totp_confirmed_at = now()")  # noqa: S608
    desk.do(f"/clinics/{made.id}/tick", {"item": "licence", "done": "1"})
    assert desk.do(f"/clinics/{made.id}/move", way).status_code == 303
    assert world.card_of(app, made.code).state == "configured"
    assert acts(app, made)[-2:] == ["checklist.ticked", "clinic.moved"]


def test_the_slips_of_a_county_are_of_all_its_cells_and_the_first_administrator_comes(
    app: Flask, desk: Desk
) -> None:
    county, near, far = county_of(app)
    codes = printed(desk, county)
    assert codes.keys() == {near.code, far.code}
    assert acts(app, far)[-1] == "invitation.printed"
    assert come(browser_of(app), far, codes[far.code]).headers["Location"] == "/second-factor/set-up"
    staff = f"SELECT count(*) FROM {far.binding.schema}.staff"  # noqa: S608
    assert there(app, staff) == [(1,)]
    assert come(browser_of(app), far, codes[far.code]).status_code == 422
    assert printed(desk, county).keys() == {near.code}, "it has its administrator now"


def test_an_order_that_cannot_be_carried_out_leaves_no_act(app: Flask, card: ClinicCard, desk: Desk) -> None:
    before = rooms_of(app, card), acts(app, card)
    ((inside, outside),) = there(app, "DELETE FROM platform.cell_key RETURNING inside, outside")
    try:
        answer = desk.do(f"/clinics/{card.id}/room", {"room": room_of(app), "on": "0"})
    finally:
        there(app, "INSERT INTO platform.cell_key (inside, outside) VALUES (%s, %s)", inside, outside)
    assert answer.status_code == 303
    assert STRANGE.search(text_of(desk.at(f"/clinics/{card.id}")))
    assert (rooms_of(app, card), acts(app, card)) == before


@pytest.mark.parametrize("stage", ["paused", "fenced"])
def test_nothing_is_changed_in_a_clinic_that_is_on_its_way(
    app: Flask, card: ClinicCard, desk: Desk, stage: str
) -> None:
    before = rooms_of(app, card), acts(app, card)
    standing = "UPDATE platform.clinic_revision SET standing = %s WHERE clinic_id = %s"
    ask(app, "UPDATE platform.clinic SET moving_to = %s WHERE id = %s", MAIN, card.id)
    if stage == "fenced":
        there(app, standing, "gone", card.id)
    try:
        desk.do(f"/clinics/{card.id}/room", {"room": room_of(app), "on": "0"})
        page = text_of(desk.at(f"/clinics/{card.id}"))
    finally:
        there(app, standing, "here", card.id)
        ask(app, "UPDATE platform.clinic SET moving_to = NULL WHERE id = %s", card.id)
    assert ON_ITS_WAY.search(page)
    assert (rooms_of(app, card), acts(app, card)) == before


def test_of_a_silent_cell_the_console_says_so_and_the_rest_of_it_works(
    app: Flask, card: ClinicCard, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    county, near, far = county_of(app)
    before = rooms_of(app, card), acts(app, card)
    way = {"was": "provisioned", "goes_to": "configured", "reason": ""}
    ask(app, "UPDATE platform.clinic SET state = 'provisioned' WHERE id = %s", card.id)
    with closed(world.caretaker(app), monkeypatch):
        page = desk.at(f"/clinics/{card.id}")
        assert page.status_code == 200
        assert SILENT.search(text_of(page))
        assert len(NOT_KNOWN.findall(text_of(page))) > 7
        assert f"/clinics/{card.id}/room" not in page.get_data(as_text=True)
        desk.do(f"/clinics/{card.id}/room", {"room": room_of(app), "on": "0"})
        refused = desk.do(f"/clinics/{card.id}/move", way)
        assert (refused.status_code, bool(SILENT.search(text_of(refused)))) == (422, True)
        listed = desk.at("/clinics", q=far.code)
        assert (listed.status_code, far.code in text_of(listed)) == (200, True)
        for answer in (
            desk.at("/slips", prefecture="试验地区", county=county),
            desk.do("/slips", {"prefecture": "试验地区", "county": county}),
        ):
            told = text_of(answer)
            assert SILENT.search(told)
            assert LEFT_OUT.search(told)
            assert (near.code in told, far.code in told) == (True, False)
    assert (rooms_of(app, card), acts(app, card)) == before
    assert printed(desk, county).keys() == {near.code, far.code}


def test_a_cell_without_an_address_for_it_is_told_of_in_other_words(
    app: Flask, card: ClinicCard, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.caretaker(app).cell_desk, "can_ask", lambda _: False)
    told = text_of(desk.at(f"/clinics/{card.id}"))
    assert (bool(STRANGE.search(told)), bool(SILENT.search(told))) == (True, False)
