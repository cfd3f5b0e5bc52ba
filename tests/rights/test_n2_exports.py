"""Rights N2: exchanged scripts and print languages leave every list of the day and every export as it was."""

from __future__ import annotations

import contextlib
import datetime
import io
import itertools
import re
import typing
import uuid

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.accounts.models import Site, Staff
from saas.public_health import daysheet, owing
from saas.public_health.figures import counting
from saas.public_health.rules import indicators_periods as periods
from saas.residents import writing
from saas.residents.models import Resident
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import figured, world

if typing.TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.figured import Figured
    from tests.support.world import Browser

pytestmark = pytest.mark.timeout(120)  # clinics of its own
NAMES = [
    ("阿力米罕·试", "ئالىمخان سىناق"),
    ("王试兰", "ۋاڭ شىلەن"),
    ("Test Aygül", "试古丽"),
    ("ياسىن", "亚森"),
]
LISTS = ("/today", "/today?order=walk", "/today?filter=all", "/today/calls", "/today/print", "/today/paper")
FILES = ("/today/workbook", "/today/workbook?order=walk")
FIGURES = ("/figures/excel", "/figures", "/figures/print?in=zh")
_NAME, _CODE = 1, 0


def named(clinic: Figured) -> None:
    """People who are owed something, each with two written forms, told apart by age and house."""
    with world.inside(clinic.app, clinic.card) as session:
        keys = clinic_of(clinic.card, session.query(ClinicSetting).one()).keys
        site = session.scalars(sa.select(Site.id).where(Site.kind == "centre")).one()
        by = session.scalars(sa.select(Staff.id).order_by(Staff.id)).all()[0]
        for number, (one, other) in enumerate(itertools.islice(itertools.cycle(NAMES), 9)):
            texts = {
                "name_0": f"{one} {number}", "name_1": f"{other} {number}", "sex_code": "2",
                "birth": f"{1941 + number}-05-07", "site_id": str(site), "village": f"{9 - number}村",
                "print_language": "ug" if number % 2 else "zh", "phone_0": f"0001234{number:04d}",
            }  # fmt: skip
            fields = dict.fromkeys(identity.FIELDS, "") | texts
            made = writing.register(fields, keys, form_id=uuid.uuid4(), at=clock.now(), by=by)
            assert made is not None
            session.flush()
            owing.refresh(made.id)
    with world.caretaker(clinic.app).logins.connect("owner") as owner:
        day, schema = clock.today() - datetime.timedelta(days=9), clinic.card.binding.schema
        change = f"UPDATE {schema}.due_item SET window_start = %s, due_on = %s, overdue_on = %s"  # noqa: S608
        owner.execute(change.encode(), (day, day, day))


def exchange(clinic: Figured) -> None:
    """Every resident's two written forms change places, and her prints change their language."""
    with world.inside(clinic.app, clinic.card) as session:
        for resident in session.scalars(sa.select(Resident)):
            resident.print_language = "zh" if resident.print_language == "ug" else "ug"
            if len(resident.names) > 1:
                one, other = resident.names[:2]
                one.text, other.text = other.text, one.text


@pytest.fixture(scope="module")
def clinic(app: Flask) -> Figured:
    """A clinic with figures, and with people on its list of today."""
    made = figured.build(app, "village_doctor")
    named(made)
    return made


def counted(clinic: Figured) -> None:
    """All figures computed anew."""

    def inside() -> contextlib.AbstractContextManager[Session]:
        return world.inside(clinic.app, clinic.card)

    counting.compute(inside, figured.TODAY, figured.NOW, periods.every(figured.TODAY))


def persons(browser: Browser, address: str) -> tuple[list[str], list[str]]:
    """Who stands on a page, in its order; and its lines without the names."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    ids = [re.findall(r"/residents/([0-9a-f-]{36})", str(link["href"])) for link in soup.select("tbody a")]
    for name in soup.select(".names"):
        name.decompose()
    lines = [row.get_text(" ", strip=True) for row in soup.select("tbody tr, .by-hand-person")]
    return [one for found in ids for one in found], lines


def cells(browser: Browser, address: str) -> list[list[object]]:
    """A file of the day, the names blanked; of the codes, which are sealed anew each time, nothing."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    rows = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0].iter_rows(values_only=True)
    return [[cell for place, cell in enumerate(row) if place not in {_NAME, _CODE}] for row in rows]


def told(clinic: Figured) -> dict[str, object]:
    """All lists and files, as one doctor gets them."""
    browser = figured.sign_in(clinic, "village_doctor")
    found: dict[str, object] = {address: persons(browser, address) for address in LISTS}
    return found | {address: cells(browser, address) for address in FILES}


def test_lists_and_files_of_the_day_are_the_same_when_scripts_and_languages_are_exchanged(
    clinic: Figured,
) -> None:
    assert str(daysheet.HEAD[_NAME]) == "Name"
    before = told(clinic)
    assert len(typing.cast("list[object]", before["/today/workbook"])) > len(NAMES)
    for address in LISTS:
        assert len(typing.cast("tuple[list[str], list[str]]", before[address])[1]) >= len(NAMES), address
    exchange(clinic)
    assert told(clinic) == before


def test_figures_are_the_same_when_scripts_and_languages_are_exchanged(
    clinic: Figured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: figured.NOW)
    found = []
    for _ in range(2):
        counted(clinic)
        exchange(clinic)
        browser = figured.sign_in(clinic, "village_doctor")
        found.append([_plain(browser, address) for address in FIGURES])
    assert found[0] == found[1]


def _plain(browser: Browser, address: str) -> object:
    """The cells of the file, or the tables of the page."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    if answer.mimetype == "text/html":
        soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        return [row.get_text(" ", strip=True) for row in soup.select("tr")]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
