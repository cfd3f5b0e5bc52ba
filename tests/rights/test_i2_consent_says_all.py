"""Rights I2: what a consent says; refusing is one tap of equal size and is stored only as "not given"."""

from __future__ import annotations

import re
import typing
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy import event

from saas.residents import sheets
from saas.residents.models import Consent
from saas.residents.rules import consent as rule
from tests.isolation import routes
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from saas.web.i18n import Language

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES: tuple[Language, ...] = ("ug", "zh")
MUST_SAY = {"purpose", "alternatives", "risks", "stopping", "free"}
"""Purpose, alternatives, side effects, how to stop, "you may say no and still be treated"."""
STILL_TREATED = {"ug": "داۋالىنىسىز", "zh": "照样得到诊治"}
KEPT_OF_A_REFUSAL = {"self", "paper"}


def ask(home: Home, purpose: str, language: str = "ug") -> BeautifulSoup:
    path = f"/residents/{home.resident_id}/consent?about={purpose}&sheet={language}"
    return BeautifulSoup(home.browser().get(path).get_data(as_text=True), "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", rule.ASKED)
def test_page_and_paper_say_everything_in_the_language_that_was_chosen(
    home: Home, purpose: str, language: Language
) -> None:
    sheet = sheets.current(purpose, language)
    assert set(sheets.EXPLAINED) >= MUST_SAY
    paper = home.browser().get(
        f"/residents/{home.resident_id}/consent/sheet?about={purpose}&sheet={language}"
    )
    for text in (ask(home, purpose, language).get_text(), paper.get_data(as_text=True)):
        for part in MUST_SAY:
            assert sheet.texts[part] in text, part
        assert STILL_TREATED[language] in text


def buttons(page: BeautifulSoup) -> tuple[Tag, Tag]:
    yes, no = page.select('button[name="answer"]')
    assert (yes["value"], no["value"]) == ("yes", "no")
    return yes, no


@pytest.mark.parametrize("purpose", rule.ASKED)
def test_yes_and_no_are_alike_but_for_their_words(home: Home, purpose: str) -> None:
    yes, no = buttons(ask(home, purpose))
    for one in (yes, no):
        del one["value"]
    assert yes.attrs == no.attrs
    assert yes.parent is no.parent
    assert not {"autofocus", "data-save", "data-key", "disabled", "formnovalidate"} & yes.attrs.keys()


def test_no_needs_nothing_but_its_button(home: Home) -> None:
    """One tap: with every field of the form left as it is, and with none sent at all."""
    browser = home.browser()
    token = routes.csrf_token(home.app, browser)
    path = f"/residents/{home.resident_id}/consent?about=sharing"
    assert browser.post(path, data={"csrf_token": token, "answer": "no"}).status_code == 303
    rows = answers(home)
    assert [(row.given, {row.giver, row.way}, row.mark) for row in rows] == [(False, KEPT_OF_A_REFUSAL, None)]


def answers(home: Home) -> list[Consent]:
    with world.inside(home.app, home.household.card) as session:
        resident = uuid.UUID(home.resident_id)
        rows = list(session.scalars(sa.select(Consent).where(Consent.resident_id == resident)))
        session.expunge_all()
        return rows


def test_a_refusal_has_no_column_of_its_own() -> None:
    """No reason, no refuser, no count: a refusal is a row whose ``given`` is false and nothing else."""
    names = set(Consent.__table__.columns.keys())
    assert names == {
        *("id", "resident_id", "purpose", "given", "edition", "language", "giver", "way", "mark"),
        *("decided_at", "decided_by", "withdrawn_at", "withdrawn_by", "form_id"),
    }


def test_no_screen_file_or_message_names_refusers() -> None:
    """No address, permission or text of the product is about people who refused."""
    texts = [rule_.rule for rule_ in _rules()]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "saas" / "residents").rglob("*.html")]
    found = [match for text in texts for match in re.findall(r"refus(?:ed|er|al)s?\b", text, re.IGNORECASE)]
    assert found == []
    for language, words in {"zh": ("拒绝", "不同意名单"), "ug": ("رەت قىلغان",)}.items():
        catalogue = (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").read_text("utf-8")
        assert [word for word in words if word in catalogue] == []


def _rules() -> list[typing.Any]:
    from saas.app import create_app  # noqa: PLC0415 - its routes alone
    from saas.config import Settings  # noqa: PLC0415

    return list(create_app(Settings.from_env({"SHIPA_DATA": "/nonexistent"})).url_map.iter_rules())


@pytest.fixture
def statements(home: Home) -> Iterator[list[str]]:
    """Every statement about consent that the product sends."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        text = " ".join(str(arguments[2]).split())
        if re.search(r"\b(FROM|JOIN|UPDATE) consent\b", text):
            sent.append(text)

    with home.app.app_context():
        engine = home.app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


ONE_PERSON = re.compile(
    r"consent\.(resident_id|id|form_id) = (%\(|\$)"
    # All rows of one person: her own id, and whatever was merged into it.
    r"|consent\.resident_id IN \(WITH RECURSIVE \w+(\(id\))? AS \(SELECT resident\.id AS id FROM resident"
    r" WHERE resident\.id = (%\(\w+\)s|\$\d+)"
)


def test_consent_is_only_ever_read_of_one_person(home: Home, statements: list[str]) -> None:
    """Every route as every role: no list, filter or count of those who said yes or no."""
    for role in ("village_doctor", "clinic_admin", "public_health_nurse"):
        for route in routes.routes(home.app):
            home.walk(route, role)
        answer_everything(home, role)
    assert len(statements) > 20
    assert [text for text in statements if not _is_about_one_person(text)] == []


def answer_everything(home: Home, role: str) -> None:
    """Yes, no and taken back, to each question."""
    browser = home.browser(role)
    token = {"csrf_token": routes.csrf_token(home.app, browser)}
    base = f"/residents/{home.resident_id}/consent"
    for purpose in rule.PURPOSES:
        for said in ("yes", "no"):
            body = {**token, "answer": said, "giver": "self", "way": "paper"}
            assert browser.post(f"{base}?about={purpose}", data=body).status_code == 303
        assert browser.post(f"{base}/withdraw", data={**token, "purpose": purpose}).status_code == 303


def _is_about_one_person(text: str) -> bool:
    return bool(ONE_PERSON.search(text)) and not re.search(
        r"count\(|GROUP BY|\bJOIN\b| IN \(SELECT|OVER \(", text, re.IGNORECASE
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT resident_id FROM consent WHERE NOT consent.given",
        "SELECT count(*) FROM consent WHERE consent.resident_id = %(a)s",
        "SELECT consent.id FROM resident JOIN consent ON consent.resident_id = resident.id",
        "SELECT consent.id FROM consent WHERE consent.purpose = %(purpose)s",
    ],
)
def test_a_list_or_a_count_of_answers_would_be_seen(text: str) -> None:
    assert not _is_about_one_person(text)
