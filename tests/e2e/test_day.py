"""A village doctor's day from signing in to signing out, in both languages; axe is quiet on every page."""

from __future__ import annotations

import dataclasses
import re
import typing

from saas.web import clock
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sign_in, sit_down
from tests.e2e.people import citizen_number, somebody
from tests.e2e.test_today import doctor_with
from tests.isolation.records import DIABETES, FOLLOW_UP

if typing.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House
    from tests.e2e.people import Invented


def test_the_morning_of_a_village_doctor(hands: Hands, house: House) -> None:
    doctor = doctor_with(house, hands.language, 3, "hypertension")
    sign_in(hands, doctor.username, doctor.card.code)
    the_list_of_today(hands)
    mistakes_are_named_and_forgotten(hands)
    a_call(hands)


def test_somebody_new_in_the_day_of_a_village_doctor(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 0))
    page = somebody_new(hands, grown_up(hands.language))
    she_is_asked(hands, page)
    who_she_is(hands, page)
    a_note(hands, page)


def test_what_a_village_doctor_signs_is_corrected_and_printed(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 1, "hypertension", "diabetes"))
    hands.go("/today")
    page = str(hands.page.get_attribute("tbody th a", "href")).partition("/joint-visit")[0]
    a_joint_visit(hands, page)
    a_correction(hands, page)
    on_paper(hands, page)


def test_the_evening_of_a_village_doctor(hands: Hands, house: House, tmp_path: Path) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 3, "hypertension"))
    the_day_as_a_file(hands, tmp_path)
    a_lecture(hands)
    figures(hands)
    hands.follow("form[action='/sign-out'] button:not([name])")
    hands.at("/sign-in")


def grown_up(language: str) -> Invented:
    """A new person of an age at which the services of this day are given."""
    new = somebody(language)
    number = citizen_number("19600507", int(new.phone[-3:]))
    return dataclasses.replace(new, number=number, born="1960-05-07")


def looked_at(hands: Hands, name: str) -> None:
    """Axe finds nothing on this page, and it says its language."""
    assert violations(hands.page) == [], name
    assert str(hands.page.get_attribute("html", "lang")).startswith(hands.language)
    hands.picture(f"day-{name}")


def the_list_of_today(hands: Hands) -> None:
    """F3, Enter, one visit by keys, F4: the next person is open."""
    hands.enter("F3")
    hands.at("/today")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    looked_at(hands, "today")
    hands.press("Enter")
    hands.at("/residents/{id}/forms/ht_followup?*")
    hands.focus_comes_to("symptoms-1")
    looked_at(hands, "visit")
    first = hands.page.url
    hands.press("1")
    hands.type("13888")
    hands.focus_comes_to("heart_rate")
    hands.type("72")
    hands.focus_comes_to("adverse_reaction-1")
    hands.enter("1", "F4")
    assert hands.page.url != first
    hands.at("/residents/{id}/forms/ht_followup?*")
    looked_at(hands, "next")


def mistakes_are_named_and_forgotten(hands: Hands) -> None:
    """Each error says which field it means, and goes when the field is answered anew."""
    page = hands.page
    hands.focus_comes_to("symptoms-1")
    hands.press("1")
    hands.type("88138")
    hands.press("F4")
    page.wait_for_selector("#errors")
    hands.focus_comes_to("systolic_bp")
    looked_at(hands, "errors")
    label = page.inner_text("label[for=heart_rate]").split(" ")[0]
    assert label in page.inner_text("#errors a[href='#heart_rate']")
    hands.press("ControlOrMeta+a")
    hands.type("138")
    assert not page.is_visible("#systolic_bp-error")
    page.fill("#diastolic_bp", "88")
    page.fill("#heart_rate", "72")
    page.check("#adverse_reaction-1")
    assert not page.is_visible("#errors"), "nothing is wrong any more"
    assert page.locator("[aria-invalid=true]").count() == 0
    hands.enter("F4")


def a_call(hands: Hands) -> None:
    """The list of calls: the number in large digits, one key, F4."""
    hands.go("/today/calls")
    looked_at(hands, "calls")
    hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
    hands.press("Enter")
    hands.at("/residents/{id}/forms/call_outcome?*")
    hands.focus_comes_to("outcome-1")
    looked_at(hands, "call")
    hands.enter("2", "F4")


def somebody_new(hands: Hands, new: Invented) -> str:
    """She is registered by her number, which fills in sex and birth date."""
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.type(new.number)
    hands.press("Enter")
    hands.focus_comes_to("name_0")
    hands.type(new.name)
    assert hands.page.input_value("#birth") == new.born
    looked_at(hands, "register")
    hands.press("F4")
    hands.at("/residents/{id}")
    looked_at(hands, "registered")
    return hands.page.url.removeprefix(hands.url)


def she_is_asked(hands: Hands, page: str) -> None:
    """Consent is a question with two answers of one size; a yes enrols."""
    for programme in ("hypertension", "diabetes"):
        hands.go(f"{page}/consent?about={programme}")
        looked_at(hands, f"consent-{programme}")
        hands.follow("button[value=yes]")
    hands.go(page)
    assert hands.page.locator("#programmes a[href*='programmes/end'], #programmes a[href*=end]").count() == 2
    looked_at(hands, "enrolled")


