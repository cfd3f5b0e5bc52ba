"""The binding seam: one clinic for the life of a database session, and nothing before it is bound."""

from __future__ import annotations

import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from saas.db import db
from tenants import binding
from tenants.naming import checked_role, checked_schema
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.conftest import ClinicWorld


@pytest.fixture
def cards(app: Flask) -> Iterator[tuple[ClinicCard, ClinicCard]]:
    """The two clinics, inside an application context of the test's own."""
    found = [world.card_of(app, code) for code in (world.NORTH, world.SOUTH)]
    with app.app_context():
        yield found[0], found[1]


def test_an_unbound_session_reads_nothing_and_raises(app: Flask) -> None:
    with app.app_context(), pytest.raises(binding.BindingError, match="no clinic"):
        db.session.execute(sa.text("SELECT 1"))


def test_a_second_clinic_in_one_session_raises(cards: tuple[ClinicCard, ClinicCard]) -> None:
    binding.bind(db.session(), cards[0].binding)
    assert db.session.scalar(sa.text("SELECT id FROM clinic_setting")) == cards[0].id
    with pytest.raises(binding.BindingError, match="another clinic"):
        binding.bind(db.session(), cards[1].binding)
    assert db.session.scalar(sa.text("SELECT id FROM clinic_setting")) == cards[0].id


def test_a_second_clinic_raises_after_the_first_one_is_done(cards: tuple[ClinicCard, ClinicCard]) -> None:
    binding.bind(db.session(), cards[0].binding)
    db.session.execute(sa.text("SELECT 1"))
    db.session.commit()
    with pytest.raises(binding.BindingError):
        binding.bind(db.session(), cards[1].binding)


def test_a_new_session_in_the_same_thread_may_be_another_clinics(
    cards: tuple[ClinicCard, ClinicCard],
) -> None:
    for card in (*cards, *cards):
        binding.bind(db.session(), card.binding)
        assert db.session.scalars(sa.text("SELECT id FROM clinic_setting")).all() == [card.id]
        db.session.remove()


def test_a_connection_that_was_left_in_a_transaction_is_not_bound(
    cards: tuple[ClinicCard, ClinicCard],
) -> None:
    with db.engine.connect() as connection:
        binding.driver_connection(connection).pgconn.exec_(b"BEGIN")
        own = sa.orm.Session(connection)
        binding.guard(own)
        binding.bind(own, cards[0].binding)
        with pytest.raises(binding.BindingError, match="not idle"):
            own.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize("table", ["staff", "resident", "access_log", "clinic_setting", "staff_secret"])
def test_the_logins_read_nothing_before_they_are_bound(
    app: Flask, cards: tuple[ClinicCard, ClinicCard], table: str
) -> None:
    for login in ("web", "gate"):
        with world.caretaker(app).logins.connect(login) as connection:
            for name in (table, f"{cards[0].binding.schema}.{table}"):
                with pytest.raises((psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege)):
                    connection.execute(f"SELECT * FROM {name}".encode())  # noqa: S608
                connection.rollback()


def test_the_gate_role_reads_secrets_alone_and_is_left_again(cards: tuple[ClinicCard, ClinicCard]) -> None:
    binding.bind(db.session(), cards[0].binding)
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(sa.text("SELECT * FROM staff_secret"))
    with binding.gate_role(db.session()):
        assert db.session.execute(sa.text("SELECT * FROM staff_secret")).all()
        with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
            db.session.execute(sa.text("SELECT * FROM staff"))
    assert db.session.execute(sa.text("SELECT * FROM staff")).all()
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(sa.text("SELECT * FROM staff_secret"))


def test_the_gate_role_ends_when_the_work_inside_it_fails(cards: tuple[ClinicCard, ClinicCard]) -> None:
    binding.bind(db.session(), cards[0].binding)
    with pytest.raises(ProgrammingError), binding.gate_role(db.session()):
        db.session.execute(sa.text("SELECT * FROM staff"))
    db.session.rollback()
    assert db.session.scalar(sa.text("SELECT current_user")) == cards[0].binding.schema


@pytest.mark.parametrize(
    "name",
    ["", "t_1", "t_00421", "t_0042 ", "t_0042;x", "T_0042", "t_٠٠٤٢", "t_0042\n", "public", "shipa_owner"],
)
def test_a_name_that_is_no_clinics_never_reaches_the_database(name: str) -> None:
    with pytest.raises(ValueError, match="not a clinic"):
        binding.Binding(uuid.uuid4(), name)
    for check in (checked_schema, checked_role):
        with pytest.raises(ValueError, match="not a clinic"):
            check(name)


def test_two_browsers_in_turn_on_one_connection_see_their_own_clinic(
    north: ClinicWorld, south: ClinicWorld
) -> None:
    browsers = [(world.NORTH, north.browser()), (world.SOUTH, south.browser())]
    for _ in range(20):
        for code, browser in browsers:
            page = browser.get("/account").get_data(as_text=True)
            assert world.SIGNS[code] in page
            assert not any(sign in page for other, sign in world.SIGNS.items() if other != code)
