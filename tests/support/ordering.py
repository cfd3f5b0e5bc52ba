"""Orders to the house for tests: a kind that leaves one act on a clinic, and what stands of an order."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import typing
import uuid
from pathlib import Path

from tenants.changes import rules, running
from tenants.operators import write_act
from tenants.order_kinds import KINDS
from tests.e2e.served import told
from tests.support import world
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.console.desk import Row
    from tenants.house_orders import Task

ROOT = Path(__file__).resolve().parents[2]
MARK, SLOW = "test.mark", "test.slow"
ACT = "checklist.ticked"
"""What the two kinds leave behind: an act that has words."""


def mark(task: Task, *, seconds: float = 0) -> None:
    """One act, in the transaction that ends the order."""
    assert task.order.clinic_id is not None
    with task.tenants.logins.connect("owner") as connection:
        write_act(connection, task.order.clinic_id, ACT, str(task.order.id), task.order.operator)
        connection.execute("SELECT pg_sleep(%s)", [seconds])
        task.done(connection, marked=True)


def slow(task: Task) -> None:
    """The same, with time to be killed in."""
    mark(task, seconds=20)


def learn() -> None:
    """Let this process know the two kinds."""
    KINDS.update({MARK: mark, SLOW: slow})


def place(app: Flask, operator: str, kind: str, clinic_id: uuid.UUID) -> uuid.UUID:
    """An order as the console leaves it."""
    order_id = uuid.uuid4()
    ask(
        app,
        "INSERT INTO platform.house_order (id, kind, clinic_id, operator) VALUES (%s, %s, %s, %s)",
        *(order_id, kind, clinic_id, operator),
    )
    return order_id


def state_of(app: Flask, order_id: uuid.UUID) -> str:
    """Where an order stands."""
    return str(ask(app, "SELECT state FROM platform.house_order WHERE id = %s", order_id)[0][0])


def outcome_of(app: Flask, order_id: uuid.UUID) -> Row:
    """What came out of it."""
    (outcome,) = ask(app, "SELECT outcome FROM platform.house_order WHERE id = %s", order_id)[0]
    return typing.cast("Row", outcome)


def marks(app: Flask, order_id: uuid.UUID) -> list[str]:
    """Who left the act of this order."""
    query = "SELECT operator FROM platform.operator_act WHERE act = %s AND detail = %s"
    return [who for (who,) in ask(app, query, ACT, str(order_id))]


@contextlib.contextmanager
def worker(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `shipa worker` is one, that knows the kinds of the tests."""
    code = (
        "from tests.support.ordering import learn; learn();"
        "from tests.e2e.served import app; from tenants.working import Worker;"
        "Worker(app.extensions['building']).run()"
    )
    environment = {**os.environ, "SHIPA_TEST_PLACE": told(world.caretaker(app).settings)}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


def change_of_another(app: Flask) -> uuid.UUID:
    """A change of a clinic that is made for it."""
    card = world.provision(app, world.free_code(), "改名前卫生院", sites=0)
    done = running.change(
        world.caretaker(app),
        "renamed",
        [card.id],
        lambda now: rules.renamed(now, card.id, "改名后卫生院", ""),
    )
    assert done.id is not None
    return done.id


def order_of(location: str) -> uuid.UUID:
    """The order to whose page an answer leads."""
    assert "/orders/" in location, location
    return uuid.UUID(location.rpartition("/")[2])
