"""Orders to the house: each is done once and whole, whoever dies; its page tells how far it is."""

from __future__ import annotations

import signal
import threading
import time
import typing
import uuid

import psycopg
import pytest

from tenants import house_orders
from tenants.console import orders as kept
from tenants.console.register import token_hash
from tenants.console.sessions import PATH
from tenants.jobs import Stopped
from tenants.operators import write_act
from tenants.order_kinds import KINDS
from tenants.refusals import Refused
from tenants.working import Worker
from tests.support import operating, ordering, world
from tests.support.ordering import MARK, SLOW, marks, outcome_of, state_of
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.house_orders import Task
    from tests.support.operating import Desk


@pytest.fixture(scope="module")
def card(app: Flask) -> ClinicCard:
    """A clinic that things are ordered for."""
    return world.provision(app, world.free_code(), "订购卫生院", sites=0)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two kinds of the tests, known as long as the test runs."""
    monkeypatch.setitem(KINDS, MARK, ordering.mark)
    monkeypatch.setitem(KINDS, SLOW, ordering.slow)


def ordered(app: Flask, card: ClinicCard, kind: str = MARK) -> uuid.UUID:
    return ordering.place(app, "li", kind, card.id)


def do(app: Flask, order_id: uuid.UUID) -> None:
    house_orders.work(world.caretaker(app), order_id, lambda: None)


def test_an_order_is_done_by_the_worker_in_the_name_of_who_gave_it(app: Flask, card: ClinicCard) -> None:
    order_id = ordered(app, card)
    assert state_of(app, order_id) == "waiting"
    operating.work_off(app)
    assert (state_of(app, order_id), marks(app, order_id)) == ("done", ["li"])
    assert outcome_of(app, order_id) == {"marked": True}


def test_an_order_that_is_done_is_not_done_again(app: Flask, card: ClinicCard) -> None:
    order_id = ordered(app, card)
    for _ in range(3):
        do(app, order_id)
    assert len(marks(app, order_id)) == 1
    house_orders.give_up(world.caretaker(app), order_id)
    assert state_of(app, order_id) == "done"


def test_of_two_that_do_the_same_order_one_gives_up_what_it_did(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, both = ordered(app, card), threading.Barrier(2, timeout=20)

    def together(task: Task) -> None:
        assert task.order.clinic_id is not None
        with task.tenants.logins.connect("owner") as connection:
            write_act(connection, task.order.clinic_id, ordering.ACT, str(task.order.id), "li")
            both.wait()
            task.done(connection)

    monkeypatch.setitem(KINDS, MARK, together)
    hands = [threading.Thread(target=do, args=(app, order_id)) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert (state_of(app, order_id), len(marks(app, order_id))) == ("done", 1)


def test_a_refusal_is_kept_with_its_words_and_nothing_is_done(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(task: Task) -> None:
        assert task.order.clinic_id is not None
        with task.tenants.logins.connect("owner") as connection:
            write_act(connection, task.order.clinic_id, ordering.ACT, str(task.order.id), "li")
            task.done(connection)
            raise Refused("another has %(code)s", code="650099001")

    monkeypatch.setitem(KINDS, MARK, refusing)
    order_id = ordered(app, card)
    do(app, order_id)
    assert (state_of(app, order_id), marks(app, order_id)) == ("refused", [])
    assert outcome_of(app, order_id) == {"text": "another has %(code)s", "values": {"code": "650099001"}}


def test_a_kind_that_nobody_knows_is_refused(app: Flask, card: ClinicCard) -> None:
    order_id = ordered(app, card, "of.tomorrow")
    do(app, order_id)
    assert (state_of(app, order_id), outcome_of(app, order_id)["text"]) == ("refused", house_orders.UNKNOWN)


def test_a_worker_that_is_to_end_leaves_the_order_waiting(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looking(task: Task) -> None:
        task.tell(1, 2)

    def stopping() -> None:
        raise Stopped

    monkeypatch.setitem(KINDS, MARK, looking)
    order_id = ordered(app, card)
    with pytest.raises(Stopped):
        house_orders.work(world.caretaker(app), order_id, stopping)
    assert state_of(app, order_id) == "waiting"
    with pytest.raises(RuntimeError, match="did not end"):
        do(app, order_id)
    assert ask(app, 'SELECT done, "of" FROM platform.house_order WHERE id = %s', order_id) == [(1, 2)]


def test_an_order_never_ends_outside_the_transaction_of_what_is_done(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loosely(task: Task) -> None:
        with task.tenants.logins.connect("owner", autocommit=True) as connection:
            task.done(connection)

    monkeypatch.setitem(KINDS, MARK, loosely)
    order_id = ordered(app, card)
    with pytest.raises(RuntimeError, match="in the transaction"):
        do(app, order_id)
    assert state_of(app, order_id) == "waiting"


def test_what_breaks_again_and_again_is_said(
    app: Flask, card: ClinicCard, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(_: Task) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(KINDS, MARK, breaking)
    monkeypatch.setattr("tenants.working.ATTEMPTS", 1)
    order_id = ordered(app, card)
    operating.work_off(app)
    assert (state_of(app, order_id), outcome_of(app, order_id)["text"]) == ("failed", house_orders.BROKE_OFF)
    page = desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert 'role="alert"' in page


def until(holds: typing.Callable[[], bool]) -> None:
    end = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def sleeping(app: Flask) -> list[tuple[int]]:
    return ask(
        app,
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%%' AND state = 'active' "
        "AND datname = current_database()",
    )


@pytest.mark.timeout(180)
def test_kill_9_in_the_middle_leaves_nothing_and_the_next_worker_does_it_once(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = ordered(app, card, SLOW)
    with ordering.worker(app) as killed:
        until(lambda: bool(sleeping(app)))
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert (state_of(app, order_id), marks(app, order_id)) == ("waiting", [])
    for (pid,) in sleeping(app):
        ask(app, "SELECT pg_terminate_backend(%s)", pid)  # the server would notice at the end of its sleep
    ask(app, "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    monkeypatch.setitem(KINDS, SLOW, ordering.mark)
    operating.work_off(app)
    assert (state_of(app, order_id), marks(app, order_id)) == ("done", ["li"])


def test_a_round_finds_an_order_whose_request_died_before_it_queued_the_job(
    app: Flask, card: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = ordered(app, card)
    assert house_orders.unfinished(world.caretaker(app))[-1] == order_id
    worker, looked_into = Worker(world.caretaker(app)), list[uuid.UUID]()

    def look_into(clinic: ClinicCard) -> int:
        looked_into.append(clinic.id)
        return 7

    monkeypatch.setattr(worker, "sweep_clinic", look_into)
    clinics = [one.id for one in world.caretaker(app).door.all_clinics()]
    assert card.id in clinics
    assert worker.sweep() >= 7 * len(clinics) + 1
    assert looked_into == clinics, "the round goes through all clinics too"
    operating.work_off(app)
    assert state_of(app, order_id) == "done"


# The console's side.


def placing(app: Flask, desk: Desk, order_id: uuid.UUID, card: ClinicCard) -> None:
    """What a page does when it is sent."""
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    with app.test_request_context(PATH, headers={"Cookie": f"{operating.COOKIE}={cookie.value}"}):
        app.preprocess_request()
        kept.place(order_id, MARK, card.id, {"of": uuid.UUID(int=1)})


def test_the_same_form_sent_twice_is_one_order(app: Flask, card: ClinicCard) -> None:
    operator = operating.add(app)
    desk, order_id = operating.sign_in(app, operator), uuid.uuid4()
    for _ in range(2):
        placing(app, desk, order_id, card)
    rows = ask(app, "SELECT operator, arguments FROM platform.house_order WHERE id = %s", order_id)
    assert rows == [(operator.name, {"of": str(uuid.UUID(int=1))})]
    operating.work_off(app)
    placing(app, desk, order_id, card)
    operating.work_off(app)
    assert marks(app, order_id) == [operator.name]


@pytest.mark.parametrize("role", ["viewer", "nobody"])
def test_only_a_live_session_of_an_onboarding_operator_orders(
    app: Flask, card: ClinicCard, role: str
) -> None:
    token = b"nothing"
    if role == "viewer":
        desk = operating.sign_in(app, operating.add(app, "viewer"))
        cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
        assert cookie is not None
        token = token_hash(cookie.value)
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "SELECT platform.operator_order(%s, %s, %s, %s, '{}')",
                [token, uuid.uuid4(), MARK, card.id],
            )
        for statement in (
            "INSERT INTO platform.house_order (id, kind, operator) VALUES (gen_random_uuid(), 'x', 'me')",
            "UPDATE platform.house_order SET state = 'done', ended_at = now()",
            "DELETE FROM platform.house_order",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_the_page_of_an_order_tells_where_it_stands(app: Flask, card: ClinicCard, desk: Desk) -> None:
    order_id = ordered(app, card)
    page = desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert "data-progress" in page
    assert card.code in page
    assert desk.at(f"/orders/{order_id}/progress").get_json()["ended"] is False
    operating.work_off(app)
    page = desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert "data-progress" not in page
    assert desk.at(f"/orders/{order_id}/progress").get_json()["ended"] is True
    assert desk.at(f"/orders/{uuid.uuid4()}").status_code == 404


def test_asking_how_far_an_order_is_keeps_no_session_awake(
    app: Flask, card: ClinicCard, moved_clock: typing.Callable[..., None]
) -> None:
    desk = operating.sign_in(app, operating.add(app))
    order_id = ordered(app, card)
    for _ in range(4):
        moved_clock(minutes=4)
        answer = desk.at(f"/orders/{order_id}/progress")
    assert answer.status_code == 303
    operating.work_off(app)
