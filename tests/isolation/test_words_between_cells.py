"""Between two cells only a sealed word counts: nothing is done without a session, and no count is made up."""

from __future__ import annotations

import threading
import time
import typing

import psycopg
import pytest

from tests.support import operating, world
from tests.support.elsewhere import county_of, make, rooms_of, sealed_word, there, token_of
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


@pytest.fixture(scope="module")
def card(app: Flask) -> ClinicCard:
    return make(app)


@pytest.fixture
def desk(app: Flask) -> Desk:
    """An onboarding operator who is signed in."""
    return operating.sign_in(app, operating.add(app))


def test_an_administrator_elsewhere_is_not_taken_for_none(app: Flask, desk: Desk) -> None:
    """Rights N12: an invitation goes only to a clinic whose own cell says that it has no administrator."""
    _, _, made = county_of(app)
    lonely, token = sealed_word(app, made), token_of(desk)
    world.add_staff(app, made, "head", "clinic_admin")
    crowded = sealed_word(app, made)
    assert (lonely["administrators"], crowded["administrators"]) == (0, 1)
    call = b"SELECT platform.operator_invite_told(%s, %s, 'x', 'head', %s, %s, %s)"
    other = county_of(app)[2]
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:

        def invite(clinic: ClinicCard, administrators: int, at: int, seal: bytes | None) -> bool:
            row = connection.execute(call, (token, clinic.id, administrators, at, seal)).fetchone()
            return bool(row and row[0])

        assert not invite(made, 1, crowded["at"], crowded["seal"])
        for forged in (
            (made, 0, crowded["at"], crowded["seal"]),
            (made, 0, crowded["at"], None),
            (other, 0, lonely["at"], lonely["seal"]),
            (made, 0, lonely["at"] + 1, lonely["seal"]),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not the word of a cell"):
                invite(*forged)
        plain = b"SELECT platform.operator_invite(%s, %s, 'x', 'head')"
        assert connection.execute(plain, (token, made.id)).fetchone() == (False,)
    assert ask(
        app, "SELECT count(*) FROM platform.invitation WHERE clinic_id = ANY (%s)", [made.id, other.id]
    ) == [(0,)]


@pytest.mark.parametrize("stand", ["no session", "ended", "half", "viewer"])
def test_an_order_and_an_invitation_elsewhere_need_a_live_session(
    app: Flask, card: ClinicCard, stand: str
) -> None:
    operator = operating.add(app, "viewer" if stand == "viewer" else "onboarding")
    token = token_of(operating.sign_in(app, operator, "second_factor" if stand == "half" else "full"))
    token = b"nothing" if stand == "no session" else token
    ended = "UPDATE platform.operator_session SET ended_at = now() WHERE operator_id = %s"
    if stand == "ended":
        ask(app, ended, operator.id)
    word = sealed_word(app, card)
    calls: list[tuple[bytes, tuple[object, ...]]] = [
        (
            b"SELECT platform.operator_room_order(%s, %s, ARRAY['residents'], 'figures', false)",
            (token, card.id),
        ),
        (
            b"SELECT platform.operator_invite_told(%s, %s, 'x', 'head', %s, %s, %s)",
            (token, card.id, word["administrators"], word["at"], word["seal"]),
        ),
    ]
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:
        for call, values in calls:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no live session"):
                connection.execute(call, values)


def test_an_old_word_is_not_believed(app: Flask, desk: Desk) -> None:
    _, _, made = county_of(app)
    old = f"administrators {made.id} 0 1700000000"
    ((seal,),) = there(app, "SELECT platform.cell_seal(%s)", old)
    call = b"SELECT platform.operator_invite_told(%s, %s, 'x', 'head', 0, 1700000000, %s)"
    with (
        world.caretaker(app).logins.connect("operator", autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="not the word of a cell"),
    ):
        connection.execute(call, (token_of(desk), made.id, seal))


def test_a_cell_carries_out_no_order_that_no_operator_gave(app: Flask, card: ClinicCard, desk: Desk) -> None:
    """Whoever has the login's connection to the cell needs a live session in the main one."""
    tenants, before = world.caretaker(app), rooms_of(app, card)
    order = b"SELECT * FROM platform.operator_room_order(%s, %s, %s, 'figures', false)"
    with tenants.logins.connect("operator") as connection:
        at, seal = connection.execute(order, (token_of(desk), card.id, ["residents"])).fetchone() or (0, b"")
        connection.rollback()
    other = world.provision(app, world.free_code(), "远令卫生院", sites=0, cell=world.FAR)
    call = b"SELECT platform.cell_room(%s, %s, %s, %s)"
    with tenants.logins.of(world.FAR).connect("operator", autocommit=True) as connection:
        for forged in (
            (card.id, ["residents", "today"], at, seal),
            (card.id, ["residents"], at + 1, seal),
            (card.id, ["residents"], at, b"x" * 32),
            (card.id, ["residents"], at, None),
            (other.id, ["residents"], at, seal),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(call, forged)
        for closed in ("SELECT * FROM platform.cell_key", "SELECT platform.cell_seal('x')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(closed.encode())
    assert rooms_of(app, card) == before


def test_family_planning_is_not_switched_elsewhere_either(app: Flask, card: ClinicCard, desk: Desk) -> None:
    tenants, token = world.caretaker(app), token_of(desk)
    words = f"rooms {card.id} {{family_planning}} "
    now = "SELECT extract(epoch FROM now())::bigint"
    ((at,),) = there(app, now)
    ((seal,),) = there(app, "SELECT platform.cell_seal(%s)", f"{words}{at}")
    order = b"SELECT * FROM platform.operator_room_order(%s, %s, %s, %s, true)"
    with tenants.logins.connect("operator", autocommit=True) as connection:
        for rooms, room in ((["family_planning"], "figures"), (["residents"], "family_planning")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not from here"):
                connection.execute(order, (token, card.id, rooms, room))
    with (
        tenants.logins.of(world.FAR).connect("operator", autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="not from here"),
    ):
        connection.execute(
            b"SELECT platform.cell_room(%s, %s, %s, %s)", (card.id, ["family_planning"], at, seal)
        )


@pytest.mark.parametrize("standing", ["gone", "coming"])
def test_behind_the_fence_of_a_move_no_order_is_carried_out(
    app: Flask, card: ClinicCard, standing: str
) -> None:
    before = rooms_of(app, card)
    ((at,),) = there(app, "SELECT extract(epoch FROM now())::bigint")
    ((seal,),) = there(app, "SELECT platform.cell_seal(%s)", f"rooms {card.id} {{residents}} {at}")
    change = "UPDATE platform.clinic_revision SET standing = %s WHERE clinic_id = %s"
    call = b"SELECT platform.cell_room(%s, ARRAY['residents'], %s, %s)"
    with world.caretaker(app).logins.of(world.FAR).connect("operator", autocommit=True) as connection:
        there(app, change, standing, card.id)
        try:
            with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
                connection.execute(call, (card.id, at, seal))
        finally:
            there(app, change, "here", card.id)
        assert rooms_of(app, card) == before
        connection.execute(call, (card.id, at, seal))
    assert rooms_of(app, card) == (before[0] + 1, ["residents"])


def test_an_order_that_waited_for_the_fence_is_not_carried_out(app: Flask, card: ClinicCard) -> None:
    """It came while the tables were locked for the last copy: what it writes then would be lost."""
    before, logins = rooms_of(app, card), world.caretaker(app).logins.of(world.FAR)
    ((at,),) = there(app, "SELECT extract(epoch FROM now())::bigint")
    ((seal,),) = there(app, "SELECT platform.cell_seal(%s)", f"rooms {card.id} {{residents}} {at}")
    change = "UPDATE platform.clinic_revision SET standing = %s WHERE clinic_id = %s"
    told: list[BaseException] = []

    def order() -> None:
        with logins.connect("operator", autocommit=True) as connection:
            try:
                connection.execute(
                    b"SELECT platform.cell_room(%s, ARRAY['residents'], %s, %s)", (card.id, at, seal)
                )
            except psycopg.Error as error:
                told.append(error)

    with logins.connect("owner") as moving:
        moving.execute(f"LOCK TABLE {card.binding.schema}.clinic_setting IN SHARE MODE".encode())
        asking = threading.Thread(target=order)
        asking.start()
        while there(app, "SELECT count(*) FROM pg_locks WHERE NOT granted") == [(0,)]:
            time.sleep(0.02)
        moving.execute(change, ("gone", card.id))
    asking.join()
    there(app, change, "here", card.id)
    assert [type(error) for error in told] == [psycopg.errors.ObjectNotInPrerequisiteState]
    assert rooms_of(app, card) == before
