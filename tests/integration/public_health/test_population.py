"""The population of a year: typed for each place, signed once, refused beside its field."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.formkit.models import Record
from tests.support import world
from tests.support.figured import sign_in

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.support.figured import Figured

pytestmark = pytest.mark.usefixtures("on_that_day")


def typed(**more: str) -> dict[str, str]:
    return {"year": "2026", "source": "统计公报", "told_on": "2026-05-01", **more}


def records(counted: Figured) -> list[Record]:
    with world.inside(counted.app, counted.card) as session:
        query = (
            sa.select(Record).where(Record.form_code == "population").order_by(Record.signed_at, Record.id)
        )
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_the_population_is_typed_for_each_place_and_signed_once(counted: Figured) -> None:
    nurse = sign_in(counted, "public_health_nurse")
    before = len(records(counted))
    first, second = counted.sites[1:]
    form = typed(form_id=str(uuid.uuid4()))
    form |= {f"count_{first}": "120", f"count_{second}": "60"}
    for _ in range(2):
        assert nurse.send("/figures/population", form).status_code == 303
    new = records(counted)[before:]
    assert {(str(one.site_id), one.answers["count"], one.answers["source"]) for one in new} == {
        (str(first), 120, "统计公报"),
        (str(second), 60, "统计公报"),
    }
    assert new[1].previous == new[0].hash
    assert ">120<" in nurse.get("/figures/population").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": "1.5"}, "count"),
        ({"count": "-1"}, "count"),
        ({"count": "多"}, "count"),
        ({"year": "26"}, "year"),
        ({"year": "x"}, "year"),
        ({"source": ""}, "source"),
        ({"told_on": "2026-13-01"}, "told_on"),
        ({"told_on": "2027-01-01"}, "told_on"),
    ],
)
def test_what_is_refused_stays_typed_with_its_error_beside_the_field(
    counted: Figured, changes: dict[str, str], field: str
) -> None:
    nurse, before = sign_in(counted, "public_health_nurse"), len(records(counted))
    place = f"count_{counted.sites[1]}"
    form = typed() | {place: "77"}
    form |= {place if name == "count" else name: text for name, text in changes.items()}
    answer = nurse.send("/figures/population", form)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    for name, text in form.items():
        assert page.select_one(f"[name='{name}']")["value"] == text  # type: ignore[index]
    name = place if field == "count" else field
    assert page.select_one(f"[name='{name}']")["aria-invalid"] == "true"  # type: ignore[index]
    assert page.select_one(f"[id='{name}-error']").get_text(strip=True)  # type: ignore[union-attr]
    assert len(records(counted)) == before


def errors_of(answer: TestResponse) -> dict[str, str]:
    """What is said beside the fields, and in the summary by the field to which it leads."""
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    beside = {
        str(one["id"]).removesuffix("-error"): one.get_text(strip=True) for one in page.select(".field-error")
    }
    listed = {str(one["href"]).removeprefix("#") for one in page.select("#errors li a")}
    assert listed == {str(one["name"]) for one in page.select("[aria-invalid=true]")}
    return beside


@pytest.mark.parametrize("language", ["zh", "ug"])
def test_all_that_is_missing_is_told_at_once_each_beside_its_field(counted: Figured, language: str) -> None:
    nurse, before = sign_in(counted, "public_health_nurse"), len(records(counted))
    nurse.send("/language", {"_language": language, "back": "/figures/population"})
    answer = nurse.send("/figures/population", {"year": "2026", "source": " ", "told_on": ""})
    assert answer.status_code == 422
    found = errors_of(answer)
    assert set(found) == {"source", "told_on", "places"}
    script = {"zh": range(0x4E00, 0xA000), "ug": range(0x0600, 0x0700)}[language]
    for text in found.values():
        assert any(ord(sign) in script for sign in text), text
    place = f"count_{counted.sites[1]}"
    answer = nurse.send("/figures/population", {"year": "26", "source": "", "told_on": "", place: "1.5"})
    assert set(errors_of(answer)) == {"year", "source", "told_on", place}
    assert len(records(counted)) == before


def test_what_is_wrong_is_told_also_while_no_place_has_a_number(counted: Figured) -> None:
    nurse = sign_in(counted, "public_health_nurse")
    answer = nurse.send("/figures/population", typed(year="x", told_on="2027-01-01"))
    assert set(errors_of(answer)) == {"year", "told_on", "places"}


def test_a_form_without_any_number_says_so_and_a_switch_of_language_keeps_it(counted: Figured) -> None:
    nurse = sign_in(counted, "public_health_nurse")
    assert nurse.send("/figures/population", typed()).status_code == 422
    place = f"count_{counted.sites[1]}"
    switched = nurse.send("/figures/population", typed() | {place: "9", "_language": "ug"})
    assert switched.status_code == 200
    page = BeautifulSoup(switched.get_data(as_text=True), "html.parser")
    assert page.html["lang"] == "ug"  # type: ignore[index]
    assert page.select_one(f"[name='{place}']")["value"] == "9"  # type: ignore[index]
    assert page.select_one("[name=source]")["value"] == "统计公报"  # type: ignore[index]
