"""Correcting a signed record: with a reason, side by side when two did it at once, and who may."""

from __future__ import annotations

import csv
import io
import json

import pytest

from saas.public_health.forms import FORMS
from saas.web import clock
from tests.integration.records.conftest import Desk, form_on, listed, record_id
from tests.isolation.records import FOLLOW_UP
from tests.support import complete
from tests.support.page import check_page

pytestmark = pytest.mark.timeout(60)
REASON = {"amend_reason": ["read it wrongly"]}
PROFILE = next(form for form in FORMS if form.about.code == "resident_profile")


def profile(desk: Desk, who: str = "doctor") -> str:
    """A signed profile with a sensitive illness; its address."""
    texts = dict(complete.page(PROFILE, clock.today())) | {
        "past_diseases-0-disease": ["9"],
        "past_diseases-0-disease_text": ["CANARY-illness"],
    }
    return desk.signed("resident_profile", who, **texts)


def test_a_correction_needs_a_reason_and_leaves_the_first_one_readable(fresh: Desk) -> None:
    address = fresh.signed(heart_rate="72")
    begun = fresh.begin(f"{address}/amend") | {"heart_rate": ["74"]}
    answer = fresh.send(f"{address}/amend", begun)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, form_on(page)["heart_rate"]) == (422, ["74"])
    assert 'id="amend_reason-error"' in page
    check_page(page, "zh")
    answer = fresh.confirmed(f"{address}/amend", begun | REASON)
    assert answer.status_code == 303
    newer = str(answer.location)
    assert newer != address
    for one in (address, newer):
        page = fresh.browser().get(one).get_data(as_text=True)
        check_page(page, "zh")
        assert "read it wrongly" in page
    assert f"{newer}/amend" in page
    assert f"{address}/amend" not in fresh.browser().get(address).get_data(as_text=True)
    listed_now = fresh.browser().get(f"{fresh.page}/records").get_data(as_text=True)
    assert newer in listed_now
    assert f'"{address}"' not in listed_now


def test_what_is_typed_into_a_correction_is_kept_as_its_own_draft(fresh: Desk) -> None:
    address = fresh.signed()
    begun = fresh.begin(f"{address}/amend") | {"other_signs": ["half a sentence"]}
    fresh.send(f"{fresh.page}/forms/ht_followup/look", begun)
    assert fresh.drafts() == [f"public_health.amend:{record_id(address)}"]
    assert fresh.begin(f"{address}/amend")["other_signs"] == ["half a sentence"]
    assert fresh.begin(f"{fresh.page}/forms/ht_followup")["other_signs"] == [""], "no new form has it"


def two_at_once(desk: Desk) -> tuple[str, str, dict[str, list[str]]]:
    """Two people open one record; the GP is faster. The record, hers, and what the doctor typed."""
    address = desk.signed(heart_rate="72", other_signs="first")
    slow = desk.begin(f"{address}/amend") | listed({"heart_rate": "75", "other_signs": "mine"}) | REASON
    fast = desk.begin(f"{address}/amend", "gp") | listed({"other_signs": "theirs", "salt": "2"}) | REASON
    answer = desk.confirmed(f"{address}/amend", fast, "gp")
    assert answer.status_code == 303
    return address, str(answer.location), slow


def test_the_slower_of_two_sees_both_side_by_side_and_chooses(fresh: Desk) -> None:
    address, theirs, slow = two_at_once(fresh)
    answer = fresh.send(f"{address}/amend", slow)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    check_page(page, "zh")
    for text in ("first", "theirs", "mine", "75", "72"):
        assert text in page
    asked = form_on(page)
    assert (asked["choose-heart_rate"], asked["choose-salt"]) == (["mine"], ["theirs"]), "only one changed it"
    assert asked["choose-other_signs"] == [], "both did: nothing is proposed"
    undecided = fresh.send(f"{theirs}/amend", asked)
    assert undecided.status_code == 422
    check_page(undecided.get_data(as_text=True), "zh")
    other = fresh.send(f"{theirs}/amend", asked | {"_language": ["ug"], "choose-other_signs": ["mine"]})
    assert other.status_code == 200
    check_page(other.get_data(as_text=True), "ug")
    assert form_on(other.get_data(as_text=True))["choose-other_signs"] == ["mine"]
    done = fresh.confirmed(f"{theirs}/amend", asked | {"choose-other_signs": ["mine"]})
    assert done.status_code == 303
    last = fresh.records()[-1]
    assert last.amends == record_id(theirs)
    kept = {name: last.answers[name] for name in ("heart_rate", "other_signs", "salt")}
    assert kept == {"heart_rate": 75, "other_signs": "mine", "salt": "2"}
    assert fresh.drafts() == []


