"""Texts need an application, though no clinic and no database."""

from __future__ import annotations

import typing

import pytest
from flask import Flask
from flask_babel import Babel

if typing.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def app_text() -> Iterator[None]:
    """A page's context in English, for sentences."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield
