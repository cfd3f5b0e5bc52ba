"""Fifty names, numbers and diagnoses through forms, errors and jobs: none in the log or the figures."""

from __future__ import annotations

import io
import json
import logging
import typing
import uuid
import warnings

import pytest
import sqlalchemy as sa

from saas.public_health import owing
from saas.residents import stored
from tenants import journal
from tenants.working import Worker
from tests.integration.residents import pages
from tests.isolation import cases
from tests.isolation.conftest import Walker
from tests.isolation.households import furnish
from tests.isolation.routes import CHANGES, csrf_token, routes
from tests.support import world
from tests.support.apart import apart

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from saas.residents.models import Resident
    from tests.conftest import ClinicWorld

pytestmark = pytest.mark.timeout(180)  # every route, in a clinic of its own

NAMES = [f"金丝雀{number:02d}" for number in range(20)]
NUMBERS = [f"65009919900101{number:04d}" for number in range(20)]
DIAGNOSES = [f"سىناق كېسەل {number:02d}" for number in range(10)]
CANARIES = [*NAMES, *NUMBERS, *DIAGNOSES]


@pytest.fixture(scope="module")
def walker(app: Flask) -> Walker:
    """Somebody who knows every route of a clinic in which every text is a canary."""
    return Walker(app, furnish(app, world.PASSWORD))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a process writes, with every logger at its most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(journal.AllowListFormatter())
    before = logging.root.level
    quiet = {
        name: logging.getLogger(name).level for name in ("saas", "tenants", "sqlalchemy", "procrastinate")
    }
    # As `journal.set_up` leaves them: nobody else writes, whatever tests before hung onto the loggers.
    talkers = [logging.root, logging.getLogger("saas.app"), *map(logging.getLogger, quiet)]
    hung = {talker: list(talker.handlers) for talker in talkers}
    for talker in talkers:
        talker.handlers[:] = [handler] if talker is logging.root else []
    for name in (None, *quiet):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    for talker, handlers in hung.items():
        talker.handlers[:] = handlers
    logging.root.setLevel(before)
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, typing.Any]]:
    """The lines so far."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def figures(app: Flask) -> str:
    """What Prometheus is given."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def hits(text: str, walker: Walker | None = None) -> list[str]:
    """Which canaries are in a text; ids and names of the clinic too."""
    sought = list(CANARIES)
    if walker is not None:
        house = walker.household
        sought += [house.canary, house.card.code, house.card.name_zh, str(house.card.id), *house.secrets]
        sought += [one for one in house.ids.values() if len(one) > 12]
        sought += [person.username for person in house.people.values() if len(person.username) > 12]
        sought += [str(person.staff_id) for person in house.people.values()]
    return [one for one in sought if one and one in text]


def test_every_page_and_every_form_leaves_none(
    app: Flask, walker: Walker, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    for route in routes(app):
        role = walker.allowed(route)
        browser = walker.browser(route, role)
        path = walker.path(route, role)
        if route.method in CHANGES:
            form = {**cases.TYPED.get(route.endpoint, {}), "name_0": NAMES[0], "id_number": NUMBERS[0]}
            browser.post(path, data={**form, "csrf_token": csrf_token(app, browser)})
            browser.post(f"{path}?q={NAMES[1]}", data={"village": NAMES[2]})
        else:
            browser.get(f"{path}?q={NAMES[3]}", headers={"User-Agent": NAMES[4].encode().decode("latin-1")})
    told = [line for line in lines(log) if line["event"] == "request"]
    assert len(told) > 200
    assert {line["route"] for line in told} > {"/residents/<uuid:resident_id>", "/sign-in"}
    assert "?" not in {line["route"] for line in told}
    everything = log.getvalue() + figures(app) + "".join(capfd.readouterr())
    assert hits(everything, walker) == []


def test_requests_that_fit_nowhere_leave_none(app: Flask, log: io.StringIO) -> None:
    browser = app.test_client()
    for canary in CANARIES:
        browser.get(f"/residents/{canary}")
        browser.get(
            f"/{canary}/{canary}?{canary}={canary}", headers={"Referer": f"http://x/{canary.encode().hex()}"}
        )
        browser.post(
            "/sign-in", data={canary: canary, "username": canary, "clinic": canary, "password": canary}
        )
        browser.open("/", method="BREW" + canary[-2:].replace(" ", ""))
        browser.set_cookie("shipa_session", canary.encode().hex(), domain="127.0.0.1")
        browser.get("/", base_url=f"http://{canary.encode().hex()[:40]}.example")
    assert len(lines(log)) >= 6 * len(CANARIES)
    assert {line["method"] for line in lines(log) if "method" in line} == {"GET", "POST", "other"}
    assert hits(log.getvalue() + figures(app)) == []


class RefusedError(RuntimeError):
    """An error with a canary in its text."""


def test_failing_pages_tell_type_and_place(
    app: Flask, north: ClinicWorld, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = north.browser("village_doctor")
    made = pages.register(doctor, name_0="甲", sex_code="2", birth="1985")
    form = pages.opened(doctor, made)

    def answer(name: str, change: typing.Callable[..., None]) -> TestResponse:
        monkeypatch.setattr(stored, "put", change)
        got = pages.save(doctor, made, form | {"village": name})
        monkeypatch.undo()
        return got

    def raises(*_: object) -> None:
        raise RefusedError(NAMES[5])

    def breaks(resident: Resident, *_: object) -> None:
        resident.sex_code = DIAGNOSES[0]
        resident.village = NAMES[6]

    warnings.filterwarnings("ignore")
    assert answer(NAMES[7], raises).status_code == 500
    assert answer(NAMES[8], breaks).status_code == 503
    told = {line["event"]: line for line in lines(log)}
    assert told["unexpected"]["error"] == "RefusedError"
    assert told["unexpected"]["place"].startswith("saas/residents/")
    assert told["database"]["error"] in {"CheckViolation", "StringDataRightTruncation"}
    assert told["unexpected"]["request"] in {line["request"] for line in lines(log) if "route" in line}
    assert hits(log.getvalue() + figures(app)) == []


def test_a_job_that_fails_tells_its_name(
    app: Flask, walker: Walker, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants = world.caretaker(app)

    def raises(*_: object) -> None:
        raise RefusedError(NAMES[9], DIAGNOSES[1])

    with world.inside(app, walker.household.card) as session:
        session.execute(sa.text("UPDATE clinic_setting SET computed_on = NULL"))
    monkeypatch.setattr(owing, "refresh_all", raises)
    object_id = uuid.uuid4()
    tenants.jobs.defer("public_health.daily", walker.household.card.id, object_id)
    apart(Worker(tenants).work_off)
    broke = [line for line in lines(log) if line["event"] == "a job broke off"]
    assert broke
    assert broke[0]["job"] == "public_health.daily"
    assert broke[0]["error"] == "RefusedError"
    with tenants.logins.connect("jobs", autocommit=True) as connection:
        connection.execute("DELETE FROM procrastinate_jobs WHERE args->>'object' = %s", [str(object_id)])
    assert hits(log.getvalue() + figures(app), walker) == []
    assert str(object_id) not in log.getvalue()
