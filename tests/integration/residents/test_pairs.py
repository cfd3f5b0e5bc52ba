"""Two records, one person: proposed by one, confirmed by another; chains, races, and the way back."""

from __future__ import annotations

import concurrent.futures
import typing

import pytest

from tests.integration.residents import pages, twins
from tests.support import synthetic

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

REASON = "She told it herself, with her card"


def test_one_proposes_and_another_one_confirms(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    first, second, _ = twins.twins(doctor)
    proposed = twins.answer(doctor, first, second, "same")
    assert proposed.headers["Location"] == "/residents/to-look-at"
    assert twins.state(north, second) == ("here", "")
    assert twins.waits(head, first, second)
    done = twins.answer(head, first, second, "same")
    assert done.headers["Location"] == f"/residents/{first}"
    assert twins.state(north, second) == ("merged", first)
    assert not twins.waits(head, first, second)
    assert [row.status for row in twins.logged(north, "residents.merge", second)] == [303]
    assert twins.ids_of(north, first) == {first, second}
    assert twins.ids_of(north, second) == {second}


def test_nobody_confirms_her_own_proposal(north: ClinicWorld) -> None:
    head = north.browser("clinic_admin")
    first, second, _ = twins.twins(head)
    assert twins.answer(head, first, second, "same").status_code == 303
    page = twins.pair_page(head, first, second)
    sent = pages.fields_of(page) | {"answer": "same", "reason": REASON}
    assert head.post(f"/residents/{first}/merge/{second}", data=sent).status_code == 409
    assert twins.state(north, second) == ("here", "")


def test_a_proposal_of_the_only_one_who_confirms_is_taken_over_by_a_doctor(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    first, second, _ = twins.twins(head)
    twins.answer(head, first, second, "same")
    twins.answer(doctor, first, second, "same")
    assert twins.answer(head, first, second, "same").headers["Location"] == f"/residents/{first}"
    assert twins.state(north, second) == ("merged", first)


@pytest.mark.parametrize("role", ["village_doctor", "township_gp", "pharmacist", "audit_reviewer"])
def test_who_may_not_merge_cannot(north: ClinicWorld, role: str) -> None:
    doctor = north.browser()
    first, second, _ = twins.twins(doctor)
    twins.answer(doctor, first, second, "same")
    sent = {"answer": "same", "reason": REASON}
    assert north.browser(role).send(f"/residents/{first}/merge/{second}", sent).status_code == 403
    assert north.browser(role).send(f"/residents/{first}/merge/{second}/undo").status_code == 403
    assert twins.state(north, second) == ("here", "")


def test_one_who_is_alone_decides_with_a_reason(north: ClinicWorld) -> None:
    head = north.browser("clinic_admin")
    first, second, _ = twins.twins(head)
    with twins.alone(north, "clinic_admin"):
        page = twins.pair_page(head, first, second)
        assert pages.soup(page).select_one("#reason")
        short = twins.send(head, page, "same", reason="x" * 14)
        assert short.status_code == 422
        assert pages.fields_of(short)["reason"] == "x" * 14
        assert twins.state(north, second) == ("here", "")
        assert twins.send(head, short, "same", reason=REASON).headers["Location"] == f"/residents/{first}"
    assert twins.state(north, second) == ("merged", first)
    (row,) = twins.logged(north, "residents.merge", second)
    assert row.detail["alone"] is True


@pytest.mark.parametrize("reason", ["理" * 10_000, "One woman \u202eby her papers", "One woman\x00 by paper"])
def test_a_reason_that_cannot_be_kept_is_told_beside_its_field(north: ClinicWorld, reason: str) -> None:
    head = north.browser("clinic_admin")
    first, second, _ = twins.twins(head)
    with twins.alone(north, "clinic_admin"):
        answer = twins.answer(head, first, second, "same", reason=reason)
    assert answer.status_code == 422
    assert list(pages.errors_of(answer)) == ["reason"]
    assert pages.fields_of(answer)["reason"].replace("\ufffd", "\x00") == reason
    assert twins.state(north, second) == ("here", "")


def test_the_chosen_values_stay_and_everything_old_keeps_finding_her(north: ClinicWorld) -> None:
    doctor = north.browser()
    number, other_number = pages.a_number(), pages.a_number()
    typed = twins.woman(document_number=number, sex_code="2", birth="1985", village="旧村")
    other = typed | {"document_number": other_number, "name_0": typed["name_0"] + "b", "village": "新村"}
    other["phone_0"] = synthetic.phone()
    first, second = (_registered(doctor, form) for form in (typed, other))
    twins.merge(north, first, second, **{"choose-village": "mine"})
    form = pages.opened(doctor, first)
    assert (form["village"], form["name_1"], form["phone_1"]) == ("新村", other["name_0"], other["phone_0"])
    for words in (number, other_number):
        assert pages.find(doctor, words).request.path == f"/residents/{first}"
    for words in (other["name_0"], other["phone_0"], typed["phone_0"]):
        assert pages.ids_in(pages.find(doctor, words)) == [first]
    assert second not in pages.ids_in(doctor.get("/residents?site=all"))


def _registered(browser: Browser, form: dict[str, str]) -> str:
    """Questions about a number that differs from the rest are kept as they stand."""
    answer = browser.post("/residents/new", data=pages.new_form(browser) | form)
    while answer.status_code == 200:
        answer = browser.post("/residents/new", data=pages.fields_of(answer))
    return pages.id_in(answer)


def test_an_old_address_leads_to_the_one_who_stayed(north: ClinicWorld) -> None:
    doctor = north.browser()
    first, second, typed = twins.twins(doctor)
    before = pages.opened(doctor, second) | {"name_1": "还没有保存"}
    twins.merge(north, first, second)
    for page in ("", "/edit", "/household"):
        answer = doctor.get(f"/residents/{second}{page}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/residents/{first}{page}")
    assert pages.soup(doctor.get(f"/residents/{first}")).select(".flash")
    assert [row.status for row in twins.logged(north, "residents.merged", first)] == [303, 303, 303]
    sent = doctor.post(f"/residents/{second}/edit", data=before)
    assert sent.headers["Location"] == f"/residents/{first}/edit?draft=typed"
    assert "还没有保存" in doctor.get(sent.headers["Location"]).get_data(as_text=True)
    again = doctor.post("/residents/new", data=pages.new_form(doctor) | typed)
    assert twins.told(again) == [first], "the one who stayed answers for both"


def test_a_pair_that_changed_in_between_is_looked_at_once_more(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    first, second, _ = twins.twins(doctor)
    twins.answer(doctor, first, second, "same")
    page = twins.pair_page(head, first, second)
    pages.save(doctor, second, pages.opened(doctor, second) | {"village": "新村"})
    assert twins.send(head, page, "same").status_code == 409
    assert twins.state(north, second) == ("here", "")


def test_a_refusal_ends_the_proposal(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    first, second, _ = twins.twins(doctor)
    twins.answer(doctor, first, second, "same")
    assert twins.answer(head, first, second, "different").status_code == 303
    assert [kind for kind, _, is_open in twins.links(north, first, second) if is_open] == ["different"]
    assert not twins.waits(head, first, second)


def test_without_an_answer_the_page_asks_for_one(north: ClinicWorld) -> None:
    doctor = north.browser()
    first, second, _ = twins.twins(doctor)
    assert twins.answer(doctor, first, second, "").status_code == 422
    assert [kind for kind, _, is_open in twins.links(north, first, second) if is_open] == ["later"]


def test_a_proposal_is_looked_at_from_the_side_that_stays(north: ClinicWorld) -> None:
    doctor = north.browser()
    first, second, _ = twins.twins(doctor)
    twins.answer(doctor, second, first, "same")
    turned = twins.pair_page(doctor, first, second)
    assert turned.headers["Location"] == f"/residents/{second}/same/{first}"


def test_of_many_confirmations_at_once_one_counts(north: ClinicWorld) -> None:
    doctor = north.browser()
    first, second, _ = twins.twins(doctor)
    twins.answer(doctor, first, second, "same")
    heads = [north.browser("clinic_admin") for _ in range(4)]
    sent = [(head, twins.pair_page(head, first, second)) for head in heads]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: twins.send(each[0], each[1], "same"), sent))
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(303, f"/residents/{first}")}
    assert len([row for row in twins.logged(north, "residents.merge", second) if row.status == 303]) == 1
    assert twins.state(north, second) == ("merged", first)
    assert [kind for kind, *_ in twins.links(north, first, second)].count("merge") == 1


def test_three_merges_in_a_circle_at_once_make_no_circle(north: ClinicWorld) -> None:
    doctor = north.browser()
    ids = [pages.register(doctor, **twins.woman()) for _ in range(3)]
    around = list(zip(ids, [*ids[1:], ids[0]], strict=True))
    for stays, goes in around:
        assert twins.answer(doctor, stays, goes, "same").status_code == 303
    heads = [north.browser("clinic_admin") for _ in around]
    sent = [(head, twins.pair_page(head, *pair)) for head, pair in zip(heads, around, strict=True)]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda each: twins.send(each[0], each[1], "same"), sent))
    assert {one.status_code for one in answers} <= {303, 409}, "409: the record has changed meanwhile"
    stayed = [one for one in ids if twins.state(north, one)[0] == "here"]
    assert 1 <= len(stayed) < 3
    assert sorted(one for each in stayed for one in twins.ids_of(north, each)) == sorted(ids)
    for one in ids:
        answer = doctor.get(f"/residents/{one}", follow_redirects=True)
        assert answer.status_code == 200
        assert answer.request.path in {f"/residents/{each}" for each in stayed}


