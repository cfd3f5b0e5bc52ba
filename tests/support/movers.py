"""Another process that moves a clinic and is killed: at a step, or whenever somebody likes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import typing
import urllib.parse

from psycopg.conninfo import conninfo_to_dict

from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants

_MOVE = """
import os, signal, sys
from saas.app import create_app
from tenants.moving.move import Move
code, to, point = sys.argv[1], sys.argv[2], int(sys.argv[3])
tenants = create_app().extensions["building"]
steps = 0
def told():
    global steps
    steps += 1
    if steps == point:
        os.kill(os.getpid(), signal.SIGKILL)
with tenants.logins.connect("owner", autocommit=True) as registry:
    move = Move(tenants, registry, tenants.clinics(code)[0], to)
    print("ready", flush=True)
    move.run(told)
print("done", flush=True)
"""


def begun(tenants: Tenants, code: str, to: str, point: int = 0) -> subprocess.Popen[str]:
    """A process that moves a clinic; with a point it kills itself when so many steps are done."""
    arguments = [sys.executable, "-c", _MOVE, code, to, str(point)]
    return subprocess.Popen(arguments, env=environment(tenants), stdout=subprocess.PIPE, text=True)


def environment(tenants: Tenants) -> dict[str, str]:
    """The cells of the house as databases on one's own server, for another process."""

    def url(cell: str, login: str) -> str:
        parts = conninfo_to_dict(tenants.logins.of(cell).conninfo(login))
        query = urllib.parse.urlencode({"host": parts["host"], "port": parts["port"]})
        return f"postgresql://{parts['user']}:{parts['password']}@/{parts['dbname']}?{query}"

    further = tenants.logins.cells[1:]
    urls = {f"SHIPA_{login.upper()}_URL": url(MAIN, login) for login in ("owner", "web", "gate")}
    urls |= {
        f"SHIPA_{cell.upper()}_{login.upper()}_URL": url(cell, login)
        for cell in further
        for login in ("owner", "web")
    }
    key = str(tenants.settings.master_key_file)
    return {**os.environ, **urls, "SHIPA_CELLS": ",".join(further), "SHIPA_MASTER_KEY_FILE": key}


def until_gone(tenants: Tenants) -> None:
    """Wait until the server has noticed that the process is gone, in every cell."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shipa_owner' AND state <> 'idle' "
        "AND pid <> pg_backend_pid() AND datname = current_database()"
    )
    for cell in tenants.logins.cells:
        database = tenants.settings.of_cell(cell).database
        with tenants.logins.connect("admin", database=database, autocommit=True) as connection:
            deadline = time.monotonic() + 60
            while connection.execute(query).fetchone() != (0,):
                assert time.monotonic() < deadline, "what the process had begun does not end"
                time.sleep(0.02)
