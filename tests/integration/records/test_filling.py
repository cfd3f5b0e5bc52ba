"""From an empty form to a signed record: what is told, asked, refused, carried, kept; and nothing twice."""

from __future__ import annotations

import typing
import uuid

import pytest
from bs4 import BeautifulSoup

from saas.formkit import chaining
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.integration.records.conftest import Desk, form_on, listed, record_id
from tests.isolation.records import FOLLOW_UP
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

pytestmark = pytest.mark.timeout(60)


def fill_page(desk: Desk, code: str = "ht_followup") -> str:
    """Where a form is filled in."""
    return f"{desk.page}/forms/{code}"


def text(answer: TestResponse) -> str:
    """The page of an answer."""
    return answer.get_data(as_text=True)


def typed(desk: Desk, **texts: object) -> dict[str, list[str]]:
    """A follow-up begun and filled in, not sent."""
    return desk.begin(fill_page(desk)) | listed(FOLLOW_UP | texts)


def test_a_follow_up_is_signed_with_the_day_the_next_day_and_the_class(fresh: Desk) -> None:
    address = fresh.signed(heart_rate="７２")
    (record,) = fresh.records()
    assert record.id == record_id(address)
    assert record.answers["heart_rate"] == 72, "full-width digits are digits"
    assert (record.service_date, record.signed_by) == (clock.today(), fresh.staff["doctor"].staff_id)
    assert record.computed["followup_class"] == "1"
    assert record.next_due_on is not None, "the suggestion, where the doctor typed no day"
    page = text(fresh.browser().get(address))
    check_page(page, "zh")
    assert "128" in page
    assert "控制满意" in page, "the class that was left to the rules"
    assert str(record.next_due_on) in page
    assert str(record.service_date) in text(fresh.browser().get(f"{fresh.page}/records"))
    assert f'href="{fresh.page}/records"' in text(fresh.browser().get(fresh.page)), "her page leads there"