def test_a_chain_comes_apart_link_by_link(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    one, two, three = (pages.register(doctor, **twins.woman()) for _ in range(3))
    forms = {each: twins.form_of(doctor, each) for each in (one, two, three)}
    twins.merge(north, two, three)
    twins.merge(north, one, two)
    assert twins.ids_of(north, one) == {one, two, three}
    assert doctor.get(f"/residents/{three}").headers["Location"] == f"/residents/{one}"
    assert twins.undo(head, one, two).status_code == 303
    assert twins.ids_of(north, two) == {two, three}
    assert twins.undo(head, two, three).status_code == 303
    assert {each: twins.form_of(doctor, each) for each in forms} == forms
    assert {twins.state(north, each) for each in forms} == {("here", "")}


def test_two_merges_into_one_are_undone_in_the_order_they_were_made(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    one, two, three = (pages.register(doctor, **twins.woman()) for _ in range(3))
    forms = {each: twins.form_of(doctor, each) for each in (one, two, three)}
    for goes in (two, three):
        twins.merge(north, one, goes, **{"choose-birth": "mine"})
    for goes in (two, three):
        assert twins.undo(head, one, goes).status_code == 303
    assert {each: twins.form_of(doctor, each) for each in forms} == forms


def test_an_undo_puts_back_what_was_taken_and_keeps_what_was_edited(north: ClinicWorld) -> None:
    doctor, head = north.browser(), north.browser("clinic_admin")
    typed, other = twins.woman(village="旧村"), twins.woman(village="新村", contact_name="somebody")
    first, second = pages.register(doctor, **typed), pages.register(doctor, **other)
    gone = twins.form_of(doctor, second)
    twins.merge(north, first, second, **{"choose-village": "mine"})
    pages.save(doctor, first, pages.opened(doctor, first) | {"contact_name": "edited", "birth": "1985"})
    page = pages.soup(head.get(f"/residents/{first}/merge/{second}/undo")).get_text()
    assert "旧村" in page
    assert twins.undo(head, first, second).status_code == 303
    form = pages.opened(doctor, first)
    assert (form["village"], form["contact_name"], form["birth"]) == ("旧村", "edited", "1985")
    assert (form["name_1"], form["phone_1"]) == ("", "")
    assert twins.form_of(doctor, second) == gone
    (row,) = [one for one in twins.logged(north, "residents.unmerge", second) if one.status == 303]
    assert row.detail["kept"] == ["contact_name"]


def test_an_undo_sent_twice_is_done_once(north: ClinicWorld) -> None:
    head = north.browser("clinic_admin")
    first, second, _ = twins.twins(north.browser())
    twins.merge(north, first, second)
    address = f"/residents/{first}/merge/{second}/undo"
    sent = pages.fields_of(head.get(address))
    answers = [head.post(address, data=sent) for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == [f"/residents/{first}"] * 2
    assert twins.state(north, second) == ("here", "")
    assert head.get(address).headers["Location"] == f"/residents/{first}"


def test_after_thirty_days_it_cannot_be_undone(north: ClinicWorld, moved_clock: Callable[..., None]) -> None:
    first, second, _ = twins.twins(north.browser())
    twins.merge(north, first, second)
    moved_clock(days=29, hours=23)
    head = north.browser("clinic_admin")
    sent = pages.fields_of(head.get(f"/residents/{first}/merge/{second}/undo"))
    moved_clock(hours=2)
    late_head = north.browser("clinic_admin")
    late = late_head.send(f"/residents/{first}/merge/{second}/undo", {"seen": sent["seen"]})
    assert late.status_code == 409
    assert twins.state(north, second) == ("merged", first)
    assert f"/merge/{second}/undo" not in late_head.get(f"/residents/{first}").get_data(as_text=True)


def test_strangers_are_not_found(north: ClinicWorld, south: ClinicWorld) -> None:
    head = north.browser("clinic_admin")
    first, foreign = pages.register(head, **twins.woman()), pages.register(south.browser(), **twins.woman())
    for address in (f"{first}/same/{foreign}", f"{foreign}/same/{first}", f"{first}/same/{first}"):
        assert head.get(f"/residents/{address}").status_code == 404
    for address in (f"{first}/merge/{foreign}", f"{first}/merge/{foreign}/undo"):
        assert head.send(f"/residents/{address}", {"answer": "same"}).status_code == 404


def test_a_page_of_the_queue_has_at_most_fifty_people_the_oldest_first(north: ClinicWorld) -> None:
    doctor = north.browser()
    for _ in range(27):
        twins.twins(doctor)
    page = pages.soup(doctor.get("/residents/to-look-at"))
    assert len(page.select("tbody tr")) == 25
    times = [str(one["datetime"]) for one in page.select("tbody th time")]
    assert times == sorted(times)
    assert page.select_one('a[rel="next"]')
    assert twins.woman()["name_0"] not in page.get_text()
