"""Rights N5: bringing in a list answers nobody's "is this person here?"."""

from __future__ import annotations

import re
import typing

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from saas.db import db
from tests.integration.bringing.conftest import form_of, new_office
from tests.support import lists

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.integration.bringing.conftest import Office

LIST = lists.as_text([*lists.people(40), ("", "", "女", "1963-02-30", "12", "1", "", "", "")])


@pytest.fixture
def empty(app: Flask) -> Office:
    """A clinic in which nobody is registered."""
    return new_office(app)


@pytest.fixture
def half(app: Flask) -> Office:
    """A clinic in which every other person of the list is registered already."""
    office = new_office(app)
    office.bring(lists.as_text(lists.people(40)[::2]), "other.csv")
    office.sweep()
    return office


def walk(office: Office) -> list[object]:
    """Everything that the head sees and that is kept of a batch, from the file to the undo."""
    said: list[object] = []
    address = office.check(LIST)
    said += seen(office, address)
    office.head.send(f"{address}/run")
    office.work()
    said += seen(office, address)
    office.sweep()
    said += seen(office, address)
    office.head.send(f"{address}/undo")
    office.work()
    return said + seen(office, address)


def seen(office: Office, address: str) -> list[object]:
    """The page, the answer to the script, and the batch's own figures."""
    batch = office.batch(address)
    page = BeautifulSoup(office.head.get(address).get_data(as_text=True), "html.parser").main
    assert page is not None
    for moving in page.select("time, input[type=hidden]"):
        moving.decompose()
    told = office.head.get(f"{address}/progress").get_json()
    figures = {
        name: value for name, value in batch.mapping.items() if name not in {"head", "mark", "site_id"}
    }
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", str(page))
    return [text, told, batch.state, batch.lines_read, batch.faults, batch.progress, batch.message, figures]


@pytest.mark.timeout(60)
def test_report_states_and_figures_are_the_same_whoever_is_already_here(empty: Office, half: Office) -> None:
    assert len(half.residents()) == 20
    there, here = walk(empty), walk(half)
    assert there == here
    assert len(empty.residents()) == 40
    assert len(half.residents()) == 60


def test_the_two_clinics_do_differ_in_what_clinical_staff_are_asked(empty: Office, half: Office) -> None:
    for office in (empty, half):
        office.bring(LIST)
        office.sweep()
    assert empty.rows("SELECT count(*) FROM resident_link") == [0]
    assert half.rows("SELECT count(*) FROM resident_link") == [20]


def test_check_and_run_look_nobody_up(empty: Office, half: Office) -> None:
    """The time cannot depend on who is here: the very same statements are sent, and none reads a person."""
    sent = [statements(office) for office in (empty, half)]
    assert sent[0] == sent[1]
    assert any("INSERT INTO resident_key" in one for one in sent[0])
    for one in sent[0]:
        assert not re.search(r"(FROM|JOIN) (resident|resident_name|resident_key|resident_link)\b", one), one


def statements(office: Office) -> list[str]:
    """What the worker sends to the database while it checks and runs the list."""
    heard: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    with office.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        answer = office.choose(LIST)
        form = form_of(office.head.get(answer.location).get_data(as_text=True))
        address = office.head.send(answer.location, form).location
        heard.clear()
        office.work()
        checked = list(heard)
        office.head.send(f"{address}/run")
        heard.clear()
        office.work()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return checked + heard
