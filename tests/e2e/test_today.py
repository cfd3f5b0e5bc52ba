"""The list of today by keyboard: from the list to saved with the next person open, and ten calls."""

from __future__ import annotations

import datetime
import typing
import uuid

import pytest

from saas.accounts.models import Site
from saas.db import new_id
from saas.formkit import records as signing
from saas.public_health import models, owing
from saas.residents import writing
from saas.residents.models import Consent
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.e2e.accessible import violations
from tests.e2e.hands import sit_down
from tests.e2e.people import somebody
from tests.e2e.test_weights import KIB, weigh
from tests.isolation.records import DIABETES, FOLLOW_UP, signed
from tests.support import world

if typing.TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.e2e.hands import Hands
    from tests.e2e.house import House
    from tests.support.world import Person

KEY, DECISION, SERVER, RTT = 0.28, 1.35, 0.3, 0.15
"""Seconds of the keystroke model of the design, on line profile D."""


def doctor_with(house: House, language: str, count: int, *programmes: str) -> Person:
    """A village doctor of a new clinic whose people are all owed a follow-up; each had one before."""
    code = world.free_code()
    card = world.provision(house.app, code, "今日院")
    doctor = world.add_staff(house.app, card, "village_doctor", "village_doctor", places="all")
    for place in range(count):
        _person(house, doctor, language, place, programmes)
    return doctor


def _person(house: House, doctor: Person, language: str, place: int, programmes: tuple[str, ...]) -> None:
    new = somebody(language)
    with world.inside(house.app, doctor.card) as session:
        keys = clinic_of(doctor.card, session.query(ClinicSetting).one()).keys
        texts = {"name_0": new.name, "sex_code": "2", "birth": "1963-05-07", "print_language": language}
        texts |= {"phone_0": f"000{place:08d}", "village": "1-كەنت"}
        texts["site_id"] = str(session.query(Site).filter_by(kind="centre").one().id)
        fields = dict.fromkeys(identity.FIELDS, "") | texts
        made = writing.register(fields, keys, form_id=uuid.uuid4(), at=clock.now(), by=doctor.staff_id)
        assert made is not None
        for programme in programmes:
            _enrol(session, made.id, programme, doctor.staff_id)
            form = {"hypertension": "ht_followup", "diabetes": "dm_followup"}[programme]
            own = {name.removeprefix("dm_"): text for name, text in DIABETES.items()}
            answers = FOLLOW_UP | own if form == "dm_followup" else dict(FOLLOW_UP)
            answers["service_date"] = str(clock.today() - datetime.timedelta(days=120))
            if form == "dm_followup":
                answers.pop("salt")
            at = signing.Signature(doctor.staff_id, made.site_id, clock.now(), new_id())
            signed(form, answers, at, keys, made.id)
        session.flush()
        owing.refresh(made.id)


def _enrol(session: Session, resident_id: uuid.UUID, programme: str, by: uuid.UUID) -> None:
    """She said yes 200 days ago."""
    yes = Consent(id=new_id(), resident_id=resident_id, purpose=programme, form_id=new_id(), given=True)
    yes.giver, yes.way, yes.edition, yes.language = "self", "paper", "1", "ug"
    yes.decided_at, yes.decided_by = clock.now(), by
    session.add(yes)
    session.flush()
    row = models.Enrolment(id=new_id(), resident_id=resident_id, programme=programme, consent_id=yes.id)
    row.enrolled_on, row.enrolled_by = clock.today() - datetime.timedelta(days=200), by
    row.created_at = clock.now()
    session.add(row)


def told(name: str, hands: Hands, keys: int, decisions: int, capsys: pytest.CaptureFixture[str]) -> float:
    """Print and give the seconds of the model."""
    seconds = keys * KEY + decisions * DECISION + SERVER + RTT
    with capsys.disabled():
        print(f"\n{name} {hands.language}: {keys} keys, 0 clicks, {seconds:.1f} s by the model")  # noqa: T201
    return seconds


def test_a_hypertension_follow_up_from_the_list_to_the_next_person(
    hands: Hands, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "hypertension"))
    hands.go("/residents")
    hands.press("F3")
    hands.at("/today")
    hands.picture("today")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    before = hands.keys
    hands.press("Enter")
    hands.at("/residents/{id}/forms/ht_followup?*")
    first = hands.page.url
    hands.focus_comes_to("symptoms-1")
    hands.press("1")
    hands.type("13888")
    hands.focus_comes_to("heart_rate")
    hands.type("72")
    hands.focus_comes_to("adverse_reaction-1")
    hands.press("1")
    hands.enter("F4")
    assert hands.page.url != first
    hands.at("/residents/{id}/forms/ht_followup?*")
    keys = hands.keys - before
    hands.picture("today-next")
    assert hands.page.is_visible(".flash-undo [data-key=F7]"), "what was saved can be taken back"
    assert keys <= 15
    assert hands.clicks == 0
    assert told("hypertension", hands, keys, 3, capsys) <= 10


def test_a_diabetes_follow_up_takes_twenty_keys(
    hands: Hands, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "diabetes"))
    hands.go("/today")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    before = hands.keys
    hands.press("Enter")
    hands.at("/residents/{id}/forms/dm_followup?*")
    first = hands.page.url
    hands.focus_comes_to("symptoms-1")
    hands.press("1")
    hands.type("13888")
    hands.focus_comes_to("dorsalis_pedis-1")
    hands.press("1")
    hands.focus_comes_to("fasting_glucose")
    hands.type("6.2")
    hands.press("Enter")
    hands.focus_comes_to("hypoglycaemia-1")
    hands.press("1")
    hands.focus_comes_to("adverse_reaction-1")
    hands.press("1")
    hands.enter("F4")
    assert hands.page.url != first
    hands.at("/residents/{id}/forms/dm_followup?*")
    keys = hands.keys - before
    assert keys <= 20
    assert hands.clicks == 0
    told("diabetes", hands, keys, 4, capsys)


