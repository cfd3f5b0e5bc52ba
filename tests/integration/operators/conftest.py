"""An operator at her desk."""

from __future__ import annotations

import typing

import pytest

from tests.support import changing, operating

if typing.TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def desk(app: Flask) -> operating.Desk:
    """An onboarding operator who is signed in."""
    return operating.sign_in(app, operating.add(app))


@pytest.fixture
def office(app: Flask) -> changing.Office:
    """An operator with two clinics of this test alone."""
    return changing.two_clinics(app)
