"""A household link: two people, wished by both, gone in one step, in no list."""

from __future__ import annotations

import typing

from tests.integration.residents import pages, twins

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

Fields = dict[str, str]


def looked_for(browser: Browser, one: str, words: str) -> Fields:
    """The page of whom the words find, as it would be sent."""
    answer = browser.send(f"/residents/{one}/household", {"words": words})
    return pages.fields_of(answer)


def linked(browser: Browser) -> tuple[str, str, Fields]:
    """Two people who are one household."""
    typed = twins.woman()
    one, other = pages.register(browser, **twins.woman()), pages.register(browser, **typed)
    sent = looked_for(browser, one, typed["name_0"]) | {"other_id": other, "both_wish": "1"}
    assert browser.post(f"/residents/{one}/household", data=sent).status_code == 303
    return one, other, typed


def test_both_pages_show_it_and_no_list_does(north: ClinicWorld) -> None:
    browser = north.browser()
    one, other, typed = linked(browser)
    assert typed["name_0"] in browser.get(f"/residents/{one}").get_data(as_text=True)
    assert f"/residents/{one}/household/" not in browser.get("/residents?site=all").get_data(as_text=True)
    remove = f'form[action="/residents/{other}/household/{one}/remove"]'
    assert pages.soup(browser.get(f"/residents/{other}")).select_one(remove)
    assert [row.act for row in twins.logged(north, "residents.household", other)] != []


def test_either_has_it_removed_in_one_step_and_the_row_is_gone(north: ClinicWorld) -> None:
    browser = north.browser()
    one, other, _ = linked(browser)
    assert browser.send(f"/residents/{other}/household/{one}/remove").status_code == 303
    assert twins.links(north, one, other) == []
    assert browser.send(f"/residents/{other}/household/{one}/remove").status_code == 303
    told = [row.detail["removed"] for row in twins.logged(north, "residents.household_remove", one)]
    assert told == [True, False]


def test_it_is_linked_once_and_only_when_both_wish_it(north: ClinicWorld) -> None:
    browser, typed = north.browser(), twins.woman()
    one, other = pages.register(browser, **twins.woman()), pages.register(browser, **typed)
    sent = looked_for(browser, one, typed["name_0"])
    for lacking in ({"other_id": other}, {"both_wish": "1"}, {"other_id": one, "both_wish": "1"}):
        answer = browser.post(f"/residents/{one}/household", data=sent | lacking)
        assert answer.status_code == 422
        assert len(pages.soup(answer).select(".field-error")) == 1
    assert twins.links(north, one, other) == []
    for _ in range(2):
        answer = browser.post(
            f"/residents/{one}/household", data=sent | {"other_id": other, "both_wish": "1"}
        )
        assert answer.status_code == 303
    assert twins.links(north, one, other) == [("household", {one, other}, True)]


def test_somebody_of_another_clinic_cannot_be_linked(north: ClinicWorld, south: ClinicWorld) -> None:
    browser = north.browser()
    one, foreign = pages.register(browser, **twins.woman()), pages.register(south.browser(), **twins.woman())
    for other in (foreign, "nobody"):
        sent = {"choosing": "1", "other_id": other, "both_wish": "1"}
        assert browser.send(f"/residents/{one}/household", sent).status_code == 404
    assert browser.send(f"/residents/{one}/household/{foreign}/remove").status_code == 404


def test_a_household_stays_one_when_records_are_merged(north: ClinicWorld) -> None:
    browser = north.browser()
    one, other, _ = linked(browser)
    into = pages.register(browser, **twins.woman())
    twins.merge(north, into, other)
    page = browser.get(f"/residents/{one}").get_data(as_text=True)
    assert f"/residents/{one}/household/{into}/remove" in page
    assert browser.send(f"/residents/{one}/household/{into}/remove").status_code == 303
    assert twins.links(north, one, other) == []


def test_more_words_than_a_search_looks_at_are_told_and_kept(north: ClinicWorld) -> None:
    browser = north.browser()
    one = pages.register(browser, **twins.woman())
    for words in ("ئ" * 10_000, f"{'ئ' * 100}\u202e"):
        answer = browser.send(f"/residents/{one}/household", {"words": words})
        assert answer.status_code == 200
        assert pages.errors_of(answer).keys() == {"words"}
        assert str(pages.soup(answer).select_one("#words")["value"]) == words  # type: ignore[index]
