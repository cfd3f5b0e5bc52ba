"""Looking changes nothing: a GET writes to the access log and to the web session, and nowhere else."""

from __future__ import annotations

import typing

import pytest

from tests.isolation.routes import routes
from tests.isolation.rows import all_rows, changed_tables

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.isolation.conftest import Walker

WRITTEN_BY_READING = {"access_log", "web_session", "heartbeat"}
"""The heartbeat is one row of the whole house: /readyz and /metrics find out by it whether one can write."""


@pytest.mark.timeout(60)
def test_a_get_changes_only_the_access_log_and_the_web_session(app: Flask, walker: Walker) -> None:
    card, changed, seen = walker.household.card, {}, set()
    for route in routes(app, "GET"):
        role = walker.allowed(route)
        browser = walker.browser(route, role)
        before = all_rows(app, card)
        answer = browser.get(walker.path(route, role))
        # Here no worker lives and no log is sealed, which is what /readyz has to say.
        assert answer.status_code < 500 or route.rule == "/readyz", route
        seen.add(answer.status_code)
        tables = changed_tables(before, all_rows(app, card)) - WRITTEN_BY_READING
        if tables:
            changed[str(route)] = tables
    assert changed == {}
    assert 200 in seen


@pytest.mark.timeout(60)  # every route, twice, with the whole clinic read before and after
def test_every_page_of_a_resident_writes_one_row_of_the_access_log(app: Flask, walker: Walker) -> None:
    """Shown or refused: the row is written with the answer (rights I6)."""
    log = f"{walker.household.card.binding.schema}.access_log"
    for route in routes(app, "GET"):
        if "resident_id" not in route.arguments:
            continue
        for role in ("clinic_admin", "audit_reviewer"):
            for path in (walker.path(route, role), walker.nowhere(route)):
                browser = walker.browser(route, role)
                before = all_rows(app, walker.household.card)[log]
                browser.get(path)
                added = all_rows(app, walker.household.card)[log] - before
                assert sum(added.values()) == 1, (str(route), role, path)