def who_she_is(hands: Hands, page: str) -> None:
    """Personal information: an allergy stands in red on her page from then on."""
    hands.go(f"{page}/forms/resident_profile")
    hands.page.check("#drug_allergies-2")
    hands.press("F4")
    hands.wait("#errors")
    hands.focus_comes_to("past_diseases-0-disease")
    looked_at(hands, "profile")
    hands.page.select_option("#past_diseases-0-disease", "2")
    hands.press("F4")
    hands.at(f"{page}/records/{{id}}")
    hands.go(page)
    assert hands.page.is_visible(".allergy")
    looked_at(hands, "allergy")


def a_note(hands: Hands, page: str) -> None:
    """What was told, found, thought and planned."""
    hands.go(f"{page}/forms/encounter_note")
    for name in ("subjective", "objective", "assessment", "plan"):
        hands.page.fill(f"#{name}", {"ug": "سىناق", "zh": "试验"}[hands.language])
    looked_at(hands, "note")
    hands.press("Control+Enter")
    hands.at(f"{page}/records/{{id}}")


def a_joint_visit(hands: Hands, page: str) -> None:
    """One page, two records."""
    hands.go(f"{page}/joint-visit")
    for name, text in (FOLLOW_UP | DIABETES).items():
        choice = hands.page.locator(f"[id='{name}-{text}']")
        if choice.count():
            choice.check()
        else:
            hands.page.fill(f"#{name}", text)
    looked_at(hands, "joint")
    hands.enter("F4")
    hands.go(f"{page}/records")
    looked_at(hands, "records")
    assert hands.page.locator("tbody tr").count() == 4, "two from before, and two of the visit"


def a_correction(hands: Hands, page: str) -> None:
    """A signed record is corrected with a reason; the one before stays."""
    hands.go(f"{page}/records")
    hands.follow("tbody th a >> nth=0")
    hands.at(f"{page}/records/{{id}}")
    looked_at(hands, "record")
    hands.follow("a[href$='/amend']")
    hands.page.fill("#systolic_bp", "138")
    hands.page.fill("#amend_reason", {"ug": "خاتا ئوقۇلغان", "zh": "读数看错了行"}[hands.language])
    looked_at(hands, "amend")
    hands.enter("F4")
    hands.at(f"{page}/records/{{id}}")
    assert hands.page.locator(".history li").count() == 2


def on_paper(hands: Hands, page: str) -> None:
    """Both languages on two sheets of A4, one on one."""
    hands.go(f"{page}/records")
    hands.follow("tbody th a >> nth=0")
    record = hands.page.url.removeprefix(hands.url)
    for words, sheets in (("", 2), (f"?in={hands.language}", 1)):
        hands.go(f"{record}/print{words}")
        looked_at(hands, f"print{len(words)}")
        pdf = hands.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == sheets
    hands.go("/today/print")
    looked_at(hands, "today-print")


def the_day_as_a_file(hands: Hands, folder: Path) -> None:
    """Out as a table, and back in: a line that nobody filled in changes nothing."""
    hands.go("/today?filter=all")
    with hands.page.expect_download() as waiting:
        hands.click("a[download]")
    book = folder / "day.xlsx"
    waiting.value.save_as(book)
    hands.go("/today/bring-back")
    hands.page.set_input_files("#day_file", book)
    hands.press("F4")
    hands.wait("tbody tr")
    looked_at(hands, "brought-back")


def a_lecture(hands: Hands) -> None:
    """A form of the clinic: attendance is a number."""
    hands.go("/public-health/clinic-forms")
    looked_at(hands, "clinic-forms")
    hands.follow("a[href$='/forms/health_education_activity']")
    for name in ("place", "topic", "organizer", "audience_type", "content", "evaluation"):
        hands.page.fill(f"#{name}", {"ug": "سىناق", "zh": "试验"}[hands.language])
    hands.page.fill("#held_at", f"{clock.today()} 10:00")
    hands.page.fill("#audience_count", "30")
    hands.page.check("#form-lecture")
    looked_at(hands, "lecture")
    hands.enter("F4")


def figures(hands: Hands) -> None:
    """The figures, before anybody has counted them, say when they come."""
    hands.go("/figures")
    assert hands.page.is_visible(".empty")
    looked_at(hands, "figures")


def test_the_first_visit_of_the_day_without_scripts(
    window: Callable[..., BrowserContext], house: House, language: str
) -> None:
    hands = Hands(window(language, java_script_enabled=False), house.url, language)
    sit_down(hands, house, doctor_with(house, language, 2, "hypertension"))
    hands.go("/today")
    page = hands.page
    hands.follow("tbody th a >> nth=0")
    page.check("#symptoms-1")
    hands.follow("button[data-save]")
    label = page.inner_text("label[for=heart_rate]").split(" ")[0]
    assert label in page.inner_text("#errors a[href='#heart_rate']")
    for name, text in {"systolic_bp": "138", "diastolic_bp": "88", "heart_rate": "72"}.items():
        page.fill(f"#{name}", text)
    page.check("#adverse_reaction-1")
    first = page.url
    hands.follow("button[data-save]")
    assert page.is_visible(".flash")
    assert page.url != first, "the next person"
    hands.check_quiet()
