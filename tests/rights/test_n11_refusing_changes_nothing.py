"""Rights N11: care is the same, page for page, whatever a person answered to any question of consent."""

from __future__ import annotations

import ast
import re
import typing
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.residents.models import Consent, Resident
from saas.residents.rules import consent as rule
from tests.isolation import cases, routes
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("village_doctor", "township_gp", "public_health_nurse", "pharmacist", "clinic_admin")
OTHER_ROOMS = ("public_health.", "today.", "figures.")
ABOUT_CONSENT = {
    "residents.consent",
    "residents.consent_sheet",
    "residents.consent_withdraw",
    # What was done with the record, asking and answering among it; never the answer.
    "residents.who_opened",
    "residents.who_opened_print",
}

# Who reads the answers: the part that asks. A new line here needs its own reason, never care.
READERS = {
    "saas/public_health/calls.py": "who said no to reminders is not called; the services stay owed",
    "saas/demo/records.py": "the answers of the demo's invented people",
    "saas/public_health/panel.py": "the part of one person's page that shows her programmes",
    "saas/public_health/programmes.py": "taking part in a programme: the answer is the service itself",
    "saas/residents/consents.py": "asking, answering, taking back",
    "saas/residents/models/__init__.py": "the table",
    "saas/residents/models/consent.py": "the table",
    "saas/residents/views/consenting.py": "the pages that ask",
    "saas/residents/views/panels.py": "the part of one person's page that shows her answers",
    "saas/residents/views/standings.py": "its reading of a birth date, no answer",
}
_SQL = re.compile(r"\b(from|join)\s+consent\b", re.IGNORECASE)
_CHANGING = re.compile(
    r"20\d\d-\d\d-\d\d(T| )\d\d:\d\d[:.+\d]*|(?<=/found/)[\w-]+|(?<=words=)[\w-]+|Content-Length: \d+"
    # The check digits of a card: each walk makes a new one.
    r"|(?<=>)\d{4}(?=</bdi> <small><bdi dir=.ltr.><time)|(?<=>)\d{4}(?=</bdi> <bdi dir=.ltr.><time)"
    # The sealed code of a line in the file of the day.
    r"|(?<=<is><t>)[\w-]{99,}(?=</t></is>)"
)
ANSWERS = ("none asked", "all refused", "all given", "all taken back")


def seen(answer_text: str) -> str:
    """A page without its part about consent, and without what differs on every visit."""
    page = BeautifulSoup(answer_text, "html.parser")
    for part in page.select("#consents, .flash, input[type=hidden]"):
        part.decompose()
    for element in page.select("[data-csrf]"):
        del element["data-csrf"]
    return _CHANGING.sub("…", str(page))


def walked(home: Home) -> dict[str, str]:
    """Every page that somebody in care can open, and the whole flow of care, as each role sees it."""
    found = {}
    for role in ROLES:
        for route in routes.routes(home.app, "GET"):
            if route.endpoint.startswith("residents.") and route.endpoint not in ABOUT_CONSENT:
                found[f"{role} {route}"] = seen(home.walk(route, role).split("Date: ")[0])
    found |= dict(flow(home))
    return found


def flow(home: Home) -> Iterator[tuple[str, str]]:
    """Search, edit, card, standing and back, as a village doctor does them."""
    browser = home.browser()
    token = routes.csrf_token(home.app, browser)
    base = f"/residents/{home.resident_id}"
    found = browser.post(
        "/residents/find", data={"csrf_token": token, "q": home.household.ids["document_number"]}
    )
    yield "find by number", f"{found.status_code} {found.headers['Location'] == base}"
    for step, typed in {"edit": {}, "card": {}, "standing": {"standing": "here"}}.items():
        form = cases.read_form(browser.get(f"{base}/{step}").get_data(as_text=True))
        answer = browser.post(f"{base}/{step}", data=form | typed)
        text = "" if step == "card" else seen(answer.get_data(as_text=True))
        yield step, f"{answer.status_code} {answer.headers.get('Location', '')} {text}"


