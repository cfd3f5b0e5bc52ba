"""Every form on paper in both languages: A4, as many sheets as there should be, nothing cut."""

from __future__ import annotations

import re
import typing
import uuid

import pytest

from saas.accounts.models import Site
from saas.app import FORMS
from saas.formkit import records
from saas.formkit.declaring import fields_of
from saas.formkit.evaluating import evaluate
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.e2e.hands import Hands, sit_down
from tests.e2e.test_records import Patient, new_patient
from tests.isolation.records import signature
from tests.support import complete, world
from tests.support.filled import COMPLETE

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Form
    from tests.e2e.house import House

SHEETS = {"health_exam": 3}
"""Sheets in one language; every other form is one."""
MEDICINES = [
    {"drug_name": name, "times_per_day": "1", "dose_each": "5", "dose_unit": "mg"} for name in "氨厄二"
]
WIDTH = 703
"""The room between the margins of A4, in the browser's points."""
TORN = """() => {
  const cut = [...document.querySelectorAll('.paper th, .paper td, .paper p, .paper-part')]
    .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
    .map(each => each.textContent.trim().slice(0, 40));
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  return wide ? [...cut, 'wider than the paper'] : cut;
}"""


@pytest.fixture
def language() -> str:
    """The page prints both languages, whatever the PC's is."""
    return "zh"


@pytest.fixture
def patient(house: House, language: str) -> Patient:
    """A new person and a new doctor."""
    return new_patient(house, language)


def answered(form: type[Form]) -> dict[str, object]:
    """All of a form; of a follow-up what a visit has."""
    code = form.about.code
    if code not in COMPLETE:
        return complete.answers(form, clock.today())
    return COMPLETE[code] | {"medications": MEDICINES, "weight": "68.5", "weight_target": "65"}


def signed(house: House, patient: Patient, form: type[Form]) -> str:
    """The address of a record of the form."""
    about, doctor = form.about, patient.doctor
    with world.inside(house.app, doctor.card) as session:
        keys = clinic_of(doctor.card, session.query(ClinicSetting).one()).keys
        site = session.query(Site).filter_by(kind="centre").one()
        own = {"staff": doctor.staff_id, "institution": doctor.card.id, "site": site.id}
        fields = {name: each for name, each in fields_of(form).items() if each.kind == "reference"}
        told = {
            name: str(own[getattr(each, "to", "")])
            for name, each in fields.items()
            if each.required is True and each.demanded
        }
        found = evaluate(form, answered(form) | told, today=clock.today(), resident=complete.PERSON)
        assert found.refusals == ()
        whom = uuid.UUID(patient.page.rsplit("/", 1)[1]) if about.subject == "resident" else None
        record = records.sign(found, signature(doctor.staff_id, site.id), keys, resident_id=whom)
        assert record is not None
        root = patient.page if whom else "/public-health/clinic-forms"
        return f"{root}/records/{record.id}"


def test_every_form_is_whole_on_its_sheets(hands: Hands, house: House, patient: Patient) -> None:
    sit_down(hands, house, patient.doctor)
    for form in FORMS:
        hands.go(f"{signed(house, patient, form)}/print?sensitive=1")
        pdf = hands.page.pdf(prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
        assert sheets == 2 * SHEETS.get(form.about.code, 1), form.about.code
        assert b"/MediaBox [0 0 594.9" in pdf
        hands.page.set_viewport_size({"width": WIDTH, "height": 1000})
        hands.page.emulate_media(media="print")
        assert hands.page.evaluate(TORN) == [], form.about.code
        directions = hands.page.eval_on_selector_all("article.paper", "all => all.map(each => each.dir)")
        assert sorted(directions) == ["ltr", "rtl"]
        hands.page.emulate_media(media="null")