def test_ten_calls_take_two_keys_each(hands: Hands, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 11, "hypertension"))
    hands.go("/today/calls")
    hands.picture("calls")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    hands.press("Enter")
    before = hands.keys
    for place in range(10):
        hands.at("/residents/{id}/forms/call_outcome?*")
        hands.focus_comes_to("outcome-1")
        if not place:
            hands.picture("call")
            assert "000" in hands.page.inner_text(".call-number")
        here = hands.page.url
        hands.enter(str(1 + place % 3), "F4")
        assert hands.page.url != here
    keys = hands.keys - before
    assert keys == 20
    assert hands.clicks == 0
    told("ten calls", hands, keys, 10, capsys)


def test_the_pages_are_light_and_accessible(
    hands: Hands, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 50, "hypertension", "diabetes"))
    hands.go("/today")
    weights = {}
    for address in ("/today", "/today/calls", "/today/print", "/today/bring-back"):
        weights[address] = weigh(hands, address)
        assert violations(hands.page) == []
        hands.picture(f"weight{address.replace('/', '-')}")
    hands.go("/today")
    hands.press("Enter")
    hands.at("/residents/{id}/joint-visit?*")
    hands.picture("joint")
    assert violations(hands.page) == []
    weights["joint"] = weigh(hands, hands.page.url.removeprefix(hands.url))
    with capsys.disabled():
        print(f"\nweights {hands.language}: {weights}")  # noqa: T201
    assert max(weights[each].sent_bytes for each in ("/today", "/today/calls")) <= 10 * KIB
    assert weights["joint"].sent_bytes <= 12 * KIB
    assert {one.requests for one in weights.values()} == {1}


@pytest.mark.parametrize("address", ["/today", "/today/calls"])
def test_an_empty_list_says_what_to_do(hands: Hands, house: House, address: str) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 0))
    hands.go(address)
    assert hands.page.is_visible(".empty a")
    hands.picture(f"empty{address.replace('/', '-')}")


def test_esc_goes_back_to_her_line_and_her_form_waits(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 3, "hypertension"))
    hands.go("/today?filter=hypertension")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    hands.press("Tab", "Enter")
    hands.at("/residents/{id}/forms/ht_followup?*")
    hands.focus_comes_to("symptoms-1")
    opened = hands.page.url
    hands.press("1")
    hands.type("15")
    hands.press("Escape")
    hands.at("/today?filter=hypertension*")
    hands.page.wait_for_function("url => document.activeElement.href === url", arg=opened)
    hands.press("Enter")
    hands.at("/residents/{id}/forms/ht_followup?*")
    assert hands.page.url == opened
    assert hands.page.input_value("#systolic_bp") == "15"
    assert hands.page.is_checked("#symptoms-1")
    assert hands.page.is_visible("form.confirm button"), "one can start afresh"
    hands.press("Escape")
    hands.at("/today?filter=hypertension*")
    hands.press("F2")
    assert hands.clicks == 0


def test_one_key_takes_back_what_was_just_saved(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "hypertension"))
    hands.go("/today?filter=hypertension")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    hands.press("Enter")
    hands.at("/residents/{id}/forms/ht_followup?*")
    hands.focus_comes_to("symptoms-1")
    first = hands.page.url
    hands.press("1")
    hands.type("13888")
    hands.type("72")
    hands.focus_comes_to("adverse_reaction-1")
    hands.press("1")
    hands.enter("F4")
    assert hands.page.url != first
    hands.wait(".flash-undo")
    # The next person's form is begun already: that waits too.
    second = hands.page.url
    hands.focus_comes_to("symptoms-1")
    hands.press("2")
    hands.enter("F7")
    assert hands.page.url == first
    hands.picture("today-undone")
    assert violations(hands.page) == []
    assert hands.page.input_value("#systolic_bp") == "138"
    assert hands.page.input_value("#heart_rate") == "72"
    hands.enter("F4")
    assert hands.page.url == second
    assert hands.page.is_checked("#symptoms-2")
    assert hands.clicks == 0


def test_a_joint_visit_by_keys(hands: Hands, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "hypertension", "diabetes"))
    hands.go("/today?filter=diabetes")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    before = hands.keys
    hands.press("Enter")
    hands.at("/residents/{id}/joint-visit?*")
    first = hands.page.url
    steps = [("symptoms-1", "1"), ("systolic_bp", "13888"), ("heart_rate", "72"), ("adverse_reaction-1", "1")]
    steps += [("dm_symptoms-1", "1"), ("dorsalis_pedis-1", "1"), ("fasting_glucose", "6.2")]
    for place, texts in steps:
        hands.focus_comes_to(place)
        hands.type(texts)
    hands.press("Enter")
    hands.focus_comes_to("hypoglycaemia-1")
    hands.press("1")
    hands.enter("F4")
    assert hands.page.url != first
    hands.at("/residents/{id}/joint-visit?*")
    hands.wait(".flash-undo")
    hands.picture("joint-next")
    keys = hands.keys - before
    assert hands.clicks == 0
    assert keys <= 25, "two visits of 15 and 20 keys share what they both ask"
    told("joint visit", hands, keys, 5, capsys)
