"""While registering: who is likely the same person, before anything is saved; three answers, none needed."""

from __future__ import annotations

import typing

import pytest

from tests.integration.residents import pages, twins

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld


def test_nobody_alike_is_saved_at_once(north: ClinicWorld) -> None:
    browser = north.browser()
    saved = browser.post("/residents/new", data=pages.new_form(browser) | twins.woman())
    assert saved.status_code == 303


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, True),
        ({"birth": "1986"}, True),
        ({"birth": "1984-12-31"}, True),
        ({"birth": "1987"}, False),
        ({"sex_code": "1"}, False),
        ({"name_0": "Completely Else"}, False),
        ({"phone_0": ""}, True),
    ],
)
def test_who_is_told_follows_the_rule(north: ClinicWorld, other: dict[str, str], *, alike: bool) -> None:
    browser, typed = north.browser(), twins.woman()
    first = pages.register(browser, **typed)
    answer = browser.post("/residents/new", data=pages.new_form(browser) | typed | other)
    assert answer.status_code == (200 if alike else 303)
    assert twins.told(answer) == ([first] if alike else [])


def test_another_place_is_alike_only_with_the_same_phone(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    first = pages.register(browser, **typed)
    form = pages.soup(browser.get("/residents/new"))
    elsewhere = str(form.select("#site_id option:not([selected])")[0]["value"])
    there = pages.new_form(browser) | typed | {"site_id": elsewhere}
    assert twins.told(browser.post("/residents/new", data=there)) == [first]
    saved = browser.post("/residents/new", data=there | {"phone_0": ""})
    assert saved.status_code == 303


def test_the_same_number_is_told_whatever_else_differs(north: ClinicWorld) -> None:
    browser, number = north.browser(), pages.a_number()
    first = pages.register(browser, document_number=number, name_0="阿依古丽")
    typed = pages.new_form(browser) | {"document_number": number, "name_0": "热依汗"}
    answer = browser.post("/residents/new", data=typed)
    assert twins.told(answer) == [first]
    text = answer.get_data(as_text=True)
    assert "热依汗" in text
    assert number in text, "what she typed is shown to her in full"
    saved = browser.post("/residents/new", data=pages.fields_of(answer))
    assert saved.status_code == 303
    assert pages.id_in(saved) != first


def test_a_difference_is_marked_and_said(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    pages.register(browser, **typed)
    other = typed | {"birth": "1986", "contact_name": "somebody"}
    page = pages.soup(browser.post("/residents/new", data=pages.new_form(browser) | other))
    marked = [mark.get_text() for mark in page.select(".side-by-side mark")]
    assert marked == ["1986", "1985-05-05"]
    (row,) = [row for row in page.select(".side-by-side tbody tr") if row.select("mark")]
    assert row.select("td")[-1].get_text(strip=True) in {"不同", "پەرقلىق"}
    assert typed["phone_0"] not in str(page.select_one(".side-by-side tbody")).replace(
        f'<bdi dir="ltr">{typed["phone_0"]}</bdi>', "", 1
    ), "the stored phone shows its end only"


def test_the_candidates_are_in_the_log(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    first = pages.register(browser, **typed)
    browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert [row.status for row in twins.logged(north, "residents.alike", first)] == [200]


def test_saving_at_once_asks_later_and_a_second_time_makes_no_second_record(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    first = pages.register(browser, **typed)
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    sent = pages.fields_of(page)
    made = {pages.id_in(browser.post("/residents/new", data=sent)) for _ in range(2)}
    assert len(made) == 1
    second = made.pop()
    assert twins.links(north, first, second) == [("later", {first, second}, True)]
    assert twins.waits(browser, first, second)


def test_different_is_remembered_and_never_asked_again(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    first = pages.register(browser, **typed)
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    sent = pages.fields_of(page) | {f"likely-{first}": "different"}
    second = pages.id_in(browser.post("/residents/new", data=sent))
    assert twins.links(north, first, second) == [("different", {first, second}, True)]
    changed = pages.opened(browser, second) | {"name_1": typed["name_0"] + "a"}
    assert pages.save(browser, second, changed).status_code == 303
    assert twins.links(north, first, second) == [("different", {first, second}, True)]


def test_the_same_person_is_opened_with_what_was_typed_and_nothing_is_saved(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman(village="旧村")
    first = pages.register(browser, **typed)
    before = pages.ids_in(browser.get("/residents?site=all"))
    other = {**typed, "name_0": typed["name_0"] + "a", "phone_0": "0007654321", "birth": "1986"}
    page = browser.post("/residents/new", data=pages.new_form(browser) | other | {"village": "新村"})
    chosen = pages.fields_of(page) | {f"likely-{first}": "same"}
    opened = browser.post("/residents/new", data=chosen)
    assert opened.headers["Location"] == f"/residents/{first}/edit?draft=typed"
    offered = browser.get(opened.headers["Location"])
    text = offered.get_data(as_text=True)
    assert all(one in text for one in (other["name_0"], "0007654321", "1986", "新村", "旧村"))
    fields = pages.fields_of(offered)
    assert fields["choose-village"] == "theirs"
    assert fields["choose-phone_1"] == fields["choose-name_1"] == "mine"
    saved = browser.post(f"/residents/{first}/edit", data=fields | {"choose-birth": "mine"})
    assert saved.headers["Location"] == f"/residents/{first}"
    form = pages.opened(browser, first)
    assert (form["name_0"], form["name_1"]) == (typed["name_0"], other["name_0"])
    assert (form["phone_1"], form["birth"], form["village"]) == ("0007654321", "1986", "旧村")
    assert pages.ids_in(browser.get("/residents?site=all")) == before


def test_what_was_typed_waits_when_she_goes_away_first(north: ClinicWorld) -> None:
    browser, typed = north.browser("township_gp"), twins.woman()
    first = pages.register(browser, **typed)
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed | {"name_1": "另一个"})
    browser.post("/residents/new", data=pages.fields_of(page) | {f"likely-{first}": "same"})
    waits = browser.get(f"/residents/{first}/edit")
    link = pages.soup(waits).select_one(f'a[href="/residents/{first}/edit?draft=typed"]')
    assert link is not None
    assert "另一个" in browser.get(str(link["href"])).get_data(as_text=True)
    assert browser.send(f"/residents/{first}/edit/afresh").status_code == 303
    assert pages.opened(browser, first)["name_1"] == ""


def test_a_switch_of_language_and_the_way_back_keep_everything(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman(village="新村")
    first = pages.register(browser, **typed)
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    sent = pages.fields_of(page) | {f"likely-{first}": "different"}
    for language in ("zh", "ug"):
        again = browser.post("/residents/new", data=sent | {"_language": language})
        assert again.status_code == 200
        assert pages.fields_of(again)[f"likely-{first}"] == "different"
        assert pages.fields_of(again)["village"] == "新村"
    back = browser.post("/residents/new", data=sent | {"again": "1"})
    form = pages.fields_of(back)
    assert {name: form[name] for name in typed} == typed
    assert form["form_id"] == sent["form_id"]


def test_two_who_are_both_she_are_asked_about_too(north: ClinicWorld) -> None:
    browser = north.browser()
    first, second, typed = twins.twins(browser)
    card_links = twins.links(north, first, second)
    assert card_links == [("later", {first, second}, True)]
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert twins.told(page) == [second, first]
    both = {f"likely-{first}": "same", f"likely-{second}": "same"}
    answer = browser.post("/residents/new", data=pages.fields_of(page) | both)
    assert answer.status_code == 303
    assert twins.links(north, first, second)[-1] == ("later", {first, second}, True)


def test_a_change_that_makes_two_alike_is_saved_and_queued(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = twins.woman()
    first = pages.register(browser, **typed)
    second = pages.register(browser, **twins.woman())
    form = pages.opened(browser, second) | {"name_0": typed["name_0"]}
    assert pages.save(browser, second, form).status_code == 303
    assert twins.links(north, first, second) == [("later", {first, second}, True)]
    assert f"/same/{max(first, second)}" in browser.get(f"/residents/{second}").get_data(as_text=True)
    assert twins.logged(north, "residents.edit", first) != []


def test_a_resident_of_another_clinic_cannot_be_answered_about(
    north: ClinicWorld, south: ClinicWorld
) -> None:
    browser, typed = north.browser(), twins.woman()
    first, foreign = pages.register(browser, **typed), pages.register(south.browser(), **typed)
    page = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert twins.told(page) == [first]
    sent = pages.fields_of(page)
    for name in (f"likely-{foreign}", "likely-nobody"):
        assert browser.post("/residents/new", data=sent | {name: "same"}).status_code == 404