def test_what_the_slower_one_typed_waits_when_she_goes_away(fresh: Desk) -> None:
    address, theirs, slow = two_at_once(fresh)
    fresh.send(f"{fresh.page}/forms/ht_followup/look", slow)
    assert fresh.send(f"{address}/amend", slow).status_code == 409
    begun = fresh.begin(f"{theirs}/amend")
    assert (begun["other_signs"], begun["choose-other_signs"]) == (["mine"], []), "beside the newer one"
    begun["choose-other_signs"] = ["mine"]
    assert fresh.confirmed(f"{theirs}/amend", begun).status_code == 303
    assert fresh.drafts() == []


def test_a_record_that_was_voided_meanwhile_leaves_what_was_typed_as_a_new_one(fresh: Desk) -> None:
    address = fresh.signed()
    slow = fresh.begin(f"{address}/amend") | listed({"other_signs": "mine"}) | REASON
    void = fresh.begin(f"{address}/void", "gp") | {"reason": ["another person"]}
    assert fresh.send(f"{address}/void", void, "gp").status_code == 303
    answer = fresh.send(f"{address}/amend", slow)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    check_page(page, "zh")
    assert "another person" in page
    texts = form_on(page)
    assert texts["other_signs"] == ["mine"]
    assert f'action="{fresh.page}/forms/ht_followup"' in page
    assert fresh.confirmed(f"{fresh.page}/forms/ht_followup", texts).status_code == 303
    last = fresh.records()[-1]
    assert (last.amends, last.answers["other_signs"]) == (None, "mine")


