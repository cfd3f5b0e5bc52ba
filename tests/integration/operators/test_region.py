"""The regional page: for viewers alone, from the published figures alone, on the page and as a file."""

from __future__ import annotations

import datetime
import io
import re
import typing

import openpyxl
import psycopg
import pytest

from saas.public_health.rules.indicators_education import education_counts
from saas.public_health.rules.indicators_facts import Period
from saas.web import clock
from tenants.connecting import Logins
from tenants.outbox import Figure
from tests.support import operating, world
from tests.support.signing_in import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk

PERIOD = "2031"
"""A year that no other test publishes."""
KEPT_BACK = "* كۆرسىتىلمىدى: كىچىك سانلار ۋە ئۇلارنى ھېسابلاپ چىققىلى بولىدىغان باشقا سانلار."
"""As a clinic's own print says it."""
YEAR = Period(datetime.date(2031, 1, 1), datetime.date(2031, 12, 31))


@pytest.fixture(scope="module")
def places(app: Flask) -> Iterator[list[ClinicCard]]:
    """Three clinics of one county, of which the third is hidden."""
    caretaker, cards = world.caretaker(app), []
    for numerator, denominator in ((20, 40), (33, 50), (None, None)):
        code = world.free_code()
        card = world.provision(app, code, f"区域{code}院", sites=0)
        caretaker.outbox(card).put(
            [Figure("record_rate", "1", PERIOD, numerator, denominator, clock.now()),
             Figure("unheard_of", "7", PERIOD, 12, None, clock.now())]
        )  # fmt: skip
        cards.append(card)
    yield cards
    with caretaker.logins.connect("agg") as agg:
        agg.execute("DELETE FROM agg.indicator WHERE period = %s", [PERIOD])


@pytest.fixture
def viewer(app: Flask) -> Desk:
    """A viewer of the regional figures who is signed in."""
    return operating.sign_in(app, operating.add(app, "viewer"))


def row_of(html: str, words: str) -> list[str]:
    """The cells of the line of a place, as texts."""
    found = next(line for line in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if words in line)
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)
    return [re.sub(r"<[^>]+>|&nbsp;", " ", cell).strip() for cell in cells]


def test_a_viewer_begins_at_the_figures_and_sees_sums_of_the_shown(
    viewer: Desk, places: list[ClinicCard]
) -> None:
    assert viewer.at("/").headers["Location"].endswith("/operators/region")
    html = viewer.at("/region", period=PERIOD, figure="record_rate:1").get_data(as_text=True)
    for place in ("试验地区", "试验县"):
        numbers = [re.sub(r"\D+%?$", "", cell) for cell in row_of(html, place)[2:]]
        assert numbers[:2] == ["53", "90"]
        assert numbers[2].startswith("58.9")
        assert numbers[3:] == ["2", "1"]
    assert places[0].code not in html


def test_the_institutions_of_a_county_are_the_last_level_and_the_hidden_one_has_stars(
    viewer: Desk, places: list[ClinicCard]
) -> None:
    page = viewer.at("/region", period=PERIOD, figure="record_rate:1", county="650099")
    html = page.get_data(as_text=True)
    assert row_of(html, places[0].code)[2:4] == ["20", "40"]
    assert row_of(html, places[2].code)[2:5] == ["*", "*", "*"]
    links = re.findall(r'href="(/[^"]+)"', html)
    assert not [link for link in links if re.search(r"resident|staff|clinics/|missing|record/", link)]


def test_the_newest_period_and_its_first_figure_are_shown_without_a_choice(
    viewer: Desk, places: list[ClinicCard]
) -> None:
    assert places
    text = text_of(viewer.at("/region"))
    assert PERIOD in text
    assert "unheard_of" in text


