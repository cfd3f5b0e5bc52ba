"""The attack matrix: what is sent through every hole, and what must be true of it afterwards."""

from __future__ import annotations

import typing

from tests.support.holes import (
    CANARY,
    HOLES,
    MINE,
    OTHER,
    OWN,
    SENDINGS,
    Hole,
    Outcome,
    Sending,
    bound,
    raw_connection,
    run,
)

if typing.TYPE_CHECKING:
    import psycopg
    from sqlalchemy.orm import Session, sessionmaker

ANSWERED = {"values of others"}
"""Attacks that PostgreSQL answers with nothing; all others are refused with an error."""


def send_inside(sessions: sessionmaker[Session], name: str, attack: str) -> None:
    """One attack as part of our statements, through every hole and in every way: nothing foreign."""
    for hole in HOLES:
        statement = hole.statement.format(hole.inside.format(attack))
        for sending in _ways(hole):
            _refused(sessions, hole, sending, statement, answered=name in ANSWERED)
    next_clinics_see_their_own(sessions)


def send_stacked(sessions: sessionmaker[Session], attack: str) -> None:
    """One attack behind our statements, through every hole and in every way: it does not run."""
    for hole in HOLES:
        statement = hole.statement.format(hole.stacked.format(attack))
        for sending in _ways(hole):
            _refused(sessions, hole, sending, statement, answered=False)
    next_clinics_see_their_own(sessions)


def _refused(
    sessions: sessionmaker[Session], hole: Hole, sending: Sending, statement: str, *, answered: bool
) -> None:
    with bound(sessions) as session:
        outcome = run(session, sending, statement)
        assert nothing_foreign(outcome), (hole.name, sending.name, outcome.seen)
        assert outcome.refused or answered, (hole.name, sending.name, outcome.seen)
        _connection_is_clean(session)


def everything(admin: psycopg.Connection[typing.Any]) -> dict[str, typing.Any]:
    """What an attack could have changed, told by a superuser."""
    parts = {
        "other rows": "SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM t_9812.resident r",
        "own rows": "SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM t_9811.resident r",
        "large objects": "SELECT count(*) FROM pg_largeobject_metadata",
        "tables": "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v', 'f', 'm')",
        "functions": "SELECT count(*) FROM pg_proc",
        "rights": "SELECT md5(string_agg(oid || relacl::text, ',' ORDER BY oid)) FROM pg_class",
        "settings": "SELECT md5(string_agg(s::text, ',' ORDER BY s::text)) FROM pg_db_role_setting s"
        " WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))",
        "attackers' role": "SELECT count(*) FROM pg_roles WHERE rolname ~ '^t_9813'",
        "slots": "SELECT count(*) FROM pg_replication_slots",
        "password": "SELECT rolpassword FROM pg_authid WHERE rolname = 'shipa_web'",
    }
    query = "SELECT " + ", ".join(f"({part})" for part in parts.values())
    row = admin.execute(query.encode()).fetchone()
    assert row is not None
    return dict(zip(parts, row, strict=True))


def nothing_foreign(outcome: Outcome) -> bool:
    """Whether no text of another clinic came out."""
    return "CANARY" not in outcome.seen.upper()


def _connection_is_clean(session: Session) -> None:
    """Of the connection that others will use: no channel, lock, statement, cursor or table stays."""
    session.rollback()
    raw = raw_connection(session)
    row = raw.execute(_LEFT_IN_THE_CONNECTION).fetchone()
    assert row == (0, 0, 0, 0, 0, "shipa_web", MINE, f"{MINE}, ref")


_LEFT_IN_THE_CONNECTION = b"""
    SELECT (SELECT count(*) FROM pg_listening_channels()),
    (SELECT count(*) FROM pg_prepared_statements),
    (SELECT count(*) FROM pg_cursors WHERE is_holdable),
    (SELECT count(*) FROM pg_settings WHERE source = 'session'
        AND name NOT IN ('role', 'search_path', 'application_name', 'client_encoding')
        -- set_user sets these two, to what they are.
        AND name NOT IN ('log_statement', 'log_line_prefix')),
    pg_my_temp_schema()::bigint, session_user::text, current_user::text,
    current_setting('search_path')
"""


def _ways(hole: Hole) -> tuple[Sending, ...]:
    """Without, with empty and with real parameters everywhere; rarer ways through one hole."""
    return SENDINGS if hole is HOLES[0] else SENDINGS[:3]


def next_clinics_see_their_own(sessions: sessionmaker[Session]) -> None:
    """Whoever has the connection next is who he is."""
    for schema, name in ((OTHER, CANARY), (MINE, OWN)):
        with bound(sessions, schema) as session:
            names = session.connection().exec_driver_sql("SELECT name FROM resident").scalars()
            assert {text.rsplit(" ", 1)[0] for text in names} == {name}
