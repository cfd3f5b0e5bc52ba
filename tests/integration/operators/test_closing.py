"""Closing in the console: ordered, archived, removed by two operators; opened again until then."""

from __future__ import annotations

import typing
import uuid

import pytest

from tenants import closing_orders
from tenants.archives.opening import Archive
from tenants.closing import ClosingRefused, Closings
from tenants.console.closings import STEPS
from tenants.console.order_kinds import ABOUT
from tenants.order_kinds import KINDS
from tenants.trees import PLATFORM
from tests.support import operating, ordering, world
from tests.support.archived import give_code
from tests.support.closing_down import WHAT_FOR, acts, carry_out, closed, offered, order, send, stands
from tests.support.rosters import ask
from tests.support.signing_in import text_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


@pytest.fixture
def card(app: Flask) -> ClinicCard:
    """A clinic at work, in the main database or in the further one."""
    return world.provision(app, world.free_code(), "关闭试验院", sites=1)


@pytest.fixture
def other(app: Flask) -> Desk:
    """Another onboarding operator."""
    return operating.sign_in(app, operating.add(app))


def test_an_order_closes_it_and_the_final_archive_is_written_for_nobody_here_to_read(
    app: Flask, other: Desk, card: ClinicCard
) -> None:
    one = operating.add(app)
    desk = operating.sign_in(app, one)
    assert offered(desk, card) == {"close"}
    code = give_code(world.caretaker(app), card)
    send(desk, card, "close")
    operating.work_off(app)
    row = "SELECT closed_by, purpose, keep_days FROM platform.closing WHERE clinic_id = %s"
    assert ask(app, row, card.id) == [(one.name, WHAT_FOR, 30)]
    assert (stands(app, card), offered(desk, card)) == ("closed", {"archive", "reopen"})
    archive_id = order(app, other, card, "archive")
    written = ordering.outcome_of(app, archive_id)
    folder = closing_orders.folder_of(world.caretaker(app).settings)
    assert folder.stat().st_mode & 0o077 == 0
    found = Archive(folder / written["file"], code, world.caretaker(app).master)
    assert found.checked().code == card.code
    assert written["file"] in text_of(desk.at(f"/orders/{archive_id}"))
    assert send(desk, card, "ask").status_code == 422, "its rows stay for 30 days"