def test_every_figure_that_leaves_a_clinic_has_words(app: Flask) -> None:
    """Those of health education are counts of several things; without words their codes stood there."""
    words = operating.console_of(app).shell.figures
    with app.test_request_context():
        names = [str(one.name) for one in words.values()]
    assert len(set(names)) == len(names)
    kept = {
        f"{code}.{measure}" for code, measures in education_counts([], YEAR).items() for measure in measures
    }
    assert {code.replace("minutes", "hours") for code in words if "." in code} == kept


def test_a_count_has_one_column(viewer: Desk, app: Flask, places: list[ClinicCard]) -> None:
    world.caretaker(app).outbox(places[0]).put(
        [Figure("edu_events.participants", "1", PERIOD, 44, None, clock.now())]
    )
    html = viewer.at("/region", period=PERIOD, figure="edu_events.participants:1").get_data(as_text=True)
    assert "edu_events" not in re.sub(r"<[^>]+>", "", html)
    assert row_of(html, "试验地区")[2:] == ["44", "1", "0"]
    assert KEPT_BACK in html
    answer = viewer.at("/region/sheet", period=PERIOD, figure="edu_events.participants:1")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert str(rows[3][0]).startswith(KEPT_BACK)
    assert [len(row) for row in rows[4:6]] == [6, 6]
    assert [row[4:] for row in rows if row[3] == places[0].code] == [(44, None)]


def test_the_file_has_the_same_numbers_and_no_formula(viewer: Desk, places: list[ClinicCard]) -> None:
    answer = viewer.at("/region/sheet", period=PERIOD, figure="record_rate:1")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = {str(row[3]): row for row in sheet.iter_rows(values_only=True, min_row=6)}
    assert rows["650099"][4:] == (53, 90, "58.9", 1)
    assert rows[places[1].code][4:7] == (33, 50, "66.0")
    assert rows[places[2].code][4:7] == ("*", "*", "*")
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    "query", [{"period": "1999"}, {"figure": "x:1"}, {"period": PERIOD, "figure": "record_rate"}]
)
def test_what_was_not_published_is_not_found(
    viewer: Desk, places: list[ClinicCard], query: dict[str, str]
) -> None:
    assert places
    assert viewer.at("/region", **query).status_code == 404
    assert viewer.at("/region/sheet", **query).status_code == 404


def test_only_a_viewer_sees_it_and_a_viewer_sees_nothing_else(app: Flask, viewer: Desk, desk: Desk) -> None:
    assert viewer.at("/region").status_code == 200
    for path in ("/region", "/region/sheet"):
        assert desk.at(path).status_code == 403
        assert operating.visitor(app).at(path).status_code == 303
    for path in ("/clinics", "/rosters", "/slips"):
        assert viewer.at(path).status_code == 403


def test_the_figures_are_read_as_the_login_of_the_region(
    viewer: Desk, places: list[ClinicCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without that login there is no page; no other one reads the figures."""
    assert places
    asked = []
    real = Logins.connect

    def connect(self: Logins, login: str, **more: typing.Any) -> typing.Any:  # noqa: ANN401
        connection = real(self, login, **more)
        execute = connection.execute

        def told(query: typing.Any, *values: typing.Any, **also: typing.Any) -> typing.Any:  # noqa: ANN401
            if "agg." in str(query):
                asked.append(login)
            return execute(query, *values, **also)

        monkeypatch.setattr(connection, "execute", told, raising=False)
        return connection

    monkeypatch.setattr(Logins, "connect", connect)
    assert viewer.at("/region", period=PERIOD).status_code == 200
    assert set(asked) == {"region"}


def test_the_login_of_the_console_reads_no_figure(app: Flask) -> None:
    with (
        world.caretaker(app).logins.connect("operator", autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM agg.indicator")


def test_a_house_without_the_login_says_so(viewer: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Logins.has
    monkeypatch.setattr(Logins, "has", lambda self, login: login != "region" and real(self, login))
    assert viewer.at("/region").status_code == 200
    assert viewer.at("/region/sheet").status_code == 404
