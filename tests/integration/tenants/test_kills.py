"""What ``kill -9`` leaves of an import and of a migration: whole clinics, and a way to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import typing
import urllib.parse

import pytest
from psycopg.conninfo import conninfo_to_dict

from tenants.clinic_check import ClinicCheck
from tenants.import_planning import Counts
from tenants.importing import Import
from tenants.migrating import migrate
from tests.integration.tenants.conftest import CODES, revise, revisions, with_column

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.extension import Tenants
    from tenants.settings import TenantSettings
    from tenants.trees import Tree
    from tests.integration.tenants.conftest import Files

    Ask = Callable[..., list[tuple[typing.Any, ...]]]

pytestmark = pytest.mark.timeout(120)  # a process of its own, on a machine with other work

_IMPORT = """
import sys
from pathlib import Path
from saas.app import create_app
from tenants.importing import Import
app = create_app()
Import(Path(sys.argv[1]), Path(sys.argv[2])).run(app.extensions["building"])
"""


def environment(tenants: Tenants, place: TenantSettings) -> dict[str, str]:
    """The database of the test as one's own server, for another process."""

    def url(login: str) -> str:
        parts = conninfo_to_dict(tenants.logins.conninfo(login))
        query = urllib.parse.urlencode({"host": parts["host"], "port": parts["port"]})
        return f"postgresql://{parts['user']}:{parts['password']}@/{parts['dbname']}?{query}"

    logins = {f"SHIPA_{name.upper()}_URL": url(name) for name in ("owner", "web", "gate")}
    numbers = "-".join(map(str, place.clinic_numbers))
    return {
        **os.environ,
        **logins,
        "SHIPA_CLINIC_NUMBERS": numbers,
        "SHIPA_MASTER_KEY_FILE": str(place.master_key_file),
    }


def test_a_killed_import_leaves_whole_clinics_and_goes_on(
    tenants: Tenants, place: TenantSettings, files: Files, ask: Ask
) -> None:
    roster = files.roster(*({} for _ in range(40)))
    codes = [str(650099001 + n) for n in range(40)]
    sites = files.sites(*((f"{code}200", code, "村卫生室") for code in codes))
    arguments = [sys.executable, "-c", _IMPORT, str(roster), str(sites)]
    child = subprocess.Popen(arguments, env=environment(tenants, place))
    deadline = time.monotonic() + 60
    while not tenants.clinics() and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until_gone(ask)
    there = tenants.clinics()
    done = len(there)
    assert 0 < done < 40
    with tenants.logins.connect("owner", autocommit=True) as connection:
        checker = ClinicCheck(tenants, connection)
        assert {card.code: checker.findings(card) for card in there} == {c.code: [] for c in there}
    report = Import(roster, sites).run(tenants)
    assert report.clinics == Counts(created=40 - done, unchanged=done)
    assert report.sites == Counts(created=40 - done, unchanged=done)
    assert ask("SELECT count(*) FROM platform.clinic_revision") == [(40,)]


def until_gone(ask: Ask) -> None:
    """Wait for the killed client's last message: the server ends it before it notices the kill."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + 30
    while ask(others) != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.05)


_MIGRATE = """
import sys
from pathlib import Path
from saas.app import create_app
from tenants.migrating import migrate
from tenants.trees import Tree
migrate(create_app().extensions["building"].logins, tree=Tree(Path(sys.argv[1])))
"""


def test_a_killed_run_has_recorded_what_it_applied_and_goes_on(
    six: Tenants, place: TenantSettings, tree: Tree, ask: Ask
) -> None:
    slow = "SELECT pg_sleep(0.2)"
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text", slow)
    arguments = [sys.executable, "-c", _MIGRATE, str(two.folder)]
    child = subprocess.Popen(arguments, env=environment(six, place))
    deadline = time.monotonic() + 60
    while not with_column(ask) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until_gone(ask)
    applied = with_column(ask)
    assert 0 < len(applied) < len(CODES)
    assert [code for code, at in sorted(revisions(ask).items()) if at == two.head] == applied
    assert len(migrate(six.logins, tree=two).migrated) == len(CODES) - len(applied)
    assert with_column(ask) == CODES
