"""Two clinics under attack on a server with set_user."""

from __future__ import annotations

import typing
from contextlib import closing

import pytest

from tests.support.set_user import OwnServer, own_server
from tests.support.whole import attacked

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Logins
    from tests.support.whole import Admin


@pytest.fixture(scope="module")
def server() -> OwnServer:
    return own_server()


@pytest.fixture(scope="module")
def logins(server: OwnServer, worker_id: str) -> Iterator[Logins]:
    """Of a database of level 2 for one file of tests: none meets what another left."""
    yield attacked(server, f"level_two_{worker_id}")
    server.drop(f"level_two_{worker_id}")


@pytest.fixture(scope="module")
def admin(server: OwnServer, logins: Logins) -> Iterator[Admin]:
    with closing(server.admin(logins.settings.database)) as admin:
        yield admin
