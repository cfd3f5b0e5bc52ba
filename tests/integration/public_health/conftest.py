"""A clinic whose figures were counted by hand, on the day that it was made for, and its people signed in."""

from __future__ import annotations

import contextlib
import functools
import typing

import pytest

from saas.accounts.models import Site
from saas.public_health.figures import counting
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from tests.conftest import ClinicWorld
from tests.support import figured, visited, world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.figured import Figured
    from tests.support.visited import Label, Village
    from tests.support.world import Browser

_REAL = clock.now


@pytest.fixture(scope="module")
def counted(app: Flask) -> Figured:
    """The clinic, counted on the day that it was made for; one village is called like a formula."""
    made = figured.build(app, "clinic_admin", "village_doctor", "public_health_nurse", "audit_reviewer")
    world.add_staff(app, made.card, "second", "village_doctor", places="villages")
    with world.inside(app, made.card) as session:
        session.get_one(Site, made.sites[1]).name_zh = "=HYPERLINK(1)"

    def inside() -> contextlib.AbstractContextManager[Session]:
        return world.inside(app, made.card)

    counting.compute(inside, figured.TODAY, figured.NOW, periods.every(figured.TODAY))
    return made


@pytest.fixture
def own(app: Flask) -> ClinicWorld:
    """A clinic in which nobody is registered, with a village doctor of all its places."""
    code = world.free_code()
    card = world.provision(app, code, "今日院")
    world.add_staff(app, card, "village_doctor", "village_doctor", places="all")
    return ClinicWorld(app, code)


@pytest.fixture
def browser(own: ClinicWorld) -> Browser:
    """The village doctor's."""
    return own.browser()


@pytest.fixture
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the pages goes on from noon of the day that was counted."""
    began = _REAL()
    monkeypatch.setattr(clock, "now", lambda: figured.NOW + (_REAL() - began))


@pytest.fixture(scope="module")
def town(app: Flask) -> Iterator[Village]:
    """One clinic for the examples of single persons."""
    with pytest.MonkeyPatch.context() as moved:
        visited.move_clock(moved)
        yield visited.village(app)


@pytest.fixture
def label(app: Flask) -> Label:
    """What a field is called on the page."""
    return functools.partial(visited.label, app)
