"""The attacks once more through whole requests: a careless view in the application as it is served."""

from __future__ import annotations

import re
import typing

import psycopg
import pytest
from flask import Blueprint, request

from saas.app import create_app
from saas.db import session
from saas.web.guard import needs
from tenants import connecting
from tests.isolation.rows import changed_tables, rows_of
from tests.support import world
from tests.support.attacks import INSIDE, STACKED

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from saas.config import Settings
    from tenants.cards import ClinicCard
    from tenants.settings import TenantSettings

CANARY = "CANARY-OTHER"
ANSWERED = {"values of others", "raw statistics"}
"""Attacks that may be answered with nothing; all others are refused."""

careless = Blueprint("careless", __name__)


@careless.post("/careless")
@needs("account.own")
def find() -> ResponseReturnValue:
    """What no view may ever do: text of a request inside a statement; then what one would ask next."""
    connection = session.connection()
    statement = f"SELECT name_zh FROM site WHERE name_zh = '{request.form['q']}'"  # noqa: S608 - the hole
    if "bare" in request.form:
        bare = connection.execution_options(no_parameters=True)
        found = bare.exec_driver_sql(statement).scalars().all()
    else:
        found = connection.exec_driver_sql(statement.replace("%", "%%"), ()).scalars().all()
    after = connection.exec_driver_sql("SELECT name_zh FROM site", ()).scalars().all()
    return repr([*found, *after])


class Pair(typing.NamedTuple):
    """The application with the hole, the attacker's clinic, and the other one."""

    app: Flask
    mine: ClinicCard
    other: ClinicCard

    def sent(self, text: str, **more: str) -> tuple[int, str]:
        """Status and page of one attack by somebody of the attacker's clinic."""
        browser = world.sign_in(self.app, self.people["mine"])
        answer = browser.send("/careless", {"q": text, **more})
        return answer.status_code, answer.get_data(as_text=True)

    @property
    def people(self) -> Mapping[str, world.Person]:
        """Somebody of each."""
        return typing.cast("Mapping[str, world.Person]", self.app.extensions["attack people"])


def served(settings: Settings, place: TenantSettings) -> Pair:
    """The application with the careless view in it, and two clinics."""
    app = create_app(settings, place)
    app.test_client_class = world.Browser
    app.register_blueprint(careless)
    mine, other = (world.provision(app, world.free_code(), name) for name in ("自己的院", CANARY))
    app.extensions["attack people"] = {
        name: world.add_staff(app, card, "doctor", "village_doctor")
        for name, card in (("mine", mine), ("other", other))
    }
    return Pair(app, mine, other)


@pytest.fixture(scope="module")
def pair(settings: Settings, place: TenantSettings) -> Iterator[Pair]:
    """As it is served."""
    made = served(settings, place)
    yield made
    world.close(made.app)


def aimed(attack: str, pair: Pair) -> str:
    """The attack at these two clinics, and at their sites in place of the invented table."""
    schemas = {"1": pair.mine.binding.schema, "2": pair.other.binding.schema}
    text = re.sub(r"\bt_981([12])", lambda found: schemas[found[1]], attack)
    return re.sub(r"\bname\b(?! = 'role')", "name_zh", re.sub(r"\bresident\b", "site", text))


def leaks(pair: Pair, attacks: Mapping[str, str], around: Callable[[str], str]) -> list[str]:
    """The attacks that told something foreign or were not refused."""
    found = []
    for name, attack in attacks.items():
        text = around(aimed(attack, pair))
        for more in ({}, {"bare": "1"}):
            status, page = pair.sent(text, **more)
            if CANARY in page or (status == 200 and name not in ANSWERED):
                found.append(f"{name} {more}: {status}")
    return found


def reach_nothing(pair: Pair, attacks: Mapping[str, str], around: str) -> None:
    """No attack tells or changes anything of the other clinic, whose people see their own afterwards."""
    before = rows_of(pair.app, pair.other)
    assert leaks(pair, attacks, around.format) == []
    assert changed_tables(before, rows_of(pair.app, pair.other)) == set()
    theirs = world.sign_in(pair.app, pair.people["other"]).send("/careless", {"q": "x"})
    assert CANARY in theirs.get_data(as_text=True)
    assert "自己的院" not in theirs.get_data(as_text=True)


each_kind = pytest.mark.parametrize(
    ("attacks", "around"),
    [(INSIDE, "' UNION ALL ({}) -- "), (STACKED, "'; {}; -- ")],
    ids=["inside", "stacked"],
)


@pytest.mark.timeout(120)
@each_kind
def test_no_attack_through_a_whole_request_reaches_another_clinic(
    pair: Pair, attacks: Mapping[str, str], around: str
) -> None:
    reach_nothing(pair, attacks, around)


def test_the_hole_is_real(pair: Pair) -> None:
    status, page = pair.sent("' UNION ALL (SELECT 'out: ' || name_zh FROM site) -- ")
    assert status == 200
    assert "out: 自己的院" in page


def test_with_the_plain_cursor_the_whole_request_leaks(
    settings: Settings, place: TenantSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "ExtendedCursor", psycopg.Cursor)
    soft = served(settings, place)
    text = f"'; {aimed(STACKED['path'], soft)}; -- "
    assert [CANARY in soft.sent(text, **more)[1] for more in ({}, {"bare": "1"})] == [True, True]
    world.close(soft.app)
