"""A clinic with one of everything, its archive code, and how a test looks at it row by row."""

from __future__ import annotations

import dataclasses
import hashlib
import typing
from pathlib import Path

import pytest
from psycopg import sql

from tenants.archives.codes import new_code
from tenants.archives.contents import columns_of
from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.restoring import Into, Restore
from tests.integration.tenants.conftest import (  # noqa: F401 - fixtures
    empty_platform,
    onboarding,
    place,
    shared_place,
    shipa,
)
from tests.isolation import households
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.archives.contents import Manifest
    from tenants.archives.restoring import Restored
    from tenants.cards import ClinicCard
    from tenants.extension import Tenants
    from tests.isolation.households import Household

PURPOSE = "a drill of the test"
Sums = dict[str, str]


@dataclasses.dataclass
class Archived:
    """A furnished clinic and where its archive goes."""

    app: Flask
    household: Household
    path: Path
    code: str

    @property
    def card(self) -> ClinicCard:
        return self.household.card

    @property
    def tenants(self) -> Tenants:
        return world.caretaker(self.app)

    @property
    def archive(self) -> Archive:
        return Archive(self.path, self.code, self.tenants.master)

    def export(self) -> Manifest:
        return Export(self.tenants, self.card, PURPOSE).write(self.path)

    def restore(self, into: Into | None = None) -> Restored:
        return Restore(self.tenants, self.archive, into=into).run(PURPOSE)

    def ask(self, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
        """As the owner, with the clinic's schema in the search path."""
        return ask(self.tenants, self.card, query, *values)

    def sums(self) -> Sums:
        return sums(self.tenants, self.card)


def ask(tenants: Tenants, card: ClinicCard, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        connection.execute(f"SET search_path = {card.binding.schema}, ref")
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def sums(tenants: Tenants, card: ClinicCard) -> Sums:
    """A checksum of the rows of each of a clinic's tables, whatever order they come in."""
    found = {}
    with tenants.logins.connect("owner", autocommit=True) as connection:
        schema = card.binding.schema
        for table, columns in columns_of(connection, schema).items():
            query = sql.SQL("SELECT {}::text FROM {} AS t").format(
                sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, sorted(columns)))),
                sql.Identifier(schema, table),
            )
            rows = sorted(row[0] for row in connection.execute(query))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def give_code(tenants: Tenants, card: ClinicCard) -> str:
    """An archive code, as the administrator's page makes it."""
    code, public = new_code(card.id)
    ask(tenants, card, "UPDATE clinic_setting SET archive_key = %s, archive_key_at = now()", public)
    return code


@pytest.fixture
def archived(onboarding: Flask, tmp_path: Path) -> Archived:  # noqa: F811 - pytest's way
    """One clinic with one of everything, not archived yet."""
    household = households.furnish(onboarding, world.PASSWORD)
    code = give_code(world.caretaker(onboarding), household.card)
    return Archived(onboarding, household, tmp_path / "clinic.archive", code)


@pytest.fixture
def empty(onboarding: Flask) -> ClinicCard:  # noqa: F811
    """Another clinic with nothing in it."""
    return world.provision(onboarding, world.free_code(), "空的试验院")
