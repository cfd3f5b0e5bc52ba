"""Rights N1: no ethnicity, religion, marital status, household type, permits, labels, travel, biometrics."""

from __future__ import annotations

import csv
import typing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.rights import forbidden_fields as lint
from tests.rights.forbidden_fields import Hit
from tests.support import world

# Every file of the product is read against every term; two workers share two cores.
pytestmark = pytest.mark.timeout(60)

ROOT = Path(__file__).resolve().parents[2]
LINES = {
    "ethnicity",
    "religion",
    "marital status",
    "household-registration type",
    "birth permit or quota",
    "political or risk-person label",
    "travel",
    "biometrics",
    "location",
}


@pytest.fixture(scope="module")
def found() -> set[Hit]:
    return lint.hits(ROOT)


def test_the_product_holds_no_forbidden_term(found: set[Hit]) -> None:
    assert found - set(lint.exceptions()) == set()


def test_every_exception_still_has_its_hit_and_a_reason(found: set[Hit]) -> None:
    assert set(lint.exceptions()) - found == set()
    assert all(len(reason) > 20 for reason in lint.exceptions().values())


def test_no_table_of_any_schema_has_a_forbidden_column(app: Flask) -> None:
    """What was made in the database, whoever wrote the statement: names, comments and checks."""
    texts = "\n".join(_catalogue(app))
    assert "resident_name" in texts
    assert lint.found_in(texts, lint.terms()) == set()


def _catalogue(app: Flask) -> list[str]:
    query = """
        SELECT concat_ws(' ', c.relname, a.attname, col_description(c.oid, a.attnum),
                         obj_description(c.oid, 'pg_class')) AS text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE n.nspname !~ '^(pg_|information_schema)'
        UNION ALL
        SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
        JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname !~ '^(pg_|information_schema)'
    """
    with world.caretaker(app).logins.connect("admin") as connection:
        return [row[0] for row in connection.execute(query).fetchall() if row[0]]


def test_no_form_field_is_named_after_a_forbidden_term(app: Flask) -> None:
    """The names under which a view would take a value, as the running application knows them."""
    names = [column for table in _tables(app) for column in table.columns.keys()]  # noqa: SIM118
    names += [rule.rule for rule in app.url_map.iter_rules()]
    names += [argument for rule in app.url_map.iter_rules() for argument in rule.arguments]
    assert lint.found_in("\n".join(names), lint.terms()) == set()


def _tables(app: Flask) -> list[sa.Table]:
    return list(world.caretaker(app).metadata.tables.values())


def test_the_lists_are_complete() -> None:
    """Every line of N1 has terms in all three languages, and the copied list is in it whole."""
    terms = lint.terms()
    for line in LINES:
        assert {term.language for term in terms if term.line == line} == {"en", "zh", "ug"}, line
    with (lint.DATA / "rh-forbidden-fields.csv").open(encoding="utf-8", newline="") as file:
        patterns = {row["pattern"].replace("_", " ") for row in csv.DictReader(file)}
    assert len(patterns) == 26
    assert patterns <= {term.term for term in terms}


class Plant(typing.NamedTuple):
    """A forbidden term, hidden in a file of the product."""

    path: str
    text: str
    term: str


_PLANTED = [
    Plant("saas/residents/models.py", "class R:\n    ethnicity: str\n", "ethnicity"),
    Plant("saas/residents/models.py", "class R:\n    maritalStatus: str\n", "marital status"),
    Plant("saas/residents/models.py", "x = Column('hukou_type')\n", "hukou"),
    Plant("migrations/clinic/0002.py", "add_column('resident', 'birth_permit')\n", "birth permit"),
    Plant("migrations/clinic/0002.py", "execute('ALTER TABLE x ADD gps point')\n", "gps"),
    Plant("tenants/registry.py", "c = Column('watch_list')\n", "watch list"),
    Plant("saas/residents/forms.py", "def f(risk_person=1): pass\n", "risk person"),
    Plant("saas/residents/forms.py", "form(fingerprint='')\n", "fingerprint"),
    Plant("saas/residents/templates/residents/edit.html", '<input name="religion">', "religion"),
    Plant("saas/templates/layout.html", "<p>政治面貌</p>", "政治面貌"),
    Plant("static/js/page.js", "navigator.geolocation.watch()", "geolocation"),
    Plant("saas/residents/data/codes.csv", "code,name_zh\n1,少数民族\n", "少数民族"),
    Plant("tenants/roster.py", "HEADER = ('code', 'travel_history')\n", "travel history"),
    Plant("saas/x/import.csv", "name,marriage\n", "marriage"),
    Plant("translations/ug/LC_MESSAGES/messages.po", 'msgid "Married"\nmsgstr ""\n', "married"),
    Plant("translations/zh/LC_MESSAGES/messages.po", 'msgid "x"\nmsgstr "户籍类型"\n', "户籍类型"),
    Plant("translations/ug/LC_MESSAGES/messages.po", 'msgid "x"\nmsgstr "بارماق ئىزى"\n', "بارماق ئىزى"),
]


@pytest.mark.parametrize("plant", _PLANTED, ids=lambda plant: f"{plant.path}: {plant.term}")
def test_a_planted_term_is_found(tmp_path: Path, plant: Plant) -> None:
    path = tmp_path / plant.path
    path.parent.mkdir(parents=True)
    path.write_text(plant.text, encoding="utf-8")
    assert Hit(plant.path, plant.term) in lint.hits(tmp_path)


@pytest.mark.parametrize("term", lint.terms(), ids=lambda term: term.term)
def test_each_term_of_the_list_is_found_in_a_field_name_or_a_label(term: lint.Term) -> None:
    written = term.term.replace(" ", "_") if term.language == "en" else f"<b>{term.term}</b>"
    assert term.term in lint.found_in(f"x {written}", [term])


@pytest.mark.parametrize(
    "text",
    ["def lat_ency(): ...", "template latest relation", "trips", "stabilitywise", "家庭住址", "شىپاخانىدىن"],
)
def test_words_that_only_resemble_a_term_are_left_alone(text: str) -> None:
    assert lint.found_in(text.replace("lat_ency", "latency"), lint.terms()) == set()


def test_docstrings_and_comments_may_say_what_the_product_has_not(tmp_path: Path) -> None:
    path = tmp_path / "saas" / "m.py"
    path.parent.mkdir()
    path.write_text('"""No religion here."""\n\n# nor ethnicity\n\n\ndef f() -> None:\n    """No gps."""\n')
    assert lint.hits(tmp_path) == set()
