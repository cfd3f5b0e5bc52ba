"""The joint visit: one page, two records, the earlier day, nothing twice."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.formkit import records
from saas.formkit.models import Record
from tests.integration.public_health.test_owing import enrol, items
from tests.integration.residents import pages
from tests.isolation.cases import read_form
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

Form = dict[str, typing.Any]


@pytest.fixture
def browser(north: ClinicWorld) -> Browser:
    """A village doctor's."""
    return north.browser()


@pytest.fixture
def resident_id(north: ClinicWorld, browser: Browser) -> uuid.UUID:
    """A woman of 63 in both programmes."""
    made = uuid.UUID(pages.register(browser, name_0="سىناق", sex_code="2", birth="1963-05-07"))
    for programme in ("hypertension", "diabetes"):
        enrol(north, made, programme, 100)
    return made


@pytest.fixture
def typed(browser: Browser, resident_id: uuid.UUID) -> Form:
    """The whole page, filled in."""
    form: Form = dict(read_form(browser.get(address(resident_id)).get_data(as_text=True)))
    answers = {**signing.DIABETES_FOLLOWUP, **signing.FOLLOWUP}
    form |= {
        name: [str(each) for each in value] if isinstance(value, list) else str(value)
        for name, value in answers.items()
    }
    return form | {"dm_symptoms": "1"}


def address(resident_id: uuid.UUID) -> str:
    return f"/residents/{resident_id}/joint-visit"


def made(north: ClinicWorld, resident_id: uuid.UUID) -> dict[str, Record]:
    """Her records by form."""
    with world.inside(north.app, north.card) as session:
        found = {
            row.form_code: row
            for row in session.scalars(sa.select(Record).where(Record.resident_id == resident_id))
        }
        session.expunge_all()
        return found


def test_one_save_writes_two_records_and_closes_both(
    north: ClinicWorld, browser: Browser, resident_id: uuid.UUID, typed: Form
) -> None:
    typed["fasting_glucose"] = "9.0"
    answer = browser.send(address(resident_id), typed)
    assert answer.status_code == 303, pages.errors_of(answer)
    records = made(north, resident_id)
    assert set(records) == {"ht_followup", "dm_followup"}
    ht, dm = records["ht_followup"], records["dm_followup"]
    assert ht.form_id == dm.form_id
    assert ht.answers["systolic_bp"] == dm.answers["systolic_bp"] == 132
    assert "fasting_glucose" not in ht.answers
    assert dm.answers["symptoms"] == ["1"]
    assert ht.next_due_on == dm.next_due_on, "both take the earlier day"
    said = browser.get(answer.location).get_data(as_text=True)
    assert "2" in said
    states = items(north, resident_id)
    assert states["ht_followup"] != "overdue"
    assert states["dm_followup"] != "overdue"
    assert browser.send(address(resident_id), typed).status_code == 303
    assert len(made(north, resident_id)) == 2


def test_what_is_refused_stands_beside_its_field_and_nothing_is_lost(
    north: ClinicWorld, browser: Browser, resident_id: uuid.UUID, typed: Form
) -> None:
    wrong = typed | {"systolic_bp": "13x", "fasting_glucose": "abc", "other_signs": "ئېيتقان"}
    answer = browser.send(address(resident_id), wrong)
    assert answer.status_code == 422
    assert {"systolic_bp", "fasting_glucose"} <= pages.errors_of(answer).keys()
    page = answer.get_data(as_text=True)
    assert all(text in page for text in ("13x", "abc", "ئېيتقان"))
    assert made(north, resident_id) == {}


def test_an_emergency_is_shown_before_it_is_saved(
    north: ClinicWorld, browser: Browser, resident_id: uuid.UUID, typed: Form
) -> None:
    high = typed | {"systolic_bp": "190", "diastolic_bp": "112", "fasting_glucose": "17.0"}
    answer = browser.send(address(resident_id), high)
    page = pages.soup(answer)
    assert answer.status_code == 200
    assert len(page.select(".notice-emergency li")) >= 2, "of both rules"
    assert made(north, resident_id) == {}


