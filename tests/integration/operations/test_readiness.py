"""`/readyz`: each condition turns it red by itself, and nobody outside is told which."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from saas.app import create_app
from saas.config import Settings
from tenants.jobs import OF_CLINICS, OF_HOUSE, SILENT_SECONDS
from tenants.keys import create_master_key
from tenants.readiness import HARDENING_EVERY
from tenants.trees import CLINIC, PLATFORM
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tests.support.postgres import Cluster

TOKEN = "a token of 24 characters or more"
CONDITIONS = ["cells", "clinics", "database", "disk", "hardening", "log", "orders", "platform", "worker"]


@pytest.fixture(scope="module")
def own(app: Flask, server: Cluster, settings: Settings, worker_id: str) -> Iterator[Flask]:
    """A house over a database of this module's own, in which conditions can be broken.

    The shared application is asked for so that the template is there.
    """
    place = server.clone("shipa_template", f"shipa_ready_{worker_id}", (4900, 4999), [world.FAR])
    house = create_app(settings, place)
    house.test_client_class = world.Browser
    yield house
    world.close(house)
    for cell in place.cell_names:
        server.drop(place.of_cell(cell).database)


@pytest.fixture
def tenants(own: Flask) -> Tenants:
    return world.caretaker(own)


@pytest.fixture
def admin(server: Cluster, tenants: Tenants) -> Iterator[Connection]:
    with server.admin(tenants.settings.database) as connection:
        yield connection


@pytest.fixture
def house(own: Flask, tenants: Tenants, admin: Connection) -> Iterator[Flask]:
    """The house with everything as it must be, a worker too; put back afterwards."""
    admin.execute(
        "INSERT INTO jobs.procrastinate_workers (last_heartbeat, name) VALUES (now(), %s), (now(), %s)",
        [OF_CLINICS, OF_HOUSE],
    )
    tenants.readiness.forget()
    yield own
    admin.execute("DELETE FROM jobs.procrastinate_workers")


def ask(app: Flask) -> TestResponse:
    """Ask now, without what was seen some seconds ago."""
    world.caretaker(app).readiness.forget()
    return app.test_client().get("/readyz")


def told(answer: TestResponse) -> dict[str, str]:
    """The word of each condition."""
    lines = answer.get_data(as_text=True).splitlines()[1:]
    return {line.partition(":")[0]: line.split(": ", 1)[1] for line in lines}


def red(app: Flask) -> list[str]:
    """The conditions that do not hold, and that the answer says so."""
    answer = ask(app)
    found = sorted(name for name, words in told(answer).items() if words.startswith("NOT"))
    assert answer.status_code == (503 if found else 200), answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).startswith("not ready\n" if found else "ready\n")
    return found


def test_a_house_in_order_is_ready(house: Flask) -> None:
    assert red(house) == []
    assert sorted(told(ask(house))) == CONDITIONS


def test_the_write_is_a_real_one(house: Flask, admin: Connection) -> None:
    before = admin.execute("SELECT at FROM platform.heartbeat").fetchone()
    ask(house)
    after = admin.execute("SELECT at FROM platform.heartbeat").fetchone()
    assert before is not None
    assert after is not None
    assert after > before


def test_an_answer_holds_for_some_seconds(house: Flask, admin: Connection) -> None:
    ask(house)
    before = admin.execute("SELECT at FROM platform.heartbeat").fetchone()
    for _ in range(3):
        house.test_client().get("/readyz")
    assert admin.execute("SELECT at FROM platform.heartbeat").fetchone() == before


def test_a_database_that_takes_no_rows_is_red(house: Flask, admin: Connection, tenants: Tenants) -> None:
    name = tenants.settings.database
    admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        assert red(house) == ["database"]
    finally:
        admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert red(house) == []


def test_a_platform_of_an_older_release_is_red_and_of_a_newer_one_is_not(
    house: Flask, admin: Connection
) -> None:
    older = PLATFORM.after(None)[0].revision
    move = "UPDATE platform.alembic_version SET version_num = %s"
    try:
        admin.execute(move, [older])
        assert red(house) == ["platform"]
        admin.execute(move, ["9999_of_tomorrow"])
        assert red(house) == []
        assert told(ask(house))["platform"] == "ok (newer than this release)"
    finally:
        admin.execute(move, [PLATFORM.head])


def test_one_clinic_that_is_behind_is_red(house: Flask, admin: Connection) -> None:
    move = "UPDATE platform.clinic_revision SET revision = %s WHERE clinic_id = %s"
    clinic = world.card_of(house, world.NORTH).id
    try:
        admin.execute(move, [CLINIC.after(None)[0].revision, clinic])
        assert red(house) == ["clinics"]
    finally:
        admin.execute(move, [CLINIC.head, clinic])


def test_a_hole_in_the_hardening_is_red(house: Flask, admin: Connection) -> None:
    admin.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC")
    try:
        assert red(house) == ["hardening"]
    finally:
        admin.execute("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC")


def test_a_master_key_of_another_house_is_red_and_named(
    house: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    create_master_key(tmp_path / "another.key")
    another = dataclasses.replace(tenants.logins.settings, master_key_file=tmp_path / "another.key")
    monkeypatch.setattr(tenants.logins, "settings", another)
    assert red(house) == ["hardening"]
    assert "does not open the clinics' keys; run `shipa check`" in told(ask(house))["hardening"]


def test_the_hardening_is_not_looked_at_for_each_answer(
    house: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def looked(*_: object, **__: object) -> list[object]:
        looks.append(1)
        return []

    monkeypatch.setattr("tenants.readiness.check", looked)
    ask(house)
    for _ in range(3):
        tenants.readiness._seen = None
        house.test_client().get("/readyz")
    assert len(looks) == 1
    assert tenants.readiness.hardening._known is not None
    seen, found = tenants.readiness.hardening._known
    tenants.readiness.hardening._known = seen - HARDENING_EVERY, found
    tenants.readiness._seen = None
    house.test_client().get("/readyz")
    running = tenants.readiness.hardening._running
    assert running is not None
    running.join()
    assert len(looks) == 2


def test_a_disk_with_less_than_a_tenth_free_is_red(
    house: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants.disks, "look", lambda _: 0.11)
    assert red(house) == []
    monkeypatch.setattr(tenants.disks, "look", lambda _: 0.09)
    assert red(house) == ["disk"]


def test_what_this_machine_cannot_see_is_told_and_is_not_red(
    house: Flask, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants.disks, "look", lambda _: None)
    assert red(house) == []
    assert told(ask(house))["disk"].startswith("unknown")
    monkeypatch.undo()
    monkeypatch.setattr(tenants.disks, "hold_the_database", False)
    assert "SHIPA_DISKS" in told(ask(house))["disk"]


@pytest.mark.parametrize(("hours", "conditions"), [(25, []), (27, ["log"])])
def test_a_seal_older_than_26_hours_is_red(
    house: Flask, admin: Connection, hours: int, conditions: list[str]
) -> None:
    make = "INSERT INTO platform.seal_made VALUES (now() - make_interval(hours => %s))"
    admin.execute(make, [hours])
    try:
        assert red(house) == conditions
    finally:
        admin.execute("DELETE FROM platform.seal_made")


def test_a_house_that_was_never_sealed_is_red_after_its_first_day(house: Flask, admin: Connection) -> None:
    assert told(ask(house))["log"].startswith("ok (never sealed")
    admin.execute("UPDATE platform.clinic SET created_at = created_at - interval '27 hours'")
    try:
        assert red(house) == ["log"]
    finally:
        admin.execute("UPDATE platform.clinic SET created_at = created_at + interval '27 hours'")


def test_sealing_says_when_it_was(house: Flask, admin: Connection, tmp_path: Path) -> None:
    runner = house.test_cli_runner()
    done = runner.invoke(args=["audit", "seal", str(tmp_path / "seal.json")])
    assert done.exit_code == 0, done.output
    try:
        assert told(ask(house))["log"] == "ok (sealed 0 hours ago)"
    finally:
        admin.execute("DELETE FROM platform.seal_made")


def test_a_house_without_a_worker_is_red(house: Flask, admin: Connection) -> None:
    admin.execute(
        "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
        [SILENT_SECONDS + 1],
    )
    assert red(house) == ["worker"]


def test_without_a_worker_of_the_house_it_serves_and_orders_wait(house: Flask, admin: Connection) -> None:
    assert told(ask(house))["orders"].startswith("ok")
    admin.execute("DELETE FROM jobs.procrastinate_workers WHERE name = %s", [OF_HOUSE])
    assert red(house) == []
    assert told(ask(house))["orders"].startswith("DEGRADED (no worker with the owner's login")
    assert told(ask(house))["worker"].startswith("ok")


@pytest.fixture
def behind_a_proxy(tenants: Tenants) -> Iterator[Callable[..., TestResponse]]:
    """Ask a house that is reached by https, from another machine."""
    settings = Settings(url="https://records.example", hash_cost="test", watch_token=TOKEN)
    app = create_app(settings, dataclasses.replace(tenants.settings))

    def ask_it(path: str, **headers: str) -> TestResponse:
        return app.test_client().get(
            path,
            base_url="https://records.example",
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", **headers},
        )

    yield ask_it
    world.close(app)


def test_outside_only_a_word_is_told(behind_a_proxy: Callable[..., TestResponse]) -> None:
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}):
        answer = behind_a_proxy("/readyz", **headers)
        assert answer.get_data(as_text=True) in {"ready\n", "not ready\n"}
        assert behind_a_proxy("/metrics", **headers).status_code == 404
    assert behind_a_proxy("/healthz").get_data(as_text=True) == "ok"


def test_with_the_token_everything_is_told(behind_a_proxy: Callable[..., TestResponse]) -> None:
    header = {"Authorization": f"Bearer {TOKEN}"}
    assert sorted(told(behind_a_proxy("/readyz", **header))) == CONDITIONS
    assert "shipa_ready{" in behind_a_proxy("/metrics", **header).get_data(as_text=True)


def test_without_a_token_file_no_token_opens(tenants: Tenants) -> None:
    app = create_app(Settings(url="https://records.example", hash_cost="test"), tenants.settings)
    for header in ("", "Bearer ", "Bearer"):
        answer = app.test_client().get(
            "/metrics",
            base_url="https://records.example",
            headers={"X-Forwarded-Proto": "https", "Authorization": header},
        )
        assert answer.status_code == 404
    world.close(app)
