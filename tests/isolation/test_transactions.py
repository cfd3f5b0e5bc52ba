"""Interleaved transactions over a small pool: no row of another clinic, whatever goes wrong in between."""

from __future__ import annotations

import typing

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants import binding
from tests.isolation import interleaving
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import orm
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import SessionTransaction

    from tenants.cards import ClinicCard

Factory = "orm.sessionmaker[Session]"


@pytest.fixture(scope="session")
def eight(app: Flask) -> list[ClinicCard]:
    """Eight clinics."""
    made = [world.provision(app, world.free_code(), "试验") for _ in range(6)]
    return [world.card_of(app, code) for code in (world.NORTH, world.SOUTH)] + made


@pytest.mark.parametrize("connections", [2, 4])
def test_a_thousand_transactions_of_eight_clinics_never_meet(
    app: Flask, eight: list[ClinicCard], connections: int
) -> None:
    interleaving.never_meet(world.caretaker(app).logins, eight, connections)


def never(sessions: orm.sessionmaker[Session]) -> None:
    """No hook at all."""


def only_once(sessions: orm.sessionmaker[Session]) -> None:
    """A hook that binds the first transaction of a session and forgets the later ones."""

    def begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if not session.info.get("was_bound"):
            binding.begin_as_clinic(session, transaction, connection)
            session.info["was_bound"] = True

    event.listen(sessions, "after_begin", begin)


def for_the_connection(sessions: orm.sessionmaker[Session]) -> None:
    """The naive way: role and path for the whole connection, trusted to be taken back by somebody."""

    def begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if not transaction.nested and not connection.info.get("was_bound"):
            schema = binding.binding_of(session).schema
            raw = binding.driver_connection(connection)
            binding.send(raw, f"SET ROLE {schema}; SET search_path = {schema}, ref".encode())
            connection.info["was_bound"] = True

    event.listen(sessions, "after_begin", begin)


@pytest.mark.parametrize(
    ("guard", "finds"),
    [(never, "failed"), (only_once, "failed"), (for_the_connection, "wrong"), (for_the_connection, "dirty")],
)
def test_the_same_run_goes_red_with_the_binding_hook_removed(
    app: Flask, eight: list[ClinicCard], guard: Callable[[typing.Any], None], finds: str
) -> None:
    tally = interleaving.run(world.caretaker(app).logins, eight, transactions=100, guard=guard)
    assert not tally.is_clean
    assert getattr(tally, finds), tally
