"""Rights N2, N3, N5 and I10 at the list of today: no names in its order, nobody who declined, few, owed."""

from __future__ import annotations

import datetime
import itertools
import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask_babel import force_locale

from saas.accounts.models import Site
from saas.audit import reading
from saas.audit.models import AccessLog
from saas.public_health import due_texts, owing, today_lines, worklist
from saas.public_health.rules.due_facts import State
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.world import Person

NAMES = ("ياسىن", "ئايگۈل", "王试", "ب سىناق", "阿试")


class Place(typing.NamedTuple):
    """A clinic with a doctor at all its places and the persons owed something, in the order made."""

    app: Flask
    card: ClinicCard
    doctor: Person
    persons: list[uuid.UUID]


@pytest.fixture(scope="module")
def town(app: Flask) -> Place:
    """A clinic for all tests that only look."""
    return settled(app)


@pytest.fixture
def own_town(app: Flask) -> Place:
    """A clinic of the test's own, because what is owed in it is changed."""
    return settled(app)


def settled(app: Flask) -> Place:
    """Persons more than a page has, all owed the same since the same day."""
    card = world.provision(app, world.free_code(), "今日院")
    doctor = world.add_staff(app, card, "village_doctor", "village_doctor", places="all")
    with world.inside(app, card) as session:
        keys = clinic_of(card, session.query(ClinicSetting).one()).keys
        site = session.scalars(sa.select(Site.id).where(Site.kind == "centre")).one()
        persons = []
        for name in itertools.islice(itertools.cycle(NAMES), worklist.PAGE + 3):
            texts = {"name_0": name, "sex_code": "2", "birth": "1963-05-07", "site_id": str(site)}
            fields = dict.fromkeys(identity.FIELDS, "") | texts | {"print_language": "ug"}
            made = writing.register(fields, keys, form_id=uuid.uuid4(), at=clock.now(), by=doctor.staff_id)
            assert made is not None
            persons.append(made.id)
        session.flush()
        for one in persons:
            owing.refresh(one)
    return Place(app, card, doctor, persons)


def shown(town: Place, address: str) -> list[str]:
    """The persons of a list in its order."""
    page = world.sign_in(town.app, town.doctor).get(address).get_data(as_text=True)
    links = BeautifulSoup(page, "html.parser").select("table a")
    return [str(link["href"]).split("/")[2] for link in links]


def test_n2_among_equals_the_record_decides_and_never_a_name(town: Place) -> None:
    expected = [str(one) for one in sorted(town.persons)]
    assert shown(town, "/today") == expected[: worklist.PAGE]
    assert shown(town, "/today?page=2") == expected[worklist.PAGE :]


def test_n3_no_filter_and_no_line_tells_who_declined(own_town: Place) -> None:
    town = own_town
    declined = town.persons[0]
    with world.caretaker(town.app).logins.connect("owner") as owner:
        schema = town.card.binding.schema
        change = f"UPDATE {schema}.due_item SET state = 'declined' WHERE resident_id = %s"  # noqa: S608
        owner.execute(change.encode(), (declined,))
    for code in today_lines.FILTERS:
        assert str(declined) not in shown(town, f"/today?filter={code}"), code
    assert str(declined) not in shown(town, "/today/calls")
    browser = world.sign_in(town.app, town.doctor)
    for word in ("declined", "refused", "service_declined"):
        assert browser.get(f"/today?filter={word}").status_code == 404


@pytest.mark.parametrize("address", ["/today", "/today/print", "/today/paper", "/today/workbook"])
def test_n5_at_most_fifty_leave_and_the_log_names_exactly_these(town: Place, address: str) -> None:
    with world.inside(town.app, town.card) as session:
        before = reading.head(session).number
    assert world.sign_in(town.app, town.doctor).get(address).status_code == 200
    with world.inside(town.app, town.card) as session:
        act = {"/today": "today.index", "/today/print": "today.sheet"}.get(
            address, address[1:].replace("/", ".")
        )
        query = sa.select(AccessLog.resident_ids, AccessLog.purpose)
        rows = session.execute(query.where(AccessLog.act == act, AccessLog.number > before)).all()
    named = [one for row in rows for one in row.resident_ids]
    assert sorted(named) == [str(one) for one in sorted(town.persons)][: worklist.PAGE]
    assert {row.purpose for row in rows} == {"care" if address == "/today" else "care-of-the-day"}


def test_n5_nobody_of_a_place_that_is_not_hers(town: Place) -> None:
    other = world.add_staff(town.app, town.card, "elsewhere", "village_doctor", places="villages")
    assert shown(town._replace(doctor=other), "/today?filter=all") == []


def test_i10_what_is_late_is_owed_by_the_clinic(own_town: Place) -> None:
    town = own_town
    with world.caretaker(town.app).logins.connect("owner") as owner:
        schema, day = town.card.binding.schema, clock.today() - datetime.timedelta(days=9)
        change = f"UPDATE {schema}.due_item SET window_start = %s, due_on = %s, overdue_on = %s"  # noqa: S608
        owner.execute(change.encode(), (day, day, day))
    answer = world.sign_in(town.app, town.doctor).get("/today?filter=owed").get_data(as_text=True)
    states = [one.get_text() for one in BeautifulSoup(answer, "html.parser").select("td .state")]
    assert len(states) == worklist.PAGE
    words = set()
    for language in ("ug", "zh"):
        with town.app.test_request_context(), force_locale(language):
            words.add(str(due_texts.STATES[State.OVERDUE]))
    assert set(states) <= words
    assert not [blame for blame in ("逾期", "拒绝", "未完成") if blame in answer]
