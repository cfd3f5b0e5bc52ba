"""Record numbers: given once, kept for good, never twice; the mapping that an administrator can see."""

from __future__ import annotations

import concurrent.futures
import contextlib
import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.accounts.models import Site, Staff
from saas.db import new_id
from saas.residents import numbering, writing
from saas.residents.models import Counter, Resident, ResidentKey
from saas.residents.rules import identity, record_number
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.keys import ClinicKeys
from saas.web.models import ClinicSetting
from tests.integration.residents import pages
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from tenants.cards import ClinicCard
    from tests.conftest import ClinicWorld

PLAIN = {"name_0": "阿依古丽", "sex_code": "2", "birth": "1985-05-05", "print_language": "ug"}


class Place(typing.NamedTuple):
    """A clinic of a test's own."""

    app: Flask
    card: ClinicCard

    @contextlib.contextmanager
    def inside(self) -> Iterator[tuple[Session, ClinicKeys]]:
        with self.app.app_context(), world.inside(self.app, self.card) as session:
            yield session, clinic_of(self.card, session.scalars(sa.select(ClinicSetting)).one()).keys

    def register(self, site: uuid.UUID | None = None) -> str:
        """Somebody new, committed; her record number or nothing."""
        with self.inside() as (session, keys):
            made = self.added(session, keys, site)
            return numbering.number_of(made, keys)

    def added(self, session: Session, keys: ClinicKeys, site: uuid.UUID | None = None) -> Resident:
        site = site or session.scalars(sa.select(Site.id).where(Site.kind == "centre")).one()
        by = session.scalars(sa.select(Staff.id)).first()
        assert by is not None
        fields = identity.tidied(PLAIN | {"site_id": str(site)})
        made = writing.register(fields, keys, form_id=new_id(), at=clock.now(), by=by)
        assert made is not None
        return made

    def site(self, third: str) -> uuid.UUID:
        """A village clinic whose statistical code ends so."""
        with self.inside() as (session, _):
            site = Site(id=new_id(), code=f"{self.card.code}{third}", name_zh="试村卫生室")
            session.add(site)
            return site.id


@pytest.fixture
def counted(app: Flask) -> Place:
    """A clinic in which nobody is registered."""
    card = world.provision(app, world.free_code(), "编号院")
    world.add_staff(app, card, "counts", "clinic_admin")
    return Place(app, card)


def test_the_first_resident_of_the_example(counted: Place) -> None:
    number = counted.register(counted.site("200"))
    assert number == f"{counted.card.code}10100001"
    assert record_number.short(number) == "101-00001"


def test_each_place_counts_for_itself(counted: Place) -> None:
    village, other = counted.site("201"), counted.site("250")
    numbers = [counted.register(site) for site in (village, other, None, village)]
    assert [number[9:] for number in numbers] == ["10200001", "15100001", "90100001", "10200002"]


@pytest.mark.timeout(90)
def test_two_hundred_at_once_get_two_hundred_numbers_without_a_gap(counted: Place) -> None:
    site = counted.site("203")
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        numbers = list(pool.map(lambda _: counted.register(site), range(200)))
    assert sorted(int(number[12:]) for number in numbers) == list(range(1, 201))
    assert {number[:12] for number in numbers} == {f"{counted.card.code}104"}


def test_places_that_begin_at_once_are_two_places(counted: Place) -> None:
    sites = [counted.site(third) for third in ("300", "301", "302", "303")]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(counted.register, sites))
    assert sorted(number[9:12] for number in numbers) == ["101", "102", "103", "104"]


def test_a_number_is_never_given_again(counted: Place) -> None:
    first = counted.register()
    with counted.inside() as (session, _):
        session.execute(sa.delete(ResidentKey).where(ResidentKey.kind == "record"))
    assert int(counted.register()[12:]) == int(first[12:]) + 1


def test_a_registration_that_failed_leaves_no_gap(counted: Place) -> None:
    first = counted.register()
    with counted.inside() as (session, keys):
        counted.added(session, keys)
        session.rollback()
    assert int(counted.register()[12:]) == int(first[12:]) + 1


def test_the_last_number_is_given_and_then_people_are_registered_without(counted: Place) -> None:
    site = counted.site("204")
    counted.register(site)
    with counted.inside() as (session, _):
        counter = session.get_one(Counter, f"record {counted.card.code}105")
        counter.last = record_number.LAST - 2
    assert [counted.register(site)[12:] for _ in range(4)] == ["99998", "99999", "", ""]
    with counted.inside() as (session, _):
        assert session.get_one(Counter, f"record {counted.card.code}105").last == record_number.LAST


