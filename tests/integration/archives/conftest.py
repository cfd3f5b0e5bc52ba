"""A clinic with one of everything, its archive code, and how a test looks at it row by row."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path

import pytest

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
from tests.support.archived import PURPOSE, Sums, ask, give_code, sums

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.archives.contents import Manifest
    from tenants.archives.restoring import Restored
    from tenants.cards import ClinicCard
    from tenants.extension import Tenants
    from tests.isolation.households import Household


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
