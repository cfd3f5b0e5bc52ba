"""Further cells in `/readyz`, `/metrics`, commands: named when behind or silent, and no reason for 503."""

from __future__ import annotations

import contextlib
import importlib
import json
import typing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from saas.app import create_app
from tenants.trees import CLINIC, PLATFORM
from tests.integration.operations.test_readiness import ask, red, told
from tests.support import world
from tests.support.cells import closed

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from saas.config import Settings
    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tests.support.postgres import Cluster

OLDEST = {"platform": PLATFORM.after(None)[0].revision, "clinics": CLINIC.after(None)[0].revision}
MOVE = {
    "platform": "UPDATE platform.alembic_version SET version_num = %s",
    "clinics": "UPDATE platform.clinic_revision SET revision = %s WHERE standing = 'here'",
}
HEAD = {"platform": PLATFORM.head, "clinics": CLINIC.head}


@pytest.fixture(scope="module")
def own(app: Flask, server: Cluster, settings: Settings, worker_id: str) -> Iterator[Flask]:
    """A house over databases of this module's own, in which cells can be broken, with a worker that lives.

    The shared application is asked for so that the template is there.
    """
    place = server.clone("shipa_template", f"shipa_watched_{worker_id}", (4800, 4899), [world.FAR])
    house = create_app(settings, place)
    house.test_client_class = world.Browser
    with server.admin(place.database) as admin:
        admin.execute("INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES ('infinity')")
    yield house
    world.close(house)
    for cell in place.cell_names:
        server.drop(place.of_cell(cell).database)


@pytest.fixture
def tenants(own: Flask) -> Tenants:
    return world.caretaker(own)


@pytest.fixture
def far(server: Cluster, tenants: Tenants) -> Iterator[Connection]:
    """The superuser in the far cell."""
    with server.admin(tenants.settings.of_cell(world.FAR).database) as connection:
        yield connection


@contextlib.contextmanager
def behind(far: Connection, what: str) -> Iterator[None]:
    """The far cell's platform, or its clinics, at the first revision."""
    far.execute(MOVE[what].encode(), [OLDEST[what]])
    try:
        yield
    finally:
        far.execute(MOVE[what].encode(), [HEAD[what]])


def cells(house: Flask) -> str:
    """What is told of the further cells, after it was seen that the house is ready all the same."""
    assert red(house) == []
    return told(ask(house))["cells"]


def metrics(house: Flask) -> str:
    """What /metrics gives."""
    return house.test_client().get("/metrics").get_data(as_text=True)


def gauges(house: Flask) -> dict[str, float]:
    """The figures of the far cell."""
    body = metrics(house)
    return {
        sample.labels["check"]: sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
        if sample.name == "shipa_cell_ready" and sample.labels["cell"] == world.FAR
    }


def test_cells_in_order_are_told_so_and_a_row_was_written_in_each(own: Flask, far: Connection) -> None:
    before = far.execute("SELECT at FROM platform.heartbeat").fetchone()
    assert cells(own) == "ok (all answer, at this release)"
    after = far.execute("SELECT at FROM platform.heartbeat").fetchone()
    assert before is not None
    assert after is not None
    assert after > before
    assert gauges(own) == {"answers": 1, "platform": 1, "clinics": 1}


@pytest.mark.parametrize("what", ["platform", "clinics"])
def test_a_cell_that_is_behind_is_named_and_the_house_is_ready(
    own: Flask, far: Connection, what: str
) -> None:
    with behind(far, what):
        assert cells(own) == f"DEGRADED ({what} of cell far behind this release: run `shipa migrate`)"
        assert gauges(own) == {"answers": 1, "platform": 1, "clinics": 1} | {what: 0}
    assert cells(own).startswith("ok")


def test_a_cell_of_a_newer_release_is_in_order(own: Flask, far: Connection) -> None:
    try:
        far.execute(MOVE["platform"].encode(), ["9999_of_tomorrow"])
        assert cells(own).startswith("ok")
    finally:
        far.execute(MOVE["platform"].encode(), [PLATFORM.head])


