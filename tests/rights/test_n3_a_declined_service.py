"""Rights N3 and N11: a service that is not wished is told of nobody but herself, and closes no door."""

from __future__ import annotations

import typing

import pytest
from flask_babel import force_locale

from saas.public_health import today_lines
from saas.public_health.figures import counting
from saas.public_health.forms.service_declined import ServiceDeclined
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from saas.web.i18n import TONGUES
from tests.integration.residents import pages
from tests.support import visited, world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.visited import Village

FORM = "service_declined"
BORN = "1950-05-07"


@pytest.fixture
def clinic(app: Flask) -> Village:
    """A clinic with one doctor."""
    return visited.village(app)


def decline(clinic: Village, whom: str, event: str) -> None:
    """She does not wish it for now."""
    clinic.signed(whom, FORM, event_code=event, was_told="1")


def counted(clinic: Village) -> None:
    """The figures of today."""

    def inside() -> typing.Any:  # noqa: ANN401 - a context manager
        return world.inside(clinic.house.app, clinic.house.card)

    counting.compute(inside, clock.today(), clock.now(), periods.every(clock.today()))


def test_n3_no_page_about_several_people_knows_of_it(app: Flask, clinic: Village) -> None:
    whom = clinic.register(BORN)
    decline(clinic, whom, "elderly_annual")
    counted(clinic)
    year = clock.today().year
    paths = [f"/today?filter={code}" for code in today_lines.FILTERS]
    paths += ["/today/calls", "/today/print", "/figures", "/residents", f"/figures?period={year}"]
    paths += [f"/figures/missing?figure=elderly_rate&period={year}", "/public-health/clinic-forms"]
    with app.test_request_context(), force_locale(TONGUES["zh"].locale):
        title = str(ServiceDeclined.about.title)
    for path in paths:
        answer = clinic.browser.get(path)
        assert answer.status_code == 200, path
        page = answer.get_data(as_text=True)
        assert FORM not in page, path
        assert title not in page, path


def test_n3_no_figure_counts_who_declined(clinic: Village) -> None:
    """The same numbers whether or not she wished the service: nobody is judged by noes."""
    clinic.register(BORN)
    other = clinic.register(BORN, name="ئايگۈل سىناق")
    counted(clinic)
    before = pages.soup(clinic.browser.get("/figures")).select("tbody")
    decline(clinic, other, "elderly_annual")
    counted(clinic)
    after = pages.soup(clinic.browser.get("/figures")).select("tbody")
    assert [one.get_text() for one in before] == [one.get_text() for one in after]


def test_n11_every_form_of_care_opens_as_before(clinic: Village) -> None:
    whom = clinic.register(BORN)
    codes = [code for code, form in clinic.forms().items() if form.about.subject == "resident"]

    def opened(code: str) -> list[str]:
        page = pages.soup(clinic.browser.get(clinic.path(whom, code)))
        return sorted(str(one["name"]) for one in page.select("form[data-main] [name]"))

    before = {code: opened(code) for code in codes}
    for event in ("elderly_annual", "bp_screen_35"):
        decline(clinic, whom, event)
    assert {code: opened(code) for code in codes} == before
    assert len(before) > 10