def test_the_page_asks_once_what_both_forms_ask(browser: Browser, resident_id: uuid.UUID) -> None:
    page = pages.soup(browser.get(address(resident_id)))
    names = [str(one["name"]) for one in page.select("form[data-main] input[type=text][name]")]
    assert len(names) == len(set(names))
    assert {"systolic_bp", "fasting_glucose"} <= set(names)
    ids = [str(one["id"]) for one in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_what_both_end_with_stands_once_at_the_end_before_save(
    browser: Browser, resident_id: uuid.UUID
) -> None:
    page = pages.soup(browser.get(address(resident_id)))
    form = page.select_one("form[data-main]")
    assert form is not None
    names = list(
        dict.fromkeys(str(one["name"]) for one in form.select(".group [name]:not([name^=missing-])"))
    )
    assert names[-4:] == ["next_due_date", "lost_reason", "death_date", "death_cause"]
    assert names.index("hypoglycaemia") < names.index("referral_advised") < names.index("next_due_date")
    headings = [one.get_text(strip=True) for one in form.select("h2.section")]
    own = [one for one in headings if one.startswith("دىئابېت كېسىلى:")]
    assert len(own) >= 3
    assert max(map(len, own)) <= 50, "on one line"


def test_enter_goes_through_the_visit_to_the_next_date_and_then_in_the_order_of_the_page(
    browser: Browser, resident_id: uuid.UUID
) -> None:
    form = pages.soup(browser.get(address(resident_id))).select_one("form[data-main]")
    assert form is not None
    order = str(form["data-enter-order"]).split(",")
    quick, rest = order[: order.index("next_due_date") + 1], order[order.index("next_due_date") + 1 :]
    assert {"systolic_bp", "dm_symptoms", "fasting_glucose"} <= set(quick)
    assert len(order) == len(set(order))
    page = [str(one["name"]).split("-")[0] for one in form.select(".group [name]")]
    at = [page.index(name) for name in rest if name in page]
    assert len(at) > 20
    assert at == sorted(at)


def test_each_service_of_both_may_be_not_wished(
    north: ClinicWorld, browser: Browser, resident_id: uuid.UUID
) -> None:
    page = pages.soup(browser.get(address(resident_id)))
    offered = {
        str(link["href"]).split("about=")[1].split("&")[0]
        for link in page.select("main a[href*='service_declined']")
    }
    assert {"ht_followup", "dm_followup"} <= offered
    owed = items(north, resident_id)
    assert offered <= set(owed), "only what is owed"


def test_the_draft_waits_and_can_be_let_go(browser: Browser, resident_id: uuid.UUID, typed: Form) -> None:
    assert browser.send(f"{address(resident_id)}/look", typed | {"systolic_bp": "151"}).status_code == 200
    assert 'value="151"' in browser.get(address(resident_id)).get_data(as_text=True)
    assert browser.send(f"{address(resident_id)}/afresh", typed).status_code == 303
    assert 'value="151"' not in browser.get(address(resident_id)).get_data(as_text=True)


def test_what_breaks_between_the_two_records_saves_neither_and_loses_nothing(
    north: ClinicWorld,
    browser: Browser,
    resident_id: uuid.UUID,
    typed: Form,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert browser.send(f"{address(resident_id)}/look", typed | {"other_signs": "ئېيتقان"}).status_code == 200
    real, calls = records.sign, []

    def breaking(*args: typing.Any, **more: typing.Any) -> Record | None:  # noqa: ANN401 - as sign takes them
        calls.append(args)
        if len(calls) == 2:
            raise OSError("the disk is full")
        return real(*args, **more)

    with monkeypatch.context() as broken:
        broken.setattr(records, "sign", breaking)
        assert browser.send(address(resident_id), typed).status_code == 500
    assert made(north, resident_id) == {}
    assert "ئېيتقان" in browser.get(address(resident_id)).get_data(as_text=True), "the draft is still there"
    assert browser.send(address(resident_id), typed).status_code == 303
    assert len(made(north, resident_id)) == 2