def test_the_doctors_own_day_is_the_next_day(fresh: Desk) -> None:
    day = f"{clock.today().year + 1}-01-07"
    fresh.signed(next_due_date=day)
    assert str(fresh.records()[0].next_due_on) == day


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"systolic_bp": "abc"}, "systolic_bp"),
        ({"systolic_bp": "82", "diastolic_bp": "128"}, "systolic_bp"),
        ({"service_date": "2099-01-01"}, "service_date"),
        ({"service_date": "1949-12-31"}, "service_date"),
        ({"heart_rate": ""}, "heart_rate"),
        ({"heart_rate": "9999"}, "heart_rate"),
        ({"symptoms": ["1", "2"]}, "symptoms"),
        ({"medications-0-times_per_day": "3"}, "medications-0-drug_name"),
        ({"next_due_date": "2020-01-01"}, "next_due_date"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_all_that_was_typed_stays(
    desk: Desk, texts: dict[str, object], field: str
) -> None:
    sent = typed(desk, other_signs="  ئايگۈل 阿依 <b> ", **texts)
    answer = desk.send(fill_page(desk), sent)
    assert answer.status_code == 422
    page = text(answer)
    check_page(page, "zh")
    assert f'id="{field}-error"' in page
    assert f'href="#{field}"' in page
    kept = form_on(page)
    for name in (*FOLLOW_UP, "other_signs", *texts):
        assert kept.get(name, [])[: len(sent[name])] == [each for each in sent[name] if each] or [""], name
    assert desk.records() == []


def test_a_reason_stands_for_what_was_not_measured(fresh: Desk) -> None:
    fresh.signed(heart_rate="", **{"missing-heart_rate": "refused"})
    (record,) = fresh.records()
    assert "heart_rate" not in record.answers
    assert record.answers["missing_reason"] == {"heart_rate": "refused"}


def test_an_emergency_is_shown_before_anything_is_saved_and_first_of_all(fresh: Desk) -> None:
    sent = typed(fresh, systolic_bp="190", diastolic_bp="95", symptoms=["2"])
    answer = fresh.send(fill_page(fresh), sent)
    page = text(answer)
    assert (answer.status_code, fresh.records()) == (200, [])
    check_page(page, "zh")
    notices = BeautifulSoup(page, "html.parser").select("#look .notice")
    assert "notice-emergency" in notices[0]["class"]
    assert notices[0]["role"] == "alert"
    again = fresh.send(fill_page(fresh), sent | {"told": form_on(page)["told"]})
    assert again.status_code == 303
    assert fresh.records()[0].computed["emergency"] is True
    assert fresh.records()[0].computed["confirmed"] == [
        "is-it-an-emergency",
        "pressure-emergency",
        "refer-urgently",
    ], "each acknowledged question is stored"


def test_a_mark_of_another_form_or_value_confirms_nothing(fresh: Desk) -> None:
    first = typed(fresh, systolic_bp="190")
    told = form_on(text(fresh.send(fill_page(fresh), first)))["told"]
    other = first | {"form_id": [str(uuid.uuid4())]}
    assert fresh.send(fill_page(fresh), other | {"told": told}).status_code == 200
    assert fresh.records() == []


def test_the_look_tells_as_one_types_and_keeps_the_draft(fresh: Desk) -> None:
    sent = typed(fresh, systolic_bp="190", other_signs="typed so far")
    answer = fresh.send(f"{fill_page(fresh)}/look", sent)
    assert answer.status_code == 200
    assert "notice-emergency" in text(answer)
    assert "<html" not in text(answer)
    page = text(fresh.browser().get(fill_page(fresh)))
    check_page(page, "zh")
    assert form_on(page)["other_signs"] == ["typed so far"]
    assert form_on(page)["form_id"] == sent["form_id"], "the same form, so that it is saved once"
    fresh.send(f"{fill_page(fresh)}/afresh", {"csrf_token": sent["csrf_token"]})
    assert form_on(text(fresh.browser().get(fill_page(fresh))))["other_signs"] == [""]


def test_a_draft_that_came_after_its_form_was_signed_is_no_trap(fresh: Desk) -> None:
    """A late post of the script must not offer a form whose second signing would be lost."""
    sent = typed(fresh)
    assert fresh.confirmed(fill_page(fresh), sent).status_code == 303
    fresh.send(f"{fill_page(fresh)}/look", sent)
    assert fresh.drafts() == []
    draft = f"public_health.fill:{fresh.resident_id}:ht_followup"
    fresh.send("/drafts", sent | {"_page": [draft]})
    assert fresh.drafts() == [draft]
    begun = fresh.begin(fill_page(fresh))
    assert begun["form_id"] != sent["form_id"]
    assert fresh.confirmed(fill_page(fresh), begun | listed(FOLLOW_UP)).status_code == 303
    assert len(fresh.records()) == 2


def test_the_same_form_sent_twice_makes_one_record(fresh: Desk) -> None:
    sent = typed(fresh)
    first, again = (fresh.confirmed(fill_page(fresh), sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert len(fresh.records()) == 1


def test_the_language_switch_keeps_every_letter(fresh: Desk) -> None:
    sent = typed(fresh, systolic_bp="abc", other_signs=" ئايگۈل  阿依 ", **{"medications-2-drug_name": "x"})
    answer = fresh.send(fill_page(fresh), sent | {"_language": ["ug"]})
    assert answer.status_code == 200
    page = text(answer)
    check_page(page, "ug")
    assert 'aria-invalid="true"' not in page, "only the language was asked for"
    kept = form_on(page)
    for name in (*FOLLOW_UP, "systolic_bp", "other_signs", "medications-2-drug_name", "form_id"):
        assert kept[name] == sent[name], name


def test_what_was_carried_forward_is_there_and_marked_until_it_is_changed(fresh: Desk) -> None:
    fresh.signed(cigarettes_per_day="7", **{"medications-0-drug_name": "氨氯地平"})
    page = text(fresh.browser().get(fill_page(fresh)))
    begun = form_on(page)
    assert (begun["cigarettes_per_day"], begun["medications-0-drug_name"]) == (["7"], ["氨氯地平"])
    assert begun["systolic_bp"] == [""], "what is measured is measured anew"
    carried = BeautifulSoup(page, "html.parser").select(".carried [name]")
    assert {"cigarettes_per_day", "medications-0-drug_name"} <= {str(each["name"]) for each in carried}
    changed = fresh.send(fill_page(fresh), begun | {"cigarettes_per_day": ["6"], "_language": ["zh"]})
    names = {
        str(each["name"]) for each in BeautifulSoup(text(changed), "html.parser").select(".carried [name]")
    }
    assert "cigarettes_per_day" not in names
    assert "exercise_per_week" in names


def test_fields_are_shown_only_when_another_answer_asks_for_them(desk: Desk) -> None:
    page = BeautifulSoup(text(desk.browser().get(fill_page(desk))), "html.parser")
    box = page.select_one(".box:has(#adverse_reaction_text)")
    assert box is not None
    assert "unmet" in box["class"]
    sent = typed(desk, adverse_reaction="2", heart_rate="")
    page = BeautifulSoup(text(desk.send(fill_page(desk), sent)), "html.parser")
    box = page.select_one(".box:has(#adverse_reaction_text)")
    assert box is not None
    assert "unmet" not in box["class"]


def test_more_rows_come_without_a_script(desk: Desk) -> None:
    answer = desk.send(fill_page(desk), typed(desk) | {"_more": ["medications"]})
    assert answer.status_code == 200
    assert "medications-3-drug_name" in form_on(text(answer))
    assert desk.records() == []


def test_what_the_clinic_knows_stands_in_the_form_already(desk: Desk) -> None:
    begun = desk.begin(fill_page(desk, "resident_profile"))
    assert (begun["birth_date"], begun["sex_code"]) == (["1950-01-01"], ["2"])
    assert len(desk.begin(fill_page(desk, "health_record"))["record_no"][0]) == 17


def test_what_is_wrong_in_a_row_stands_at_its_row_though_the_rows_before_are_empty(desk: Desk) -> None:
    rows = {"medications-1-dose_each": "5", "medications-3-times_per_day": "x"}
    rows |= {"medications-3-drug_name": "氨氯地平片"}
    answer = desk.send(fill_page(desk), typed(desk, **rows))
    assert answer.status_code == 422
    page = BeautifulSoup(text(answer), "html.parser")
    wrong = {"medications-1-drug_name", "medications-3-times_per_day"}
    assert {str(one["id"]).removesuffix("-error") for one in page.select(".field-error")} == wrong
    assert {str(one["name"]) for one in page.select("[aria-invalid=true]")} == wrong
    told = {str(link["href"]): link.get_text() for link in page.select("#errors a")}
    assert set(told) == {f"#{name}" for name in wrong}
    assert "2" in told["#medications-1-drug_name"], "the words say which row, too"
    assert "4" in told["#medications-3-times_per_day"]
    assert page.select_one("[name='medications-1-dose_each']")["value"] == "5"  # type: ignore[index]


def test_the_records_of_a_person_are_chained(fresh: Desk) -> None:
    for rate in ("70", "71"):
        fresh.signed(heart_rate=rate)
    first, second = fresh.records()
    assert (first.previous, second.previous) == (chaining.GENESIS, first.hash)
    with world.inside(fresh.app, fresh.clinic) as session:
        keys = clinic_of(fresh.clinic, session.query(ClinicSetting).one()).keys
    assert [chaining.record_hash(each, keys) for each in (first, second)] == [first.hash, second.hash]
    hashes = {row.detail.get("hash") for row in fresh.log() if row.act == "records.sign"}
    assert hashes == {first.hash.hex(), second.hash.hex()}


def test_a_post_while_the_screen_is_covered_is_kept_and_offered(
    fresh: Desk, moved_clock: Callable[..., None]
) -> None:
    sent = typed(fresh, other_signs="typed before the cover")
    moved_clock(minutes=10)
    answer = fresh.send(fill_page(fresh), sent)
    assert answer.status_code == 303
    assert fresh.records() == []
    assert fill_page(fresh) in fresh.drafts(), "held under its address"
    assert fresh.send(f"{fill_page(fresh)}/look", sent).status_code != 200
    assert f"{fill_page(fresh)}/look" not in fresh.drafts(), "what a script asked is worth nothing later"
