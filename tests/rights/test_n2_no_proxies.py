"""Rights N2: nobody is filtered, sorted, grouped, counted or exported by language, script or area code."""

from __future__ import annotations

import re
import typing
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from saas.db import new_id
from saas.residents import writing
from saas.residents.models import Resident
from saas.residents.rules import identity
from saas.web import clock
from tests.isolation import routes
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"/residents/([0-9a-f]{8}-[0-9a-f-]{27})")
_COUNT = 57
_NAMES = [
    ("阿力米罕·试", "ئالىمخان سىناق"),
    ("麦麦提·试", "مەمەت سىناق"),
    ("王试兰", "ۋاڭ شىلەن"),
    ("Test Aygül", "试古丽"),
]


@pytest.fixture(scope="module")
def crowd(home: Home) -> list[str]:
    """Residents with names in several scripts, each in any order, and prints in either language."""
    household = home.household
    with world.inside(home.app, household.card) as session:
        first = session.get_one(Resident, uuid.UUID(home.resident_id))
        for number in range(_COUNT):
            name_0, name_1 = _NAMES[number % len(_NAMES)][:: 1 if number % 3 else -1]
            texts = {
                "name_0": f"{name_0} {number}",
                "name_1": f"{name_1} {number}" if number % 5 else "",
                "sex_code": "2",
                "birth": "1970",
                "document_type": "03",
                "document_number": f"650099197001{number:06d}",
                "site_id": str(first.site_id),
                "print_language": "ug" if number % 2 else "zh",
            }
            fields = dict.fromkeys(identity.FIELDS, "") | texts
            writing.register(
                fields, household.clinic.keys, form_id=new_id(), at=clock.now(), by=first.created_by
            )
        query = sa.select(Resident.id).where(Resident.standing == "here").order_by(Resident.id.desc())
        return [str(one) for one in session.scalars(query)]


def ids_on(page: str) -> list[str]:
    """The residents of a page in their order."""
    return list(dict.fromkeys(_ID.findall(page)))


def pages(home: Home) -> dict[str, list[str]]:
    """The ids of every list and of some searches, page by page, as one person sees them."""
    browser = home.browser()
    staff_id = home.household.people["village_doctor"].staff_id
    found = {}
    lists = [f"/residents?site={site}" for site in ("all", home.household.ids["site_id"])]
    searches = ("试", "阿力", "古丽", "سىناق", "مەم", "ئالىم", "test", "شى", "1", "兰 2")
    lists += [f"/residents/found/{home.household.words(staff_id, text)}?" for text in searches]
    lists.append("/residents/to-look-at?")
    for number, path in enumerate(lists):
        for page in (1, 2, 3):
            answer = browser.get(f"{path}&page={page}").get_data(as_text=True)
            found[f"{number} {page}"] = ids_on(answer)
    return found


def exchange_scripts(home: Home) -> None:
    """Every resident's two written forms change places, and her prints change their language."""
    with world.inside(home.app, home.household.card) as session:
        for resident in session.scalars(sa.select(Resident)):
            resident.print_language = "zh" if resident.print_language == "ug" else "ug"
            if len(resident.names) > 1:
                one, other = resident.names[:2]
                one.text, other.text = other.text, one.text


@pytest.mark.usefixtures("crowd")
def test_exchanging_scripts_and_languages_changes_no_order_and_no_count(home: Home) -> None:
    before = pages(home)
    assert sum(map(len, before.values())) > 200
    exchange_scripts(home)
    try:
        after = pages(home)
    finally:
        exchange_scripts(home)
    assert after == before


@pytest.mark.usefixtures("crowd")
def test_a_search_finds_the_same_whichever_form_was_written_first(home: Home) -> None:
    """A search is no filter by script: what it finds is there in whichever position it is stored."""
    shown = {one for ids in pages(home).values() for one in ids}
    exchange_scripts(home)
    try:
        assert {one for ids in pages(home).values() for one in ids} == shown
    finally:
        exchange_scripts(home)


def test_a_list_is_in_the_order_of_its_records(home: Home, crowd: list[str]) -> None:
    browser = home.browser()
    seen = [ids_on(browser.get(f"/residents?site=all&page={page}").get_data(as_text=True)) for page in (1, 2)]
    assert [*seen[0], *seen[1]] == crowd


_PROXIES = [
    *[f"{key}=name" for key in ("sort", "sort_by", "order", "order_by", "o", "group", "group_by")],
    *[f"{key}=ug" for key in ("language", "lang", "print_language", "script", "locale", "filter")],
    *[f"{key}=650099" for key in ("area", "area_code", "county", "birthplace", "prefix", "number")],
    *[f"{key}=1000" for key in ("per_page", "limit", "size", "count", "rows")],
    *[f"{key}=csv" for key in ("format", "export", "download", "as")],
    "name=%D8%B3",
    "sex=2",
    "q=ug",
]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("proxy", _PROXIES)
def test_an_argument_that_is_not_reviewed_changes_nothing(home: Home, proxy: str) -> None:
    browser = home.browser()
    staff_id = home.household.people["village_doctor"].staff_id
    words = home.household.words(staff_id, "试")
    for path in ("/residents?site=all", f"/residents/found/{words}?page=1"):
        plain, asked = browser.get(path), browser.get(f"{path}&{proxy}")
        assert len(ids_on(plain.get_data(as_text=True))) >= 10
        assert ids_on(asked.get_data(as_text=True)) == ids_on(plain.get_data(as_text=True))
        assert asked.content_type == plain.content_type


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("text", ["650099", "6500991970", "65", "197001", "99197", "0000012", "70010000"])
def test_part_of_a_number_finds_nobody(home: Home, text: str) -> None:
    staff_id = home.household.people["village_doctor"].staff_id
    answer = home.browser().get(f"/residents/found/{home.household.words(staff_id, text)}")
    assert answer.status_code == 200
    # The household's own residents have names with these digits.
    own = {home.resident_id, home.household.ids["other_id"], home.household.ids["gone_id"]}
    assert set(ids_on(answer.get_data(as_text=True))) <= own


