"""Rights N9: the person index is the clinic's own; nobody is matched across clinics or with registers."""

from __future__ import annotations

import ast
import re
import typing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.isolation import households
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.world import Browser

pytestmark = pytest.mark.timeout(60)  # clinics of its own
ROOT = Path(__file__).resolve().parents[2]
_NETWORK = {"requests", "urllib.request", "httpx", "http.client", "aiohttp", "socket", "ftplib", "smtplib"}
_ABOUT_PEOPLE = re.compile(r"resident|person_|patient|birth|name_key|document|phone|citizen")


@pytest.fixture(scope="module")
def neighbour(app: Flask) -> Home:
    """Another clinic with a resident of its own."""
    return Home(app, households.furnish(app, world.PASSWORD))


def found_for(browser: Browser, words: str) -> str:
    """What a search answers in words, without the words that were searched for."""
    answer = browser.send("/residents/find", {"q": words})
    page = BeautifulSoup(browser.get(answer.headers["Location"]).get_data(as_text=True), "html.parser")
    assert page.main is not None
    return page.main.get_text(" ", strip=True).replace(words, "")


def test_a_person_of_another_clinic_is_found_by_nothing_and_not_even_guessed(
    home: Home, neighbour: Home
) -> None:
    ids = neighbour.household.ids
    browser = home.browser()
    nobody = found_for(browser, "E99999999999999999")
    for words in (ids["document_number"], ids["phone_0"]):
        assert found_for(browser, words) == nobody, words
        assert found_for(neighbour.browser(), words) != nobody, "in her own clinic she is found"
    assert home.browser().get(f"/residents/{neighbour.resident_id}").status_code == 404
    assert neighbour.browser().get(f"/residents/{neighbour.resident_id}").status_code == 200


def test_equal_numbers_of_two_clinics_cannot_be_matched(home: Home, neighbour: Home) -> None:
    one, other = home.household.clinic.keys, neighbour.household.clinic.keys
    for kind in ("document", "phone", "record", "card", "tail 4", "tail 6"):
        assert one.hash(kind, "650099199001010011") != other.hash(kind, "650099199001010011")


def test_no_table_outside_the_clinics_knows_a_person(app: Flask) -> None:
    """No index across clinics could stand anywhere: ``platform`` and ``ref`` have no column for one."""
    with world.caretaker(app).logins.connect("owner") as connection:
        rows = connection.execute(
            "SELECT n.nspname, c.relname, a.attname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid WHERE attnum > 0 AND NOT attisdropped"
            " AND relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^(t_[0-9]{4}|pg_.*|information_schema)$'"
        ).fetchall()
    assert len(rows) > 30
    assert [row for row in rows if _ABOUT_PEOPLE.search(f"{row[1]}.{row[2]}")] == []


def test_a_clinics_role_reaches_one_schema(home: Home, neighbour: Home) -> None:
    own, other = home.household.card.binding.schema, neighbour.household.card.binding.schema
    with world.caretaker(home.app).logins.connect("admin") as connection:
        for schema, reaches in ((own, True), (other, False)):
            row = connection.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", (own, schema)).fetchone()
            assert row is not None
            assert row[0] is reaches


def test_the_clinics_software_asks_no_other_machine() -> None:
    """No register outside can be asked about anybody: no module of ``saas`` can open a connection."""
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "saas").rglob("*.py")
        for name in _imported(path)
        if name in _NETWORK
    }
    assert found == set()


def _imported(path: Path) -> typing.Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
