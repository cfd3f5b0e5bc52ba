"""What operators order of a roster: put aside, shown again, each in her name; and who is there to do it."""

from __future__ import annotations

import typing
import uuid

from flask_babel import gettext
from markupsafe import escape

from tenants.console import roster_orders
from tenants.console.rosters import waiting_to_start
from tenants.jobs import OF_CLINICS, OF_HOUSE
from tests.integration.operators.test_rosters import codes, there
from tests.support import operating, rosters, world
from tests.support.rosters import ask, line, state_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.operating import Desk


def listed(desk: Desk, run_id: uuid.UUID) -> list[str]:
    """The lists in which a roster stands."""
    pages = {path: desk.at(path).get_data(as_text=True) for path in ("/rosters", "/rosters/put-aside")}
    return [path for path, page in pages.items() if f'/rosters/{run_id}"' in page]


def test_a_roster_with_faults_is_put_aside_and_shown_again_each_in_the_operators_name(app: Flask) -> None:
    operator = operating.add(app)
    desk, (code,) = operating.sign_in(app, operator), codes(1)
    run_id = rosters.send(desk, rosters.csv_of([line(code), line(world.free_code(), kind="hospital")]))
    desk.do(f"/rosters/{run_id}/put-aside")
    assert listed(desk, run_id) == ["/rosters"], "it is being checked"
    operating.work_off(app)
    before = kept_waiting(app)
    assert desk.do(f"/rosters/{run_id}/put-aside").headers["Location"].endswith("/rosters")
    assert listed(desk, run_id) == ["/rosters/put-aside"]
    assert kept_waiting(app) == before - 1
    desk.do(f"/rosters/{run_id}/start")
    operating.work_off(app)
    assert (state_of(app, run_id), there(app, [code])) == ("checked", []), "what is put aside does not start"
    desk.do(f"/rosters/{run_id}/show-again")
    assert listed(desk, run_id) == ["/rosters"]
    desk.do(f"/rosters/{run_id}/start")
    operating.work_off(app)
    assert there(app, [code]) == [(code, "provisioned")]
    query = "SELECT kind, operator FROM platform.roster_order WHERE run_id = %s ORDER BY at"
    told = [("put_aside", operator.name), ("show_again", operator.name), ("start", operator.name)]
    assert ask(app, query, run_id) == told
    with app.test_request_context():
        words = [str(roster_orders.WORDS[kind]) for kind, _ in told]
    page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    assert [word for word in words if f"<td>{word}</td>" not in page] == []


def kept_waiting(app: Flask) -> int:
    """How many institutions of checked rosters wait, as the list of institutions counts them."""
    with app.test_request_context():
        return waiting_to_start()


def test_a_refused_roster_is_put_aside_and_a_viewer_cannot(app: Flask, desk: Desk) -> None:
    run_id = rosters.checked(app, desk, b"")
    viewer = operating.sign_in(app, operating.add(app, "viewer"))
    assert viewer.do(f"/rosters/{run_id}/put-aside").status_code == 403
    assert listed(desk, run_id) == ["/rosters"]
    desk.do(f"/rosters/{run_id}/put-aside")
    assert listed(desk, run_id) == ["/rosters/put-aside"]


def test_that_no_worker_may_do_it_is_said_at_once(app: Flask, desk: Desk) -> None:
    with app.test_request_context():
        words = gettext(
            "No worker is running that may do this. Ask the one who runs the server to start “shipa worker” "
            "with the owner's login. Everything is kept and goes on by itself then."
        )
    run_id = rosters.send(desk, rosters.csv_of([line(world.free_code())]))
    said = []
    for names in ((), (OF_CLINICS,), (OF_CLINICS, OF_HOUSE)):
        ask(app, "DELETE FROM jobs.procrastinate_workers")
        for name in names:
            ask(app, "INSERT INTO jobs.procrastinate_workers (name) VALUES (%s)", name)
        said.append(str(escape(words)) in desk.at(f"/rosters/{run_id}").get_data(as_text=True))
    ask(app, "DELETE FROM jobs.procrastinate_workers")
    assert said == [True, True, False]
