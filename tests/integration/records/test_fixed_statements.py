"""Fixed statements: all values are given, each of several sees the one before, and work is undone."""

from __future__ import annotations

import typing

import psycopg
import pytest
import sqlalchemy as sa

from saas import wire
from saas.accounts.models import Site
from saas.db import BEGIN_WORK, Fixed, Message, driver_of, fetched, undo_work
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld

_NAMED = Fixed(sa.select(Site.name_ug).where(Site.kind == sa.bindparam("kind", required=True)))
_RENAMED = Fixed(
    sa.update(Site)
    .where(Site.kind == sa.bindparam("which", required=True))
    .values(name_ug=sa.bindparam("name", required=True))
)
_OF_KINDS = Fixed(
    sa.select(Site.kind).where(
        Site.kind.in_(("centre", "village_clinic")), Site.kind != sa.bindparam("apart", required=True)
    )
)


def test_a_value_that_is_missing_is_refused_and_never_null(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card), pytest.raises(KeyError, match="kind"):
        fetched(_NAMED.of())


def test_a_list_that_stands_in_the_program_is_sent_beside_the_values(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card):
        (others,) = fetched(_OF_KINDS.of(apart="centre"))
        assert {row.kind for row in others} == {"village_clinic"}


def test_of_several_in_one_message_each_sees_the_one_before(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card) as session:
        changing, reading = fetched(_RENAMED.of(which="centre", name="سىناق"), _NAMED.of(kind="centre"))
        assert (changing, [row.name_ug for row in reading]) == ([], ["سىناق"])
        session.rollback()


def test_undone_work_leaves_nothing_in_the_session_either(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card) as session:
        site = session.scalars(sa.select(Site).where(Site.kind == "centre")).one()
        name = site.name_ug
        fetched(BEGIN_WORK)
        site.name_ug = "flushed"
        session.flush()
        site.name_ug = "only in memory"
        undo_work()
        assert site.name_ug == name
        session.commit()
        assert fetched(_NAMED.of(kind="centre"))[0][0].name_ug == name


# beneath them: one round trip


def asked(text: str, **values: object) -> Message:
    return Message(text, values, tuple(values))


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT 1/0", psycopg.errors.DivisionByZero),
        ("SELECT nothing", psycopg.errors.UndefinedColumn),
        ("SELECT 1; SELECT 2", psycopg.errors.SyntaxError),
        ("SELECT name FROM t_0000.site", psycopg.errors.UndefinedTable),
        ("SELECT count(*) FROM platform.staff_secret", psycopg.errors.InsufficientPrivilege),
    ],
)
def test_an_error_is_the_servers_and_nothing_after_it_runs(
    north: ClinicWorld, others: int, text: str, error: type[psycopg.Error]
) -> None:
    with world.inside(north.app, north.card) as session:
        fetched(BEGIN_WORK)
        before, after = [asked("SELECT 1")] * others, [_RENAMED.of(which="centre", name="never")] * others
        with pytest.raises(error):
            fetched(*before, asked(text), *after)
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            fetched(asked("SELECT 1"))
        undo_work()
        assert fetched(_NAMED.of(kind="centre"))[0][0].name_ug != "never"
        session.rollback()


def test_what_is_longer_than_the_lines_buffers_arrives(north: ClinicWorld) -> None:
    long = "ئۇيغۇر 维吾尔 " * 400_000
    with world.inside(north.app, north.card):
        told = fetched(*[asked("SELECT $1::text, length($1::text)", long=long)] * 3)
    assert told == [[(long, len(long))]] * 3


def test_values_come_back_as_they_were(north: ClinicWorld) -> None:
    told = "a%%b %(c)s $1 \\"
    values: tuple[typing.Any, ...] = (None, True, -7, 1.5, told, b"\x00\xff", [1, None], [], {"a": [1]})
    kinds = ("text", "bool", "int", "float8", "text", "bytea", "int[]", "text[]", "jsonb")
    text = ", ".join(f"${at}::{kind}" for at, kind in enumerate(kinds, 1))
    sent = [psycopg.types.json.Jsonb(value) if isinstance(value, dict) else value for value in values]
    with world.inside(north.app, north.card) as session:
        order = wire.Order(f"SELECT {text}".encode(), sent)
        assert wire.answers(driver_of(session.connection()), [order, order]) == [[values], [values]]


def test_a_nul_is_refused_before_anything_is_sent(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card):
        with pytest.raises(psycopg.DataError):
            fetched(_RENAMED.of(which="centre", name="never"), asked("SELECT $1::text", sign="\x00"))
        assert fetched(_NAMED.of(kind="centre"))[0][0].name_ug != "never"


def test_without_a_transaction_nothing_is_sent(north: ClinicWorld) -> None:
    with world.inside(north.app, north.card) as session:
        driver = driver_of(session.connection())
        session.rollback()
        assert driver.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with pytest.raises(RuntimeError, match="no transaction"):
            wire.answers(driver, [wire.Order(b"SELECT 1", ())])


@pytest.mark.parametrize("count", [1, 2])
def test_a_line_that_breaks_is_the_drivers_error_and_used_no_more(north: ClinicWorld, count: int) -> None:
    logins = north.app.extensions["building"].logins
    with world.inside(north.app, north.card) as session:
        driver = driver_of(session.connection())
        with logins.connect("admin", autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            fetched(*[asked("SELECT 1")] * count)
        assert driver.closed
        session.rollback()
        assert fetched(asked("SELECT 1")) == [[(1,)]]
