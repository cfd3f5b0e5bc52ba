"""Fixed statements: all values are given, each of several sees the one before, and work is undone."""

from __future__ import annotations

import typing

import psycopg
import pytest
import sqlalchemy as sa

from saas.accounts.models import Site
from saas.db import Fixed, begin_work, fetched, undo_work
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
    with world.inside(north.app, north.card), pytest.raises(psycopg.ProgrammingError, match="kind"):
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
        begin_work()
        site.name_ug = "flushed"
        session.flush()
        site.name_ug = "only in memory"
        undo_work()
        assert site.name_ug == name
        session.commit()
        assert fetched(_NAMED.of(kind="centre"))[0][0].name_ug == name
