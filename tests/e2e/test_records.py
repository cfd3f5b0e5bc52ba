"""Forms at the browser: a follow-up by keyboard, an emergency, a correction, print; nothing typed is lost."""

from __future__ import annotations

import re
import typing
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from saas.accounts.models import Site
from saas.formkit.models import Record
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.e2e.accessible import violations
from tests.e2e.hands import PICTURES, Hands, sit_down
from tests.e2e.people import somebody
from tests.e2e.test_language import OTHER, form_values, switch
from tests.e2e.test_weights import KIB, weigh
from tests.isolation.records import FOLLOW_UP, signature, signed
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Route

    from tests.e2e.house import House
    from tests.support.world import Person


DIABETES = {"staple_food_g": "300", "dorsalis_pedis": "1", "fasting_glucose": "6.0", "hypoglycaemia": "1"}


class Patient(typing.NamedTuple):
    """Somebody of the centre with a follow-up of each kind signed before, and her doctor."""

    page: str
    doctor: Person


@pytest.fixture
def patient(house: House, language: str) -> Patient:
    """A new person and a new doctor."""
    return new_patient(house, language)


def new_patient(house: House, language: str) -> Patient:
    """Registered today; her last visit had no complaint."""
    new, doctor = somebody(language), house.employ(f"records.{uuid.uuid4().hex[:8]}", "township_gp")
    with world.inside(house.app, doctor.card) as session:
        clinic = clinic_of(doctor.card, session.query(ClinicSetting).one())
        texts = {"name_0": new.name, "sex_code": "2", "birth": "1960-05-07", "print_language": language}
        texts["site_id"] = str(session.query(Site).filter_by(kind="centre").one().id)
        fields = dict.fromkeys(identity.FIELDS, "") | texts
        resident = writing.register(
            fields, clinic.keys, form_id=uuid.uuid4(), at=clock.now(), by=doctor.staff_id
        )
        assert resident is not None
        place = signature(doctor.staff_id, resident.site_id)
        answers = FOLLOW_UP | {"service_date": "2026-08-20", "medications-0-drug_name": "氨氯地平"}
        signed("ht_followup", answers, place, clinic.keys, resident.id)
        place = signature(doctor.staff_id, resident.site_id)
        signed("dm_followup", answers | DIABETES, place, clinic.keys, resident.id)
        return Patient(f"/residents/{resident.id}", doctor)


def stored(house: House, patient: Patient) -> list[Record]:
    """Her records, the oldest first."""
    with world.inside(house.app, patient.doctor.card) as session:
        resident_id = uuid.UUID(patient.page.rsplit("/", 1)[1])
        query = session.query(Record).filter_by(resident_id=resident_id)
        found = query.order_by(Record.signed_at).all()
        session.expunge_all()
        return found


def test_a_follow_up_takes_fifteen_keys(hands: Hands, house: House, patient: Patient) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/forms/ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.picture("form")
    before = hands.keys
    hands.press("1")
    hands.focus_comes_to("systolic_bp")
    hands.type("138")
    hands.focus_comes_to("diastolic_bp")
    hands.type("88")
    hands.focus_comes_to("heart_rate")
    hands.type("72")
    hands.focus_comes_to("adverse_reaction-1")
    hands.press("1")
    hands.focus_comes_to("next_due_date")
    expect(hands.page.locator("#next_due_date")).not_to_have_value("")
    hands.picture("form-filled")
    assert hands.page.inner_text("#look .results dd >> nth=0") != "–", "the class is told"
    hands.press("F4")
    hands.at(f"{patient.page}/records/{{id}}")
    assert hands.keys - before <= 15
    assert hands.clicks == 0
    hands.picture("record")
    assert violations(hands.page) == []
    record = stored(house, patient)[-1]
    assert (record.answers["systolic_bp"], record.answers["diastolic_bp"]) == (138, 88)
    assert record.answers["cigarettes_per_day"] == 0, "carried forward"
    assert str(record.next_due_on) == record.answers["next_due_date"]


def test_a_diabetes_follow_up_takes_twenty_keys(hands: Hands, house: House, patient: Patient) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/forms/dm_followup")
    hands.focus_comes_to("symptoms-1")
    before = hands.keys
    hands.press("1")
    hands.type("13888")
    hands.focus_comes_to("dorsalis_pedis-1")
    hands.press("1")
    hands.focus_comes_to("fasting_glucose")
    hands.type("6.5")
    hands.press("Enter", "1")
    hands.focus_comes_to("adverse_reaction-1")
    hands.press("1")
    expect(hands.page.locator("#next_due_date")).not_to_have_value("")
    hands.press("F4")
    hands.at(f"{patient.page}/records/{{id}}")
    assert hands.keys - before <= 20
    assert stored(house, patient)[-1].answers["fasting_glucose"] == "6.50"


def test_an_emergency_is_told_while_one_types_and_the_print_is_the_papers(
    hands: Hands, house: House, patient: Patient
) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/records")
    hands.picture("records")
    assert violations(hands.page) == []
    hands.follow("a[href$='/forms/ht_followup']")
    hands.focus_comes_to("symptoms-1")
    assert violations(hands.page) == []
    hands.press("2", "Enter")
    hands.focus_comes_to("systolic_bp")
    hands.type("190")
    hands.type("95")
    hands.wait("#look .notice-emergency")
    hands.picture("form-emergency")
    assert violations(hands.page) == []
    hands.type("88")
    hands.press("1")
    expect(hands.page.locator("#next_due_date")).not_to_have_value("")
    hands.press("F4")
    # Who is faster than the rules is shown them once more before anything is saved.
    hands.wait("#asked, table.answers")
    if hands.page.locator("#asked").count():
        hands.press("F4")
    hands.at(f"{patient.page}/records/{{id}}")
    hands.wait("table.answers")
    printed(hands, patient)