def test_a_block_that_does_not_fit_is_given_as_far_as_it_goes(counted: Place) -> None:
    site = counted.site("205")
    counted.register(site)
    with counted.inside() as (session, keys):
        session.get_one(Counter, f"record {counted.card.code}106").last = record_number.LAST - 2
        session.flush()
        new = [Resident(id=new_id(), site_id=site) for _ in range(3)]
        without = numbering.give(new, keys)
        assert [numbering.number_of(one, keys)[12:] for one in new] == ["99998", "99999", ""]
        assert without == new[2:]
        session.rollback()


def test_overflow_is_told_and_care_goes_on(counted: Place) -> None:
    browser = world.sign_in(counted.app, world.add_staff(counted.app, counted.card, "full", "village_doctor"))
    pages.register(browser, **PLAIN)
    with counted.inside() as (session, _):
        for counter in session.scalars(sa.select(Counter).where(Counter.prefix.startswith("record "))):
            counter.last = record_number.LAST
    answer = pages.send_new(browser, pages.new_form(browser) | PLAIN | {"name_0": "بۇ باشقا ئادەم"})
    assert answer.status_code == 303
    shown = browser.get(answer.headers["Location"])
    assert pages.soup(shown).select_one(".flash-warn") is not None


def test_a_moved_resident_keeps_the_number(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN)
    before = shown_number(browser.get(f"/residents/{made}").get_data(as_text=True))
    options = pages.soup(browser.get("/residents/new")).select("#site_id option")
    form = pages.opened(browser, made)
    elsewhere = next(str(one["value"]) for one in options if one["value"] != form["site_id"])
    assert pages.save(browser, made, form | {"site_id": elsewhere, "village": "新村"}).status_code == 303
    assert shown_number(browser.get(f"/residents/{made}").get_data(as_text=True)) == before
    assert len([key for key in pages.row_of(north, made).keys if key.kind == "record"]) == 1


def shown_number(page: str) -> str:
    """The long form on a resident's page, without its gaps."""
    codes = [one.get_text() for one in BeautifulSoup(page, "html.parser").select("#numbers .code")]
    return next(code.replace(" ", "") for code in codes if len(code.replace(" ", "")) == 17)


def test_the_page_shows_both_forms_and_the_search_finds_by_both(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN)
    page = browser.get(f"/residents/{made}").get_data(as_text=True)
    number = shown_number(page)
    assert record_number.short(number) in page
    for words in (number, record_number.in_parts(number), record_number.short(number)):
        answer = browser.send("/residents/find", {"q": words})
        assert answer.headers["Location"] == f"/residents/{made}", words
    assert number not in browser.get("/residents?site=all").get_data(as_text=True)


def test_whoever_has_none_gets_one_with_the_next_save_and_only_one(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN)
    card = world.card_of(north.app, north.code)
    with world.inside(north.app, card) as session:
        query = sa.delete(ResidentKey).where(
            ResidentKey.resident_id == uuid.UUID(made), ResidentKey.kind == "record"
        )
        session.execute(query)
    for _ in range(2):
        assert pages.save(browser, made, pages.opened(browser, made)).status_code == 303
    row = pages.row_of(north, made)
    assert [key.kind for key in row.keys] == ["record"]
    assert row.version == 1


def test_the_number_is_stored_sealed_with_its_ends(counted: Place) -> None:
    number = counted.register()
    with counted.inside() as (session, keys):
        row = session.scalars(sa.select(ResidentKey).where(ResidentKey.kind == "record")).one()
        assert number.encode() not in row.value
        assert row.hash == keys.hash("record", number)
        assert row.tail_four == keys.hash("tail 4", number[-4:])
        assert row.tail_six == keys.hash("tail 6", number[-6:])


def test_the_administrator_sees_the_mapping(counted: Place) -> None:
    counted.site("200")
    admin = world.add_staff(counted.app, counted.card, "looks", "clinic_admin")
    browser = world.sign_in(counted.app, admin)
    code = counted.card.code
    before = rows_of(browser.get("/residents/record-numbers").get_data(as_text=True))
    assert before[f"{code}200"] == f"{code[:6]} {code[6:]} 101"
    assert before[code] == f"{code[:6]} {code[6:]} 901"
    counted.register()
    assert rows_of(browser.get("/residents/record-numbers").get_data(as_text=True)) == before
    for role in ("village_doctor", "pharmacist", "audit_reviewer"):
        person = world.add_staff(counted.app, counted.card, f"no.{role}", role)
        assert world.sign_in(counted.app, person).get("/residents/record-numbers").status_code == 403


def rows_of(page: str) -> dict[str, str]:
    """First twelve digits by the code of the site."""
    rows = BeautifulSoup(page, "html.parser").select("tbody tr")
    cells = [[cell.get_text(strip=True) for cell in row.select("td")] for row in rows]
    return {row[0]: row[1] for row in cells}