def test_the_same_correction_and_the_same_voiding_count_once(fresh: Desk) -> None:
    address = fresh.signed()
    sent = fresh.begin(f"{address}/amend") | {"heart_rate": ["74"]} | REASON
    answers = [fresh.confirmed(f"{address}/amend", sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    newer = str(answers[0].location)
    void = fresh.begin(f"{newer}/void") | {"reason": ["another person"]}
    assert [fresh.send(f"{newer}/void", void).status_code for _ in range(2)] == [303, 303]
    assert len(fresh.records()) == 3
    page = fresh.browser().get(newer).get_data(as_text=True)
    assert "another person" in page
    assert f"{newer}/amend" not in page
    assert newer not in fresh.browser().get(f"{fresh.page}/records").get_data(as_text=True)


def test_a_voiding_needs_a_reason(fresh: Desk) -> None:
    address = fresh.signed()
    answer = fresh.send(f"{address}/void", fresh.begin(f"{address}/void") | {"reason": ["x"]})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.get_data(as_text=True)
    assert len(fresh.records()) == 1


def test_treating_doctors_alone_sign_notes_and_referrals(desk: Desk) -> None:
    offered = desk.browser("nurse").get(f"{desk.page}/records").get_data(as_text=True)
    assert f"{desk.page}/forms/ht_followup" in offered
    for code in ("encounter_note", "consultation", "referral", "referral_back"):
        path = f"{desk.page}/forms/{code}"
        assert f'"{path}"' not in offered
        assert desk.browser("nurse").get(path).status_code == 403
        body = {"csrf_token": desk.begin(f"{desk.page}/forms/ht_followup", "nurse")["csrf_token"]}
        for page in (path, f"{path}/look"):
            assert desk.send(page, body, "nurse").status_code == 403
        for who in ("doctor", "gp"):
            assert desk.browser(who).get(path).status_code == 200
    for who in ("pharmacist", "admin"):
        assert desk.browser(who).get(f"{desk.page}/records").status_code == 403


def test_a_note_is_read_by_the_nurse_and_amended_by_its_author_only(fresh: Desk) -> None:
    parts = dict.fromkeys(("subjective", "objective", "assessment", "plan"), "CANARY-note")
    address = fresh.signed("encounter_note", **parts)
    page = fresh.browser("nurse").get(address).get_data(as_text=True)
    assert "CANARY-note" in page
    for who, status in (("nurse", 403), ("gp", 403), ("doctor", 200)):
        for act in ("amend", "void"):
            assert fresh.browser(who).get(f"{address}/{act}").status_code == status, (who, act)
            linked = f"{address}/{act}" in fresh.browser(who).get(address).get_data(as_text=True)
            assert linked is (status == 200)


def test_what_is_sensitive_is_shown_to_treating_doctors_on_the_record_alone(fresh: Desk) -> None:
    address = profile(fresh)
    seen = {
        page: [
            who for who in ("doctor", "gp", "nurse") if "CANARY-illness" in _get(fresh, who, address + page)
        ]
        for page in ("", "/amend", "/print", "/print?sensitive=1", "/table", "/fhir")
    }
    treating = ["doctor", "gp"]
    assert seen == {
        "": treating,
        "/amend": treating,
        "/print": [],
        "/print?sensitive=1": treating,
        "/table": treating,
        "/fhir": treating,
    }
    assert "CANARY-illness" not in _get(fresh, "doctor", f"{fresh.page}/records")
    assert "CANARY-illness" not in _get(fresh, "doctor", fresh.page)


def _get(desk: Desk, who: str, path: str) -> str:
    return desk.browser(who).get(path).get_data(as_text=True)


def test_a_nurse_corrects_the_rest_and_what_she_does_not_see_stays(fresh: Desk) -> None:
    address = profile(fresh)
    begun = fresh.begin(f"{address}/amend", "nurse")
    assert not [name for name in begun if name.startswith(("past_diseases", "family_history", "id_number"))]
    forged = {"past_diseases-0-disease": ["1"]}
    looked = fresh.send(f"{fresh.page}/forms/resident_profile/look", begun, "nurse").get_data(as_text=True)
    assert "CANARY-illness" not in looked
    answer = fresh.confirmed(f"{address}/amend", begun | forged | {"workplace": ["farm"]} | REASON, "nurse")
    assert answer.status_code == 303
    first, second = fresh.records()
    assert second.answers == first.answers | {"workplace": "farm"}


def test_a_stranger_meets_the_gate_and_her_post_waits(fresh: Desk) -> None:
    address = fresh.signed()
    for path in (address, f"{fresh.page}/records", f"{fresh.page}/forms/ht_followup", f"{address}/fhir"):
        assert fresh.browser("stranger").get(path).status_code == 403, path


def test_files_for_the_person_are_logged_as_such(fresh: Desk) -> None:
    fresh.signed(heart_rate="70")
    address = fresh.signed(heart_rate="71")
    table = _get(fresh, "doctor", f"{address}/table").removeprefix("\ufeff")
    assert [line["heart_rate"] for line in csv.DictReader(io.StringIO(table))] == ["70", "71"]
    bundle = json.loads(_get(fresh, "doctor", f"{address}/fhir"))
    codes = [each["resource"].get("code", {}).get("coding", [{}])[0].get("code") for each in bundle["entry"]]
    assert {"8480-6", "8462-4", "8867-4", "29463-7"} <= set(codes)
    rows = [row for row in fresh.log() if row.act in {"records.csv", "records.fhir"}]
    assert [(row.purpose, row.resident_ids) for row in rows] == [
        ("export-for-the-person", [str(fresh.resident_id)])
    ] * 2


def test_forms_about_the_clinic_have_no_person_and_are_a_chain_of_their_own(fresh: Desk) -> None:
    root = "/public-health/clinic-forms"
    fresh.signed()
    form = next(form for form in FORMS if form.about.subject == "clinic")
    whole = {key: list(texts) for key, texts in complete.page(form, clock.today()).items()}
    path = f"{root}/forms/{form.about.code}"
    for _ in range(2):
        assert fresh.confirmed(path, fresh.begin(path, "nurse") | whole, "nurse").status_code == 303
    _, first, second = fresh.records()
    assert (first.resident_id, second.previous) == (None, first.hash)
    assert f"{root}/records/{second.id}" in _get(fresh, "doctor", root)
    assert fresh.browser().get(f"{fresh.page}/records/{second.id}").status_code == 404
    assert fresh.browser().get(f"{fresh.page}/forms/{form.about.code}").status_code == 404
    assert fresh.browser().get(f"{root}/forms/ht_followup").status_code == 404


def test_up_to_four_visits_stand_side_by_side_on_a_sheet(fresh: Desk) -> None:
    for rate in range(71, 76):
        address = fresh.signed(**(FOLLOW_UP | {"heart_rate": str(rate)}))
    page = _get(fresh, "doctor", f"{address}/print?in=zh")
    check_page(page, "zh")
    shown = [f'<bdi dir="ltr">{rate}</bdi>' in page for rate in range(71, 76)]
    assert shown == [False, True, True, True, True]
    assert page.count("<article") == 1