def printed(hands: Hands, patient: Patient) -> None:
    """The paper of the record that is open: one sheet of A4 for each language."""
    hands.press("F8")
    hands.at(f"{patient.page}/records/{{id}}/print")
    hands.picture("print")
    assert violations(hands.page) == []
    pdf = hands.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 2
    assert b"/MediaBox [0 0 594.9" in pdf
    if PICTURES:
        Path(PICTURES, f"print.{hands.language}.pdf").write_bytes(pdf)


def test_a_correction_keeps_its_letters_through_the_other_language(
    hands: Hands, house: House, patient: Patient
) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/records")
    # Two of one day: the diabetes follow-up was signed last and stands first.
    hands.follow("tbody tr:nth-child(2) th a")
    hands.at(f"{patient.page}/records/{{id}}")
    hands.follow("a[href$='/amend']")
    hands.wait("#amend_reason")
    hands.page.fill("#amend_reason", "ئايگۈل 写错了")
    hands.page.fill("#other_signs", "  يۆتەل ")
    hands.page.fill("#heart_rate", "7")
    hands.page.fill("#medications-1-drug_name", "二甲双胍")
    hands.page.type("#medications-1-route", "x")
    assert hands.page.locator("#medications-2-drug_name").count() == 1, "the next empty row"
    before = form_values(hands)
    switch(hands, OTHER[hands.language])
    now = form_values(hands)
    assert before.items() <= now.items()
    assert now["medications-1-drug_name"] == "二甲双胍"
    switch(hands, hands.language)
    hands.page.fill("#heart_rate", "74")
    hands.press("F4")
    hands.at(f"{patient.page}/records/{{id}}")
    hands.picture("record-corrected")
    *earlier, second = stored(house, patient)
    assert (second.amends in {each.id for each in earlier}, second.reason) == (True, "ئايگۈل 写错了")
    assert second.answers["heart_rate"] == 74


def test_a_lost_line_while_saving_keeps_the_form_and_saves_once(
    hands: Hands, house: House, patient: Patient
) -> None:
    sit_down(hands, house, patient.doctor)
    path = f"{patient.page}/forms/ht_followup"
    sent: list[str] = []

    def lose(route: Route) -> None:
        """The server has the form, and its answer never comes."""
        if not sent and route.request.method == "POST":
            sent.append(route.request.url)
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    hands.page.route(f"**{path}", lose)
    hands.go(path)
    hands.press("1")
    hands.type("1388872")
    hands.press("1")
    expect(hands.page.locator("#next_due_date")).not_to_have_value("")
    hands.press("F4")
    hands.wait("#line button")
    assert hands.page.input_value("#systolic_bp") == "138"
    assert len(stored(house, patient)) == 3
    hands.press("Enter")
    hands.at(f"{patient.page}/records/{{id}}")
    assert len(stored(house, patient)) == 3
    hands.complaints = [word for word in hands.complaints if "ERR_FAILED" not in word]


def test_without_scripts_the_form_asks_at_the_end(
    window: Callable[..., BrowserContext], house: House, language: str, patient: Patient
) -> None:
    bare = Hands(window(language, java_script_enabled=False), house.url, language)
    sit_down(bare, house, patient.doctor)
    bare.go(f"{patient.page}/forms/ht_followup")
    page = bare.page
    page.check("#symptoms-2")
    for name, text in (("systolic_bp", "190"), ("diastolic_bp", "95"), ("heart_rate", "88")):
        page.fill(f"#{name}", text)
    page.check("#adverse_reaction-1")
    bare.follow("button[value=medications]")
    assert page.input_value("#medications-3-drug_name") == ""
    assert page.input_value("#systolic_bp") == "190"
    bare.follow("button[data-save]")
    for _ in range(2):
        if page.locator("#asked").count():
            bare.follow("button[data-save]")
    bare.at(f"{patient.page}/records/{{id}}")
    assert stored(house, patient)[-1].computed["emergency"] is True
    bare.check_quiet()


@pytest.mark.parametrize(
    "code",
    ["health_exam", "resident_profile", "dm_followup", "service_declined", "hypertension_registration"],
)
def test_long_forms_are_clean(hands: Hands, house: House, patient: Patient, code: str) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/forms/{code}")
    hands.wait("form.form-clinical")
    hands.picture(code)
    assert violations(hands.page) == []
    wide = hands.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, "nothing stands outside the window"


@pytest.mark.parametrize("code", ["ht_followup", "dm_followup"])
def test_a_visits_form_weighs_twelve_kib_in_one_request(
    hands: Hands, house: House, patient: Patient, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sit_down(hands, house, patient.doctor)
    weigh(hands, f"{patient.page}/records")
    later = weigh(hands, f"{patient.page}/forms/{code}")
    with capsys.disabled():
        print(f"\n{hands.language}: {code} {later}")  # noqa: T201
    assert later.sent_bytes <= 12 * KIB
    assert later.requests == 1
