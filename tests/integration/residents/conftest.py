"""Residents of the two clinics, through the browser and behind it."""

from __future__ import annotations

import typing

import pytest

from saas.audit.models import AccessLog
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import ClinicWorld
    from tests.support.world import Browser


@pytest.fixture
def log_rows(north: ClinicWorld) -> Callable[[str], list[AccessLog]]:
    """The northern clinic's log rows about a resident, oldest first."""

    def rows(resident_id: str) -> list[AccessLog]:
        card = world.card_of(north.app, north.code)
        with world.inside(north.app, card) as session:
            return (
                session.query(AccessLog)
                .filter(AccessLog.resident_ids.contains([resident_id]))
                .order_by(AccessLog.number)
                .all()
            )

    return rows


@pytest.fixture
def doctor(north: ClinicWorld) -> Browser:
    """A village doctor of the north, signed in."""
    return north.browser("village_doctor")


@pytest.fixture
def nurse(north: ClinicWorld) -> Browser:
    """A nurse of the same clinic."""
    return north.browser("public_health_nurse")