FILES = {
    "accounts.staff_bring_template": "an empty list of staff: headings, words for roles, the clinic's places",
    "figures.excel": "numbers of the clinic by place; nobody is named in it",
}
DAY = {
    "today.workbook": "the care of this day, at most 50 people of her own places, with its purpose in the log"
}
"""Reviewed: routes that give a file."""
ONE_PERSONS_OWN = {
    "public_health.record_fhir",
    "public_health.record_csv",
    "public_health.clinic_record_fhir",
    "public_health.clinic_record_csv",
}
"""Reviewed: files of the records of one person, for herself, or of the clinic, about nobody."""


@pytest.mark.usefixtures("crowd")
def test_no_route_shows_more_than_fifty_or_gives_a_file(home: Home) -> None:
    """Every route, as each role that may read residents; no page but HTML, JSON and plain text."""
    most = 0
    for role in ("village_doctor", "clinic_admin"):
        for route in [*routes.routes(home.app, "GET"), *_posts(home.app)]:
            if route.endpoint in ONE_PERSONS_OWN:
                assert len(ids_on(home.walk(route, role))) <= 1, str(route)
                continue
            text = home.walk(route, role, query="site=all")
            if route.endpoint in DAY:
                assert len(set(ids_on(text))) <= 50, str(route)
                continue
            if route.endpoint in FILES:
                assert not [*ids_on(text), *re.findall("مەريەم", text)], str(route)
                continue
            assert "Content-Disposition" not in text, str(route)
            kind = re.search(r"Content-Type: ([^;\r\n]+)", text)
            assert kind is None or kind[1] in {"text/html", "text/plain", "application/json"}, str(route)
            assert not re.search(r"export|download|csv|xls|report|statistic", route.rule), str(route)
            most = max(most, len(ids_on(text)))
    assert 40 < most <= 50


def _posts(app: Flask) -> list[routes.Route]:
    return [route for route in routes.routes(app, "POST") if route.endpoint.startswith("residents.")]


ORDERS = {
    "resident.id desc",
    "resident.id",
    "resident_name.position",
    "resident_key.kind, resident_key.position",
    # Pairs of the queue and decisions about a pair: the oldest first.
    "resident_link.id",
    "resident_link.confirmed_at, resident_link.id",
    # One person's own answers, and her own times in programmes.
    "consent.id",
    "enrolment.enrolled_on desc, enrolment.id desc",
    # Who has a number or its end: the last registered first. Who fits words is ordered by likeness to them,
    # in Python, by the same rule for every script.
    "resident_key.resident_id desc",
    # The list of today, in the order of care: clinical urgency, then days; the keys stand in rules/worklist.
    "page.place",
    "persons.position, persons.id",
}
COUNTS = re.compile(r"^WITH persons AS \(SELECT due_item\.resident_id .*GROUP BY due_item\.resident_id")
"""Duties by person and by the filters of the list of today, which tell of services and of nothing else."""


@pytest.fixture
def statements(home: Home) -> Iterator[list[str]]:
    """Every statement about residents that the pages send."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        text = " ".join(str(arguments[2]).split())
        if re.search(r"\bresident(_name|_key)?\b", text) and text.startswith(("SELECT", "WITH")):
            sent.append(text)

    with home.app.app_context():
        engine = home.app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("crowd")
def test_no_statement_sorts_groups_counts_or_chooses_by_a_proxy(home: Home, statements: list[str]) -> None:
    pages(home)
    for route in [*routes.routes(home.app, "GET"), *_posts(home.app)]:
        home.walk(route)
    assert len(statements) > 50
    faults = {fault for text in statements for fault in _faults(text)}
    assert faults == set()


def _faults(text: str) -> Iterator[str]:
    """What is wrong with a SELECT: how it chooses, sorts, groups or counts people."""
    _, _, conditions = text.partition(" WHERE ")
    if re.search(r"print_language|resident_name\.text|province|prefecture|county|substr|left\(", conditions):
        yield f"chooses by a proxy: {text}"
    if not COUNTS.match(text) and re.search(r"GROUP BY|count\(|DISTINCT ON|OVER \(", text, re.IGNORECASE):
        yield f"groups or counts: {text}"
    for order in re.findall(r"ORDER BY (.+?)(?= LIMIT| OFFSET| FOR |\)|$)", text):
        if order.lower() not in ORDERS:
            yield f"sorts by {order}: {text}"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT resident.id FROM resident WHERE resident.print_language = 'ug'",
        "SELECT resident.id FROM resident JOIN resident_name ORDER BY resident_name.search_key LIMIT 50",
        "SELECT print_language, count(*) FROM resident GROUP BY print_language",
        "SELECT resident.id FROM resident WHERE resident.county = 'x'",
    ],
)
def test_a_statement_that_uses_a_proxy_is_seen(text: str) -> None:
    assert list(_faults(text))
