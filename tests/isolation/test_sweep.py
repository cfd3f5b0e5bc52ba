"""No route tells or changes anything of another clinic, wherever a request carries that clinic's ids."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import pytest
import sqlalchemy as sa
from flask import Blueprint, current_app, request

from saas.accounts.permissions import ROLES
from saas.app import create_app
from saas.db import session
from saas.residents.models import Counter
from saas.web.guard import needs
from tests.isolation import cases
from tests.isolation.households import VICTIMS_PASSWORD, Household, furnish
from tests.isolation.routes import CHANGES, routes
from tests.isolation.sweeping import NOBODY, Sweep
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from saas.config import Settings
    from tenants.settings import TenantSettings


@pytest.fixture(scope="session")
def victim(app: Flask) -> Household:
    """The clinic that is attacked."""
    return furnish(app, VICTIMS_PASSWORD)


@pytest.fixture(scope="session")
def attacker(app: Flask) -> Household:
    """The clinic whose people attack."""
    return furnish(app, world.PASSWORD, papers=False)


def test_every_changing_route_has_a_case_and_no_case_is_a_ghost(app: Flask) -> None:
    assert cases.without_case(app) == []


def test_every_argument_of_a_route_has_a_value_in_a_household(app: Flask, victim: Household) -> None:
    missing = {
        name: str(route) for route in routes(app) for name in route.arguments if name not in victim.ids
    }
    assert missing == {}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_no_route_tells_or_changes_anything_of_another_clinic(
    app: Flask, attacker: Household, victim: Household, role: str
) -> None:
    sweep = Sweep(app, attacker, victim, role)
    assert sweep.run() == []
    assert sweep.attempts >= 2 * len(routes(app))


REFUSED_FOR_A_CODE = {
    "accounts.device_enrol",
    "accounts.enrol_submit",
    "accounts.invitation_submit",
    "accounts.own_second_factor_submit",
    "accounts.recovery_submit",
    "accounts.second_factor_submit",
}
REFUSED_FOR_THE_STATE = {
    "accounts.own_recovery_codes": "404: no second factor is set up",
    "accounts.own_second_factor_remove": "404: an administrator cannot",
}
REFUSED_FOR_THE_ROLE = {
    "residents.opening_review": "audit_reviewer",
    **{name: "village_doctor" for name in cases.TYPED if name.startswith(("public_health.", "today."))},
}
"""An administrator gets 403: she sees openings and does not review them, and fills in no clinical form.
Whose role may."""


@pytest.mark.timeout(120)
def test_the_cases_are_what_the_routes_accept_from_their_own_people(app: Flask) -> None:
    # Of its own: the walks of other tests give verdicts and close windows in theirs.
    own = furnish(app, world.PASSWORD, papers=False)
    sweep = Sweep(app, own, own, "clinic_admin")
    answers = {route.endpoint: sweep.send_own(route) for route in routes(app, *CHANGES)}
    refused = {endpoint: status for endpoint, status in answers.items() if status not in {200, 303}}
    expected = dict.fromkeys(REFUSED_FOR_A_CODE, 422) | dict.fromkeys(REFUSED_FOR_THE_STATE, 404)
    assert refused == expected | dict.fromkeys(REFUSED_FOR_THE_ROLE, 403)
    theirs = [route for route in routes(app, *CHANGES) if route.endpoint in REFUSED_FOR_THE_ROLE]
    sweeps = {role: Sweep(app, own, own, role) for role in REFUSED_FOR_THE_ROLE.values()}
    told = {each.endpoint: sweeps[REFUSED_FOR_THE_ROLE[each.endpoint]].send_own(each) for each in theirs}
    # What a script asks while one types, and a file whose lines are answered one by one.
    pages = {name for name in told if name.endswith("look")} | {"today.bring_back"}
    assert told == {name: 200 if name in pages else 303 for name in told}


@pytest.mark.timeout(120)
def test_the_victims_own_people_do_see_the_canaries(app: Flask, victim: Household) -> None:
    browser = world.sign_in(app, victim.people["clinic_admin"])
    for path in ("/residents?site=all", f"/residents/{victim.ids['resident_id']}", "/staff", "/sites"):
        assert victim.canary in browser.get(path).get_data(as_text=True), path


# A planted hole of each kind must be found, or the sweep above says nothing.

holes = Blueprint("holes", __name__, url_prefix="/holes")

# Clinics of their own: what these views spoil must not be found by the sweep above.


@pytest.fixture(scope="session")
def spoilt(app: Flask) -> Household:
    """The clinic that the planted views read and write."""
    return furnish(app, VICTIMS_PASSWORD)


@pytest.fixture(scope="session")
def spoiling(app: Flask) -> Household:
    """The clinic whose people use the planted views."""
    return furnish(app, world.PASSWORD, papers=False)


def _victims(read: str, resident_id: object) -> list[str]:
    """What a view with the wrong binding reads: the victim's schema instead of its own."""
    tenants = world.caretaker(current_app)
    card = tenants.clinics(current_app.config["SPOILT"])[0]
    with tenants.inside(card) as theirs:
        rows = theirs.execute(sa.text(read), {"id": resident_id}).all() if read else []
        return [str(row[0]) for row in rows]