def test_a_silent_cell_is_named_and_the_house_is_ready(
    own: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closed(tenants, monkeypatch):
        assert cells(own) == "DEGRADED (cell far cannot be reached)"
        assert gauges(own) == {"answers": 0}
        assert 'shipa_degraded{check="cells"} 1.0' in metrics(own)
    assert cells(own).startswith("ok")
    assert 'shipa_degraded{check="cells"} 0.0' in metrics(own)


def test_a_cell_that_takes_no_rows_is_named(own: Flask, tenants: Tenants, far: Connection) -> None:
    name = tenants.settings.of_cell(world.FAR).database
    far.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    try:
        assert cells(own) == "DEGRADED (cell far takes no rows: ReadOnlySqlTransaction)"
    finally:
        far.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


def test_a_cell_that_cannot_be_asked_as_this_release_asks_is_behind(own: Flask, far: Connection) -> None:
    far.execute("REVOKE EXECUTE ON FUNCTION platform.cell_standing() FROM shipa_operator")
    try:
        assert cells(own) == "DEGRADED (cell far: behind this release: run `shipa migrate`)"
        assert gauges(own) == {"answers": 1, "platform": 0}
    finally:
        far.execute("GRANT EXECUTE ON FUNCTION platform.cell_standing() TO shipa_operator")


def test_without_an_address_the_revisions_are_not_known_and_that_is_no_fault(
    own: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants.cell_desk, "can_ask", lambda _: False)
    assert cells(own) == "unknown (revisions of cell far are not known without SHIPA_FAR_OPERATOR_URL)"
    assert gauges(own) == {"answers": 1}


# commands


@pytest.fixture
def shipa(own: Flask) -> Callable[..., str]:
    """Type a command that fails; returns all that it said."""

    def run(*words: str) -> str:
        done = own.test_cli_runner().invoke(args=list(words))
        assert done.exit_code == 1, done.output
        return done.output

    return run


@pytest.mark.parametrize("what", ["platform", "clinics"])
def test_check_names_the_cell_that_is_behind(far: Connection, shipa: Callable[..., str], what: str) -> None:
    # It fails for fsync in any case: this is the cluster of the tests.
    assert "revisions: cell main at this release\nrevisions: cell far at this release\n" in shipa("check")
    with behind(far, what):
        said = shipa("check")
    assert f"revisions: {what} of cell far behind this release: run `shipa migrate`\n" in said
    assert "revisions: cell main at this release\n" in said


def test_a_cell_that_is_behind_is_reason_enough_for_check_to_fail(
    own: Flask, far: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("tenants.commands.check"), "problems_of", lambda _: [])
    assert own.test_cli_runner().invoke(args=["check"]).exit_code == 0
    with behind(far, "clinics"):
        assert own.test_cli_runner().invoke(args=["check"]).exit_code == 1


def test_check_and_status_name_the_cell_that_is_silent(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch, shipa: Callable[..., str], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    with closed(tenants, monkeypatch):
        assert "revisions: cell far cannot be reached" in shipa("check")
        said = shipa("migrate", "--status", "--report", str(report))
    assert "cell far could not be reached: " in said
    assert "0 clinics are not at" in said
    assert list(json.loads(report.read_text())["closed"]) == [world.FAR]


def test_status_says_in_which_cell_something_is_pending(
    far: Connection, shipa: Callable[..., str], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    with behind(far, "clinics"):
        said = shipa("migrate", "--status", "--report", str(report))
    assert f"  {world.SOUTH} at {OLDEST['clinics']} in cell far\n" in said
    pending = json.loads(report.read_text())["pending"]
    assert pending == [{"code": world.SOUTH, "revision": OLDEST["clinics"], "cell": "far"}]
    with behind(far, "platform"):
        said = shipa("migrate", "--status")
    assert f"platform: cell far: {PLATFORM.head} is pending\n" in said
