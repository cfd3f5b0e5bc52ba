"""The question of care costs the page of a resident of one's own place not one statement."""

from __future__ import annotations

import collections
import dataclasses
import typing

from sqlalchemy import event

from tests.integration.residents import pages

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"sex_code": "2", "birth": "1985-05-05", "name_0": "ئايگۈل سىناق"}


def statements(app: Flask, browser: Browser, path: str) -> list[str]:
    """What this page sends to the database."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


def test_the_guard_adds_no_statement_to_the_page_of_an_own_resident(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN)
    guarded = statements(north.app, browser, f"/residents/{made}")
    pipeline = north.app.extensions["pipeline"]
    north.app.extensions["pipeline"] = dataclasses.replace(pipeline, meets=lambda _: None)
    try:
        bare = statements(north.app, browser, f"/residents/{made}")
    finally:
        north.app.extensions["pipeline"] = pipeline
    added = collections.Counter(guarded) - collections.Counter(bare)
    assert not added, "the guard may be the first to ask what the page needs anyway"
    assert len(guarded) > 4


def test_another_ones_resident_costs_two_statements_more(north: ClinicWorld) -> None:
    """Visits of today, and the opening."""
    doctor = north.browser()
    sites = [str(one["value"]) for one in pages.soup(doctor.get("/residents/new")).select("#site_id option")]
    made = pages.register(doctor, **PLAIN, site_id=sites[-1])
    nurse = north.browser("public_health_nurse")
    form = pages.fields_of(nurse.get(f"/residents/{made}"))
    reason = "Asked by her daughter on the telephone"
    answer = nurse.post(f"/residents/{made}/open", data=form | {"category": "referral", "reason": reason})
    assert answer.status_code == 303
    own = statements(north.app, doctor, f"/residents/{made}")
    others = statements(north.app, nurse, f"/residents/{made}")
    assert len(others) == len(own) + 2


def test_the_page_of_a_resident_asks_nothing_twice(north: ClinicWorld) -> None:
    """Of somebody whom nobody is like: that would be one more."""
    browser = north.browser()
    made = pages.register(browser, sex_code="1", birth="1949-11-03", name_0="غوپۇر يالغۇز")
    sent = statements(north.app, browser, f"/residents/{made}")
    assert len(sent) == len(set(sent)) <= 13