@holes.get("/body/<uuid:resident_id>")
@needs("account.own")
def tells(resident_id: uuid.UUID) -> ResponseReturnValue:
    return "".join(_victims("SELECT text FROM resident_name WHERE resident_id = :id", resident_id)) or (
        "nothing",
        404,
    )


@holes.get("/not-found/<uuid:resident_id>")
@needs("account.own")
def tells_while_refusing(resident_id: uuid.UUID) -> ResponseReturnValue:
    found = _victims("SELECT text FROM resident_name WHERE resident_id = :id", resident_id)
    return f"<p>not found: {found}</p>", 404


@holes.get("/forbidden/<uuid:resident_id>")
@needs("account.own")
def says_that_there_is_one(resident_id: uuid.UUID) -> ResponseReturnValue:
    return "not for you", 403 if _victims("SELECT id FROM resident WHERE id = :id", resident_id) else 404


@holes.get("/header/<uuid:resident_id>")
@needs("account.own")
def tells_in_a_header(resident_id: uuid.UUID) -> ResponseReturnValue:
    found = _victims("SELECT contact_name FROM resident WHERE id = :id", resident_id)
    return "nothing", 404, {"X-Contact": "".join(found)}


@holes.get("/query")
@needs("account.own")
def reads_the_clinic_from_the_query() -> ResponseReturnValue:
    return "".join(_victims("SELECT name FROM staff", "")) if "clinic_code" in request.args else "nothing"


@holes.get("/cookie")
@needs("account.own")
def reads_the_clinic_from_a_cookie() -> ResponseReturnValue:
    return "".join(_victims("SELECT name FROM staff", "")) if "tenant" in request.cookies else "nothing"


@holes.get("/forwarded")
@needs("account.own")
def reads_the_clinic_from_a_header() -> ResponseReturnValue:
    return "".join(_victims("SELECT name FROM staff", "")) if "X-Tenant" in request.headers else "nothing"


@holes.post("/write")
@needs("account.own")
def writes() -> ResponseReturnValue:
    _victims("UPDATE site SET name_ug = name_ug || '.' RETURNING 'done'", "")
    return "done"


@holes.post("/keep")
@needs("account.own")
def keeps_a_foreign_id() -> ResponseReturnValue:
    session.add(Counter(prefix=f"{request.form['resident_id']}:{uuid.uuid4()}", last=1))
    return "done"


@pytest.fixture(scope="module")
def with_holes(settings: Settings, place: TenantSettings, spoilt: Household) -> Iterator[Flask]:
    """The application with the planted views."""
    application = create_app(settings, place)
    application.config["SPOILT"] = spoilt.card.code
    application.test_client_class = world.Browser
    application.register_blueprint(holes)
    # The guard of records would stop a hole before its view; the sweep must see what lies behind it too.
    pipeline = application.extensions["pipeline"]
    application.extensions["pipeline"] = dataclasses.replace(pipeline, meets=lambda _: None)
    yield application
    world.close(application)


@pytest.fixture
def cases_of_the_holes(monkeypatch: pytest.MonkeyPatch, spoiling: Household) -> None:
    """What is sent to the planted views."""
    for name in ("writes", "keeps_a_foreign_id"):
        monkeypatch.setitem(cases.TYPED, f"holes.{name}", {"resident_id": spoiling.ids["resident_id"]})


def test_a_new_route_without_a_case_is_reported(with_holes: Flask) -> None:
    assert cases.without_case(with_holes) == ["holes.keeps_a_foreign_id", "holes.writes"]


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ("/holes/body", "tells canary"),
        ("/holes/body", "is not refused"),
        ("/holes/not-found", "tells canary"),
        ("/holes/forbidden", "is not refused"),
        ("/holes/header", "tells canary"),
        ("/holes/query", "by around: 200 tells canary"),
        ("/holes/cookie", "by around: 200 tells canary"),
        ("/holes/forwarded", "by around: 200 tells canary"),
        ("/holes/write", "changed the victim's ['site']"),
        ("/holes/keep", "holds"),
    ],
)
@pytest.mark.usefixtures("cases_of_the_holes")
def test_the_sweep_finds_a_planted_hole(
    with_holes: Flask, spoiling: Household, spoilt: Household, rule: str, finding: str
) -> None:
    found = Sweep(with_holes, spoiling, spoilt, "pharmacist").run(rule)
    assert any(finding in one for one in found), found