def answer_all(home: Home, how: str) -> None:
    """Give the resident's answers this state, through the pages."""
    browser = home.browser()
    token = {"csrf_token": routes.csrf_token(home.app, browser)}
    base = f"/residents/{home.resident_id}/consent"
    for purpose in rule.PURPOSES:
        said = {"all refused": "no", "all given": "yes", "all taken back": "yes"}.get(how)
        if said:
            body = {**token, "answer": said, "giver": "self", "way": "paper", "form_id": str(uuid.uuid4())}
            assert browser.post(f"{base}?about={purpose}", data=body).status_code == 303
        if how == "all taken back":
            sent = browser.post(f"{base}/withdraw", data={**token, "purpose": purpose})
            assert sent.status_code == 303


@pytest.mark.timeout(180)
def test_every_page_and_every_step_of_care_is_the_same_whatever_was_answered(home: Home) -> None:
    pages: dict[str, dict[str, str]] = {}
    home.walk(next(one for one in routes.routes(home.app, "GET") if one.endpoint == "residents.show"))
    list(flow(home))  # a card exists from the beginning: making one is part of what is compared
    for how in ANSWERS:
        answer_all(home, how)
        pages[how] = walked(home)
    assert len(pages[ANSWERS[0]]) > 30
    for how in ANSWERS[1:]:
        for name, text in pages[how].items():
            assert text == pages[ANSWERS[0]][name], f"{how}: {name}"


@pytest.mark.timeout(180)
def test_forms_lists_and_files_of_care_are_the_same_with_every_optional_consent_off(home: Home) -> None:
    """Filling in, printing, the list of today, its paper and file, the figures."""
    wanted = [one for one in routes.routes(home.app, "GET") if one.endpoint.startswith(OTHER_ROOMS)]
    assert {"public_health.fill", "public_health.record_print", "today.workbook"} <= {
        one.endpoint for one in wanted
    }
    pages = []
    for how in ("all given", "all refused"):
        answer_all(home, how)
        pages.append({str(one): seen(home.walk(one).split("Date: ")[0]) for one in wanted})
    for name, text in pages[0].items():
        assert text == pages[1][name], name


def test_registering_asks_for_no_consent(home: Home) -> None:
    """A person is registered, shown and changed before anybody has asked her anything."""
    browser = home.browser()
    browser.post("/residents/new/afresh", data={"csrf_token": routes.csrf_token(home.app, browser)})
    form = cases.read_form(browser.get("/residents/new").get_data(as_text=True))
    assert form["csrf_token"]
    assert not [name for name in form if "consent" in name or "agree" in name]
    typed = {"name_0": "ئايگۈل", "sex_code": "2", "birth": "1990", "form_id": str(uuid.uuid4())}
    made = browser.post("/residents/new", data=form | typed)
    assert made.status_code == 303
    assert browser.get(made.headers["Location"]).status_code == 200
    with world.inside(home.app, home.household.card) as session:
        resident_id = uuid.UUID(made.headers["Location"].rsplit("/", 1)[-1])
        assert session.get(Resident, resident_id) is not None
        assert session.scalars(sa.select(Consent).where(Consent.resident_id == resident_id)).all() == []


def test_nothing_but_the_pages_that_ask_reads_the_answers() -> None:
    """What cannot read an answer cannot make care depend on it."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "saas").rglob("*.py")
        if _reads(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == READERS.keys()


def _reads(tree: ast.AST) -> bool:
    """True for a module that imports the table or the module that reads it, or writes its name in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if names & {"Consent", "consents"} or (node.module or "").endswith(".consents"):
                return True
        if isinstance(node, ast.ClassDef) and node.name == "Consent":
            return True
        if isinstance(node, ast.Constant) and _SQL.search(str(node.value)):
            return True
    return False


@pytest.mark.parametrize(
    "source",
    [
        "from saas.residents.models import Consent",
        "from saas.residents import consents",
        "from saas.residents.consents import questions",
        "QUERY = 'SELECT given FROM consent'",
    ],
)
def test_a_module_that_reads_answers_is_seen(source: str) -> None:
    assert _reads(ast.parse(source))


def test_a_feature_that_hides_is_seen() -> None:
    """The comparison is of what people see: one button less is a difference."""
    page = '<main><a href="/x">Print</a><section id="consents">{}</section></main>'
    assert seen(page.format("yes")) == seen(page.format("no"))
    assert seen(page.format("yes")) != seen(page.replace('<a href="/x">Print</a>', "").format("no"))
