"""Texts need an application, though no clinic and no database."""

from __future__ import annotations

import typing

import pytest
from flask import Flask

from saas.app import create_app
from saas.config import Settings
from tenants.settings import TenantSettings

if typing.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, connected to nothing."""
    place = TenantSettings.from_env({"SHIPA_DATA": str(tmp_path_factory.mktemp("data"))})
    return create_app(Settings(hash_cost="test"), place)


@pytest.fixture
def speech(house: Flask) -> Iterator[None]:
    """A context in which texts have a language."""
    with house.app_context():
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--publish`` writes the shapes of the forms anew; look at the difference before committing."""
    parser.addoption("--publish", action="store_true", help="Write the published shapes of the forms.")


@pytest.fixture
def publish(request: pytest.FixtureRequest) -> bool:
    """True when the shapes are to be written."""
    return bool(request.config.getoption("--publish", default=False))
