"""The acceptance examples (§19) and settled readings (§19a), read from the pages as a doctor sees them."""

from __future__ import annotations

import typing

import pytest

from saas.public_health.figures import counting
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from tests.integration.residents import pages
from tests.support import visited, world
from tests.support.visited import (
    AGED_58,
    AGED_68,
    CLASSES,
    DAY,
    DM,
    HT,
    NO_REFERRAL,
    REFERRED,
    Label,
    Village,
)

if typing.TYPE_CHECKING:
    from flask import Flask

IN_3_MONTHS, IN_14_DAYS = "2027-02-28", "2026-12-14"
CLASS, REFERRAL = "followup_class", "referral_advised"


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    visited.move_clock(monkeypatch)


class Example(typing.NamedTuple):
    """One line of §19: what is typed, and what the page is to say."""

    born: str
    code: str
    typed: dict[str, object]
    klass: str
    next_day: str
    banners: tuple[str, ...] = ()
    referral: str = NO_REFERRAL
    says: str = ""


EXAMPLES = {
    "150/88 at 58": Example(
        AGED_58, HT, {"systolic_bp": "150", "diastolic_bp": "88"}, "2", IN_14_DAYS, ("note",), says="服药"
    ),
    "148/84 at 68": Example(
        AGED_68, HT, {"systolic_bp": "148", "diastolic_bp": "84"}, "1", IN_3_MONTHS
    ),
    "148/90 at 68": Example(
        AGED_68, HT, {"systolic_bp": "148", "diastolic_bp": "90"}, "2", IN_14_DAYS, ("note",)
    ),
    "182/95 at 58": Example(
        AGED_58, HT, {"systolic_bp": "182", "diastolic_bp": "95"}, "2", IN_14_DAYS, ("emergency", "note"),
        REFERRED,
    ),
    "182/95 at 68": Example(
        AGED_68, HT, {"systolic_bp": "182", "diastolic_bp": "95"}, "2", IN_14_DAYS, ("emergency", "note"),
        REFERRED,
    ),
    "a new stroke with a reaction": Example(
        AGED_58, HT,
        {"adverse_reaction": "2", "adverse_reaction_text": "咳嗽", "complication": "2",
         "complication_text": "脑卒中"},
        "4", IN_14_DAYS, ("note",), REFERRED,
    ),
    "FPG 6.9": Example(AGED_58, DM, {"fasting_glucose": "6.9"}, "1", IN_3_MONTHS, ("note",), says="6.1"),
    "FPG 7.0": Example(AGED_58, DM, {"fasting_glucose": "7.0"}, "2", IN_14_DAYS, ("note",)),
    "FPG 16.7": Example(
        AGED_58, DM, {"fasting_glucose": "16.7"}, "2", IN_14_DAYS, ("emergency", "note"), REFERRED
    ),
    "FPG 3.9": Example(
        AGED_58, DM, {"fasting_glucose": "3.9"}, "1", IN_14_DAYS, ("emergency",), REFERRED, says="15"
    ),
    "a sign of danger alone": Example(
        AGED_58, HT, {"danger_signs": ["2"]}, "1", IN_14_DAYS, ("emergency",), REFERRED
    ),
    "a symptom that resembles one": Example(AGED_58, HT, {"symptoms": ["2"]}, "1", IN_3_MONTHS, ("warn",)),
    "a weak pulse of the foot": Example(
        AGED_58, DM, {"dorsalis_pedis": "2", "dorsalis_pedis_side": "left", "fasting_glucose": "5.0"},
        "1", IN_3_MONTHS, ("note",), REFERRED,
    ),
    "pressure in diabetes": Example(
        AGED_58, DM, {"systolic_bp": "180", "diastolic_bp": "95", "fasting_glucose": "5.0"}, "1", IN_14_DAYS,
        ("emergency",), REFERRED,
    ),
    "fever in diabetes": Example(
        AGED_58, DM, {"body_temperature": "39.1", "fasting_glucose": "5.0"}, "1", IN_14_DAYS, ("emergency",),
        REFERRED,
    ),
    "the own meter by telephone": Example(
        AGED_58, DM,
        {"visit_mode": "3", "fasting_glucose": "7.5", "dorsalis_pedis": [], "systolic_bp": "",
         "diastolic_bp": ""},
        "2", IN_14_DAYS, ("note",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_the_page_says_class_banner_referral_and_next_day(
    town: Village, label: Label, example: Example
) -> None:
    whom = town.register(example.born)
    told = town.told(whom, example.code, **example.typed)
    assert told.banners == example.banners, told.texts
    assert told.results[label(example.code, CLASS)] == CLASSES[example.klass]
    assert told.results[label(example.code, REFERRAL)] == example.referral
    assert told.next_day == example.next_day
    assert example.says in told.texts
    record = town.signed(whom, example.code, **example.typed)
    assert record[label(example.code, CLASS)] == f"{CLASSES[example.klass]} {example.klass}"
    assert example.next_day in record.values()
    assert record[label(example.code, REFERRAL)].startswith(example.referral)


def test_an_emergency_or_a_referral_owes_a_contact_of_its_own(town: Village) -> None:
    whom = town.register(AGED_58)
    town.signed(whom, HT, systolic_bp="182", diastolic_bp="95")
    owed = town.owed(whom)
    assert "转诊" in owed
    assert IN_14_DAYS in owed


def test_not_controlled_for_the_second_time_is_referred(town: Village, label: Label) -> None:
    whom = town.register(AGED_58)
    first = {"systolic_bp": "150", "diastolic_bp": "88"}
    town.signed(whom, HT, service_date="2026-10-10")
    town.signed(whom, HT, service_date="2026-11-17", **first)
    second = {"systolic_bp": "146", "diastolic_bp": "92"}
    told = town.told(whom, HT, **second)
    assert told.results[label(HT, CLASS)] == CLASSES["2"]
    assert told.results[label(HT, REFERRAL)] == REFERRED
    assert told.results[label(HT, "referral_urgency")] == "建议"
    assert told.next_day == IN_14_DAYS
    record = town.signed(whom, HT, **second)
    assert IN_14_DAYS in record.values()


def test_self_care_of_the_example_is_moderate(town: Village, label: Label) -> None:
    whom = town.register(AGED_68)
    typed = {"meal": "3", "grooming": "2", "dressing": "1", "toileting": "2", "mobility": "3"}
    told = town.told(whom, "elderly_self_care", **typed)
    level = label("elderly_self_care", "self_care_level")
    assert "（9–18" in told.results[level] or "9" in told.results[level]
    record = town.signed(whom, "elderly_self_care", **typed)
    assert record[label("elderly_self_care", "self_care_score")].startswith("10")
    assert record[level] == told.results[level]
    page = town.browser.get(town.path(whom, "elderly_self_care"))
    offered = [str(one["value"]) for one in pages.soup(page).select('input[name="meal"]')]
    assert offered == ["1", "3", "4"], "the paper prints no mild help there"


def test_the_record_number_of_the_example_in_full_and_on_paper(town: Village) -> None:
    site = town.site("200")
    whom = pages.register(town.browser, name_0="سىناق", sex_code="2", birth=AGED_68, site_id=site)
    page = town.browser.get(town.path(whom, "health_record"))
    assert pages.fields_of(page)["record_no"] == f"{town.house.code}10100001"
    typed = {"meal": "1", "grooming": "1", "dressing": "1", "toileting": "1", "mobility": "1"}
    sent = town.typed(whom, "elderly_self_care", **typed)
    address = town.browser.post(town.path(whom, "elderly_self_care"), data=sent).headers["Location"]
    head = pages.soup(town.browser.get(f"{address}/print")).select_one(".paper-head .paper-boxes")
    assert head is not None
    assert "".join(head.get_text().split()) == "101-00001"


@pytest.fixture
def counted(app: Flask) -> Village:
    """A clinic of the test's own, because its figures are read."""
    return visited.village(app)


def figures_of(town: Village) -> typing.Callable[[str], list[str]]:
    """The year's figures of all places together, counted now."""

    def inside() -> typing.Any:  # noqa: ANN401 - a context manager
        return world.inside(town.house.app, town.house.card)

    counting.compute(inside, DAY, clock.now(), periods.every(DAY))
    page = pages.soup(town.browser.get("/figures?period=2026"))

    def line(code: str) -> list[str]:
        rows = page.select(f"#{code} tbody tr")
        return [cell.get_text(" ", strip=True) for cell in rows[-1].select("th, td")][1:4]

    return line


def test_who_is_controlled_who_is_lost_and_a_dash_for_nobody(counted: Village) -> None:
    controlled, lost = counted.register(AGED_68), counted.register(AGED_58)
    for whom in (controlled, lost):
        counted.agree(whom, "hypertension")
    counted.signed(controlled, HT, systolic_bp="148", diastolic_bp="84")
    line = figures_of(counted)
    assert line("ht_control_rate") == ["1", "2", "50.0 %"]
    assert line("dm_control_rate") == ["0", "0", "—"]
    missing = counted.browser.get("/figures/missing?figure=ht_control_rate&period=2026")
    assert lost in missing.get_data(as_text=True)
    assert controlled not in missing.get_data(as_text=True)
    assert "待提供服务" in counted.browser.get(f"/residents/{lost}").get_data(as_text=True)


def test_a_sensitive_illness_leaves_no_trace_outside_its_own_form(app: Flask, town: Village) -> None:
    """Two persons, one of whom has a severe mental disorder: search and summary say the same of both."""
    nurse = world.add_staff(app, town.house.card, "public_health_nurse", "public_health_nurse", places="all")
    browser = world.sign_in(app, nurse)
    browser.set_cookie("shipa_language", "zh", domain="127.0.0.1")
    shown = []
    for disease in ("8", "13"):
        whom = town.register("1970-02-03", name=f"سىناق{disease}")
        rows = {"past_diseases-0-disease": disease, "past_diseases-0-text": "试"}
        town.signed(whom, "resident_profile", drug_allergies=["1"], **rows)
        found = pages.find(browser, f"سىناق{disease}").get_data(as_text=True)
        health = pages.soup(browser.get(f"/residents/{whom}")).select_one(".health")
        assert health is not None
        assert whom in found
        shown.append((found.count("<tr"), health.get_text(" ", strip=True).replace("其他", "").split()))
    (rows_one, one), (rows_two, two) = shown
    assert rows_one == rows_two
    assert "严重精神障碍" not in one
    assert [word for word in one if word not in two and "未" not in word] == []


@pytest.mark.parametrize("form", ["ht_followup", "resident_profile"])
def test_no_export_has_a_column_of_ethnicity(town: Village, form: str) -> None:
    whom = town.register(AGED_58)
    typed = {"drug_allergies": ["1"], "past_diseases-0-disease": "1"} if form == "resident_profile" else {}
    sent = town.typed(whom, form, **typed)
    address = town.browser.post(town.path(whom, form), data=sent).headers["Location"]
    for page in ("", "/print", "/fhir", "/table"):
        answer = town.browser.get(address + page)
        assert answer.status_code == 200
        said = answer.get_data(as_text=True)
        assert not any(word in said.lower() for word in ("民族", "ethnic", "مىللەت", "nation")), page
