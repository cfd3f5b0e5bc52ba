"""The house that the browsers visit: gunicorn on a free port, and a way to its database."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import socket
import subprocess
import sys
import time
import typing
import urllib.request
from pathlib import Path

from saas.app import create_app
from saas.config import Settings
from tests.e2e.served import told
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.settings import TenantSettings
    from tests.support.world import Person

ROOT = Path(__file__).resolve().parents[2]
_START = 60
_STAFF = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class House:
    """A served application: its address, and the same application in this process for its rows."""

    url: str
    app: Flask

    def employ(
        self,
        username: str,
        *roles: str,
        code: str = world.NORTH,
        places: world.Places = "centre",
        **more: str,
    ) -> Person:
        """A new member of staff, so that no test meets another one's choices; her username tells the test."""
        card = world.card_of(self.app, code)
        return world.add_staff(
            self.app,
            card,
            f"{username}.{next(_STAFF)}",
            *(roles or ("village_doctor",)),
            places=places,
            **more,
        )

    def age(self, person: Person, minutes: int) -> None:
        """Let this person's sessions have been idle for so long: the server's clock cannot be moved."""
        with world.caretaker(self.app).logins.connect("owner") as connection:
            connection.execute(
                "UPDATE platform.web_session SET last_seen = last_seen - make_interval(mins => %s) "
                "WHERE staff_id = %s",
                (minutes, person.staff_id),
            )


@contextlib.contextmanager
def opened(place: TenantSettings, log: Path) -> Iterator[House]:
    """Serve the application until the block ends; its log goes to a file."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "tests.e2e.served:app", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--no-control-socket"]
    environment = {**os.environ, "SHIPA_TEST_PLACE": told(place)}
    app = create_app(Settings(hash_cost="test"), place)
    with log.open("wb") as file:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(url, server, log)
            yield House(url, app)
        finally:
            server.terminate()
            server.wait(timeout=10)
            world.close(app)


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the house did not open:\n{log.read_text()[-3000:]}")
