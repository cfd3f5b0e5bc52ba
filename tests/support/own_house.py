"""A house over a server of its own that is reached by addresses: it can be stopped, and nobody starts it."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
import urllib.parse

from saas.app import create_app
from saas.config import Settings
from tenants.keys import create_master_key
from tenants.migrating import upgrade_platform
from tenants.settings import LOGINS
from tests.support import world
from tests.support.postgres import Cluster, private_cluster

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.settings import TenantSettings

DATABASE = "shipa_apart"


@dataclasses.dataclass
class OwnHouse:
    """The application and its server."""

    app: Flask
    cluster: Cluster
    place: TenantSettings

    def stop(self) -> None:
        """Stop PostgreSQL: every connection ends, and none is taken.

        Not by ``EmbeddedServer.stop``: this process would no longer count as its user meanwhile, and
        another run's sweep would take the folder for one that was left behind.
        """
        self.cluster.server._cluster.stop()

    def start(self) -> None:
        """Start it again."""
        self.cluster.server.ensure_running()


def addresses(cluster: Cluster, place: TenantSettings, port: int | None = None) -> TenantSettings:
    """The same place, reached as one's own PostgreSQL is; by a port of this machine when there is one."""
    server = cluster.server
    urls: dict[str, typing.Any] = {}
    for login in LOGINS:
        role = "postgres" if login == "admin" else f"shipa_{login}"
        password = urllib.parse.quote(server.password(login))
        host = urllib.parse.quote(str(server.endpoint.host), safe="")
        at = f"127.0.0.1:{port}" if port else ""
        query = "" if port else f"?host={host}&port={server.endpoint.port}"
        urls[f"{login}_url"] = f"postgresql://{role}:{password}@{at}/{DATABASE}{query}"
    return dataclasses.replace(place, **urls)


@contextlib.contextmanager
def own_house() -> Iterator[OwnHouse]:
    """Two clinics with one person per role, on a server of this module's own."""
    with private_cluster() as cluster:
        place = cluster.settings(DATABASE, (1, 99))

        def build(settings: TenantSettings) -> None:
            create_master_key(settings.master_key_file)
            maker = create_app(
                Settings(hash_cost="test"), dataclasses.replace(settings, clinic_numbers=(1, 99))
            )
            upgrade_platform(world.caretaker(maker).logins)
            world.build(maker)
            world.close(maker)

        cluster.template("shipa_apart_template", build)
        cluster.clone("shipa_apart_template", DATABASE, (1, 99))
        place = addresses(cluster, place)
        app = create_app(Settings(hash_cost="test"), place)
        app.test_client_class = world.Browser
        house = OwnHouse(app, cluster, place)
        try:
            yield house
        finally:
            house.start()
            world.close(app)
