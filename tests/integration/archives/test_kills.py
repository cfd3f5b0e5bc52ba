"""``kill -9`` of an export and of a restore: no half archive under the name, no half clinic."""

from __future__ import annotations

import signal
import subprocess
import sys
import typing

import pytest

from tenants.clinic_check import ClinicCheck
from tests.integration.archives.conftest import Archived
from tests.integration.tenants.test_kills import environment
from tests.support.archived import PURPOSE
from tests.support.movers import until_gone

if typing.TYPE_CHECKING:
    from tenants.settings import TenantSettings

# Both halts are told by a line; the parent kills the process that waits there.
_HALTED = """
import sys, time
from pathlib import Path
from saas.app import create_app
from tenants.archives import exporting, rebuilding, restoring, envelope
from tenants.archives.opening import Archive
app = create_app()
tenants = app.extensions["building"]
def halt(where, name):
    real = getattr(where, name)
    def halting(*args, **named):
        done = real(*args, **named)
        print("there", flush=True)
        time.sleep(60)
        return done
    setattr(where, name, halting)
file, code, purpose, point = sys.argv[1:]
where, name = point.rsplit(".", 1)
halt(eval(where), name)
"""
_EXPORT = (
    _HALTED
    + """
exporting.Export(tenants, tenants.clinics()[0], purpose).write(Path(file))
"""
)
_RESTORE = (
    _HALTED
    + """
restoring.Restore(tenants, Archive(Path(file), code, tenants.master)).run(purpose)
"""
)


def killed_at(archived: Archived, place: TenantSettings, script: str, point: str) -> None:
    """Run the script in a process of its own and kill it where it halts."""
    words = [sys.executable, "-c", script, str(archived.path), archived.code, PURPOSE, point]
    child = subprocess.Popen(
        words, env=environment(archived.tenants, place), stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert said == "there\n"
    until_gone(archived.tenants)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("point", "there"),
    [
        ("exporting._copied", True),
        ("envelope.SealedWriter.finish", False),
        ("exporting.os.fsync", True),
        ("exporting.write_act", False),
    ],
)
def test_a_killed_export_leaves_the_name_as_it_was(
    archived: Archived, place: TenantSettings, point: str, *, there: bool
) -> None:
    if there:
        archived.export()
    before = archived.path.read_bytes() if there else b""
    killed_at(archived, place, _EXPORT, point)
    assert archived.path.exists() is there
    if there:
        assert archived.path.read_bytes() == before
        archived.archive.checked()
    archived.export()
    assert archived.archive.checked().code == archived.card.code
    assert [path.name for path in archived.path.parent.glob("*.part")] == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "point",
    [
        "rebuilding.Rebuilding._make",
        "rebuilding.Rebuilding._load",
        "restoring.Restore._rebuilt",
        "restoring.write_act",
    ],
)
def test_a_killed_restore_leaves_the_clinic_as_it_was(
    archived: Archived, place: TenantSettings, point: str
) -> None:
    archived.export()
    archived.ask("DELETE FROM due_item")
    before = archived.sums()
    killed_at(archived, place, _RESTORE, point)
    assert archived.sums() == before
    with archived.tenants.logins.connect("owner", autocommit=True) as connection:
        assert ClinicCheck(archived.tenants, connection).findings(archived.card) == []
    # The row that says so is left, and it pauses nobody.
    assert archived.ask("SELECT moving_to = cell FROM platform.clinic") == [(True,)]
    assert archived.tenants.clinics()[0].busy == ""
    archived.restore()
    assert archived.ask("SELECT count(*) > 0 FROM due_item") == [(True,)]
