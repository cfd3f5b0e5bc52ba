"""A clinic with one of everything, which the tests move from one cell of the worker's house to the other."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from tenants.moving.move import Move
from tenants.placing import MAIN
from tests.integration.tenants.conftest import files  # noqa: F401 - a fixture
from tests.isolation import households
from tests.support import world
from tests.support.archived import sums

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants
    from tenants.moving.move import Moved
    from tenants.settings import TenantSettings
    from tests.isolation.households import Household
    from tests.support.world import Browser

    Rows = list[tuple[typing.Any, ...]]


@dataclasses.dataclass
class Moving:
    """A furnished clinic, wherever it is, and the cell where it is not."""

    app: Flask
    household: Household
    place: TenantSettings

    @property
    def tenants(self) -> Tenants:
        return world.caretaker(self.app)

    @property
    def page(self) -> str:
        """The address of a resident of the clinic."""
        return f"/residents/{self.household.ids['resident_id']}"

    @property
    def card(self) -> ClinicCard:
        return world.card_of(self.app, self.household.card.code)

    @property
    def schema(self) -> str:
        return self.card.binding.schema

    @property
    def here(self) -> str:
        """The cell in which the clinic lives now."""
        return self.card.cell

    @property
    def there(self) -> str:
        """The other one."""
        return MAIN if self.here == world.FAR else world.FAR

    def browser(self) -> Browser:
        """A browser in which the clinic's village doctor is signed in."""
        return world.sign_in(self.app, self.household.people["village_doctor"])

    def move(self, to: str, told: Callable[[], None] | None = None) -> Moved:
        with self.tenants.logins.connect("owner", autocommit=True) as registry:
            return Move(self.tenants, registry, self.card, to).run(told)

    def sums(self) -> dict[str, str]:
        """A checksum of the rows of each table."""
        return sums(self.tenants, self.card)

    def ask(self, cell: str, query: str, *values: object) -> Rows:
        """As the owner of a cell."""
        with self.tenants.logins.of(cell).connect("owner", autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def registry(self) -> Rows:
        query = "SELECT cell, moving_to, left_cell FROM platform.clinic WHERE id = %s"
        return self.ask(MAIN, query, self.card.id)

    def acts(self, count: int = 99) -> list[tuple[str, str]]:
        """The newest acts and their details, newest first."""
        query = "SELECT act, detail FROM platform.operator_act WHERE clinic_id = %s ORDER BY at DESC LIMIT %s"
        return [(act, detail) for act, detail in self.ask(MAIN, query, self.card.id, count)]

    def copies(self) -> list[str]:
        """The cells that have a schema of the clinic's."""
        query = "SELECT to_regnamespace(%s) IS NOT NULL"
        return [cell for cell in self.tenants.logins.cells if self.ask(cell, query, self.schema)[0][0]]

    def writable(self) -> list[str]:
        """The cells in which the clinic's role, which the web takes, may reach and write a resident."""
        query = (
            "SELECT has_schema_privilege(%s, %s, 'USAGE') AND has_table_privilege(%s, r.oid, 'INSERT') "
            "FROM pg_class r WHERE relname = 'resident' AND relnamespace = to_regnamespace(%s)"
        )
        asked = (self.schema,) * 4
        return [cell for cell in self.copies() if self.ask(cell, query, *asked) == [(True,)]]


@pytest.fixture(scope="module")
def moving(app: Flask, place: TenantSettings) -> Moving:
    """One clinic with one of everything; each test leaves it whole, in one cell or the other."""
    made = Moving(app, households.furnish(app, world.PASSWORD), place)
    assert made.browser().get(made.page).status_code == 200, "so that its log has rows"
    return made


@pytest.fixture
def shipa(app: Flask) -> Callable[..., Result]:
    """Type a command."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])