@pytest.mark.timeout(90)
def test_one_operator_asks_for_the_removal_and_another_confirms_it(app: Flask, card: ClinicCard) -> None:
    one, two = operating.add(app), operating.add(app)
    first, second = operating.sign_in(app, one), operating.sign_in(app, two)
    closed(app, first, card)
    order(app, first, card, "ask")
    assert offered(first, card) == {"archive", "call_off", "reopen"}
    assert offered(second, card) == {"archive", "call_off", "reopen", "confirm"}
    assert send(first, card, "confirm").status_code == 422, "the same person"
    for typed in ("", "650099", card.code + "0"):
        assert send(second, card, "confirm", typed_code=typed).status_code == 422
    removal_id = order(app, second, card, "confirm")
    assert world.caretaker(app).clinics(card.code) == []
    ended = "SELECT asked_by, ended_by, done FROM platform.removal WHERE clinic_id = %s"
    assert ask(app, ended, card.id) == [(one.name, two.name, True)]
    assert acts(app, card) == [
        ("clinic.closed", one.name),
        ("clinic.exported", one.name),
        ("clinic.removal_asked", one.name),
        ("clinic.removed", two.name),
    ]
    assert second.at(f"/clinics/{card.id}/closing").status_code == 404
    assert second.at(f"/orders/{removal_id}").status_code == 200


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("close", {"reason": "too short"[:9]}),
        ("close", {"reason": ""}),
        ("close", {"reason": "turned \u202e round and round"}),
        ("close", {"reason": "x" * 301}),
        ("close", {"keep_days": "29"}),
        ("close", {"keep_days": "36501"}),
        ("close", {"keep_days": "a year"}),
        ("close", {"keep_days": "٣٠"}),
        ("close", {"keep_days": ""}),
        ("", {}),
        ("archive", {}),
        ("ask", {}),
        ("confirm", {}),
        ("call_off", {}),
        ("reopen", {}),
        ("nothing", {}),
    ],
)
def test_what_may_not_be_is_said_and_orders_nothing(
    app: Flask, desk: Desk, card: ClinicCard, step: str, typed: dict[str, str]
) -> None:
    answer = send(desk, card, step, **typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert ask(app, "SELECT count(*) FROM platform.house_order WHERE clinic_id = %s", card.id) == [(0,)]
    assert stands(app, card) == "live"


def test_digits_of_an_input_method_are_days_and_a_step_twice_is_one_order(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    page, places = str(uuid.uuid4()), set()
    for _ in range(2):
        answer = send(desk, card, "close", keep_days="４０", order_id=page)
        places.add(answer.headers["Location"])
    operating.work_off(app)
    assert len(places) == 1
    assert ask(app, "SELECT keep_days FROM platform.closing WHERE clinic_id = %s", card.id) == [(40,)]
    assert len(acts(app, card)) == 1


@pytest.mark.timeout(90)
def test_a_viewer_sees_how_far_it_has_come_and_does_nothing_of_it(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    viewer = operating.sign_in(app, operating.add(app, "viewer"))
    assert card.code not in viewer.at("/closings").get_data(as_text=True)
    closed(app, desk, card)
    orders = ask(app, "SELECT count(*) FROM platform.house_order WHERE clinic_id = %s", card.id)
    assert f"/clinics/{card.id}/closing" in viewer.at("/closings").get_data(as_text=True)
    page = viewer.at(f"/clinics/{card.id}/closing").get_data(as_text=True)
    main = page.split("<main", 1)[1].split("</main", 1)[0]
    assert (WHAT_FOR in main, "<form" in main, f'/clinics/{card.id}"' in main) == (True, False, False)
    for step in STEPS:
        assert send(viewer, card, step).status_code == 403
    assert ask(app, "SELECT count(*) FROM platform.house_order WHERE clinic_id = %s", card.id) == orders


@pytest.mark.timeout(90)
def test_the_wish_is_taken_back_by_either_and_the_clinic_opened_again_as_it_was(
    app: Flask, desk: Desk, other: Desk, card: ClinicCard
) -> None:
    closed(app, desk, card)
    for who in (desk, other):
        order(app, desk, card, "ask")
        order(app, who, card, "call_off")
        assert "confirm" not in offered(other, card)
    order(app, desk, card, "ask")
    assert send(other, card, "reopen", reason="short").status_code == 422
    order(app, other, card, "reopen")
    assert (stands(app, card), offered(desk, card)) == ("live", {"close"})
    left = "SELECT count(*) FROM platform.removal WHERE clinic_id = %s AND (ended_at IS NULL OR done)"
    assert ask(app, left, card.id) == [(0,)]
    assert ask(app, "SELECT count(*) FROM platform.closing WHERE clinic_id = %s", card.id) == [(0,)]
    last = "SELECT detail FROM platform.operator_act WHERE clinic_id = %s ORDER BY at DESC LIMIT 1"
    assert ask(app, last, card.id) == [(f"closed > live: {WHAT_FOR}",)]
    order(app, desk, card, "close")
    assert offered(desk, card) == {"archive", "reopen"}, "an archive of before is no final one"


@pytest.mark.timeout(90)
def test_commands_and_console_are_one_way(app: Flask, desk: Desk, card: ClinicCard) -> None:
    """A system's account and an operator of the console are two persons; nobody is so by two ways."""
    closed(app, desk, card)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["clinics", "remove", card.code, "--purpose", WHAT_FOR])
    assert done.exit_code == 0, done.output
    assert "confirm" in offered(desk, card)
    order(app, desk, card, "call_off")
    order(app, desk, card, "ask")
    asked_by = ask(app, "SELECT asked_by FROM platform.operator_closing WHERE clinic_id = %s", card.id)[0][0]
    with pytest.raises(ClosingRefused, match="another operator"):
        Closings(world.caretaker(app), card, asked_by).confirm()
    done = runner.invoke(args=["clinics", "remove", card.code, "--confirm"])
    assert done.exit_code == 0, done.output
    assert world.caretaker(app).clinics(card.code) == []


@pytest.mark.timeout(60)
def test_an_order_that_was_not_allowed_is_refused_by_the_worker_too(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    closed(app, desk, card)
    order(app, desk, card, "ask")
    asked_by = ask(app, "SELECT asked_by FROM platform.operator_closing WHERE clinic_id = %s", card.id)[0][0]
    order_id = ordering.place(app, asked_by, closing_orders.REMOVE, card.id)
    carry_out(app, order_id)
    assert ordering.state_of(app, order_id) == "refused"
    assert asked_by in text_of(desk.at(f"/orders/{order_id}"))
    assert stands(app, card) == "closed"
    assert ask(app, f"SELECT count(*) > 0 FROM {card.binding.schema}.site") if card.cell == "main" else True  # noqa: S608


def test_without_an_archive_code_it_says_who_makes_one(app: Flask, desk: Desk, card: ClinicCard) -> None:
    order(app, desk, card, "close")
    answer = send(desk, card, "archive")
    order_id = ordering.order_of(answer.headers["Location"])
    carry_out(app, order_id)
    assert ordering.state_of(app, order_id) == "refused"
    assert "归档码" in text_of(desk.at(f"/orders/{order_id}")) or "ئارخىپ كودى" in text_of(
        desk.at(f"/orders/{order_id}")
    )
    assert [act for act, _ in acts(app, card)] == ["clinic.closed"]


def test_an_archive_begun_again_is_the_same_file(app: Flask, desk: Desk, card: ClinicCard) -> None:
    give_code(world.caretaker(app), card)
    order(app, desk, card, "close")
    order_id = order(app, desk, card, "archive")
    ask(app, "UPDATE platform.house_order SET state = 'waiting', ended_at = NULL WHERE id = %s", order_id)
    carry_out(app, order_id)
    assert ordering.state_of(app, order_id) == "done"
    folder = closing_orders.folder_of(world.caretaker(app).settings)
    assert len(list(folder.glob(f"{card.code}-*"))) == 1


@pytest.mark.parametrize("way", ["console", "command"])
def test_a_clinic_that_an_older_console_closed_without_a_term_is_closed_properly(
    app: Flask, desk: Desk, card: ClinicCard, way: str
) -> None:
    ask(
        app,
        "UPDATE platform.clinic SET state = 'closed', suspended_at = now(), suspended_from = 'pilot' "
        "WHERE id = %s",
        card.id,
    )
    assert offered(desk, card) == {"close", "reopen"}
    if way == "console":
        order(app, desk, card, "close")
    else:
        runner = app.test_cli_runner()
        done = runner.invoke(args=["clinics", "close", card.code, "--purpose", WHAT_FOR])
        assert done.exit_code == 0, done.output
    assert offered(desk, card) == {"archive", "reopen"}
    order(app, desk, card, "reopen")
    assert stands(app, card) == "pilot"


def test_the_revision_takes_away_what_an_older_console_left_of_an_opened_clinic(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    shut = world.provision(app, world.free_code(), "仍关院", sites=0)
    for one in (card, shut):
        closed(app, desk, one)
        order(app, desk, one, "ask")
    ask(app, "UPDATE platform.clinic SET state = 'live', suspended_at = NULL WHERE id = %s", card.id)
    for statement in PLATFORM.scripts.get_revision("0011_closing_in_the_console").module.REPAIRS:
        ask(app, statement)
    kept = "SELECT clinic_id FROM platform.closing WHERE clinic_id = ANY (%s)"
    assert ask(app, kept, [card.id, shut.id]) == [(shut.id,)]
    wished = "SELECT clinic_id FROM platform.removal WHERE clinic_id = ANY (%s) AND ended_at IS NULL"
    assert ask(app, wished, [card.id, shut.id]) == [(shut.id,)]


def test_every_step_has_its_order_and_every_order_its_words() -> None:
    assert {step.kind for step in STEPS.values()} == closing_orders.KINDS.keys()
    assert closing_orders.KINDS.keys() <= KINDS.keys()
    assert closing_orders.KINDS.keys() <= ABOUT.keys()
