"""Finding somebody within the list of today: its people alone, its order, and no name in any address."""

from __future__ import annotations

import typing
from urllib.parse import unquote

import pytest

from saas.public_health import worklist
from saas.residents.searching import answers, candidates
from tests.conftest import ClinicWorld
from tests.e2e.people import citizen_number
from tests.integration.public_health.test_list_walk import opened
from tests.integration.public_health.test_owing import enrol
from tests.integration.public_health.test_today import person, save, shown
from tests.integration.residents import pages, twins
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.support.world import Browser


@pytest.fixture
def north(own: ClinicWorld) -> ClinicWorld:
    """A clinic of the test's own in place of the one that all share."""
    return own


def sought(browser: Browser, words: str, **asked: str) -> str:
    """Where the search of a list leads to."""
    answer = browser.send(
        "/today/find", {"q": words, "filter": "now", "site": "all", "order": "care"} | asked
    )
    assert answer.status_code == 303
    return str(answer.location)


def persons(browser: Browser, address: str) -> list[str]:
    """Who stands on a list, in its order."""
    return [url.split("/")[2] for url in shown(browser, address)]


@pytest.mark.parametrize("words", ["پاتىگۈل", "帕提古丽", "patigul", "patigül", "پاتى", "patigvl"])
def test_a_name_in_any_script_narrows_the_list(north: ClinicWorld, browser: Browser, words: str) -> None:
    her = person(browser, name="پاتىگۈل سىناق", name_1="帕提古丽·试")
    person(browser, name="ياسىن"), person(browser, name="王试")
    address = sought(browser, words)
    assert persons(browser, address) == [str(her)]
    assert words not in address
    assert pages.soup(browser.get(address)).select_one("tbody a[autofocus]") is not None
    page = browser.get(address).get_data(as_text=True)
    assert f'value="{words}"' in page


def test_a_number_and_its_end_narrow_the_list(north: ClinicWorld, browser: Browser) -> None:
    number = citizen_number("19630507", 702)
    her = person(browser, phone_0="00077712345", document_type="01", document_number=number)
    person(browser, phone_0="00077754321")
    for words in (number, number[-4:], number[-6:], "00077712345", "2345"):
        assert persons(browser, sought(browser, words)) == [str(her)], words


def test_only_people_of_the_list_are_found(north: ClinicWorld, browser: Browser) -> None:
    owed, settled = (person(browser, name="پاتىگۈل سىناق") for _ in range(2))
    other = person(browser, name="پاتىگۈل سىناق")
    enrol(north, other, "hypertension", 200)
    form = opened(browser, f"/residents/{settled}/forms/bp_reading") | {"systolic": "120", "diastolic": "70"}
    browser.send(f"/residents/{settled}/forms/bp_reading", form | {"place": "clinic"})
    for code in ("now", "owed"):
        listed = persons(browser, f"/today?filter={code}")
        assert str(settled) not in listed
        assert persons(browser, sought(browser, "پاتىگۈل", filter=code)) == listed, code
    assert str(owed) not in persons(browser, sought(browser, "پاتىگۈل", filter="hypertension"))


def test_people_who_are_not_on_the_list_push_nobody_out_of_it(
    north: ClinicWorld, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search looks at so many candidates and shows so many people: of a list, of that list alone."""
    her = person(browser, name="پاتىگۈل سىناق")
    enrol(north, her, "hypertension", 200)
    for born in ("2001-01-01", "1963-05-07"):
        for _ in range(3):
            person(browser, name="پاتىگۈل سىناق", birth=born)
    for module, name in ((answers, "MOST"), (candidates, "MOST"), (candidates, "_MOST_WRITTEN")):
        monkeypatch.setattr(module, name, 2)
    assert persons(browser, sought(browser, "پاتىگۈل سىناق", filter="hypertension")) == [str(her)]
    assert persons(browser, sought(browser, "پاتىگۈل سىناق", filter="owed")) == [str(her)]
    page = pages.soup(browser.get(sought(browser, "پاتىگۈل سىناق", filter="pressure")))
    assert len(page.select("tbody tr")) == 2
    assert page.select_one(".table-frame ~ .hint") is not None, "more may fit"


def test_what_was_found_stands_in_the_order_of_the_list(north: ClinicWorld, browser: Browser) -> None:
    near = person(browser, name="پاتىگۈل ت", village="1-كەنت", address_detail="9")
    far = person(browser, name="پاتىگۈل", village="1-كەنت", address_detail="10")
    assert persons(browser, sought(browser, "پاتىگۈل", order="walk")) == [str(near), str(far)]
    assert persons(browser, sought(browser, "پاتىگۈل")) == sorted([str(near), str(far)])


def test_nothing_is_counted_by_a_name(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="پاتىگۈل"), person(browser, name="پاتىگۈل")
    address = sought(browser, "پاتىگۈل")
    page = pages.soup(browser.get(address))
    links = page.select("nav.filters a")
    assert links
    assert not any(character.isdigit() for link in links for character in link.get_text())
    for link in page.select("a[href*='/today/print'],a[href*='/today/workbook']"):
        assert "words" not in str(link["href"]), "no export by a name"


def test_who_finds_nobody_is_told_and_led_back(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن")
    page = pages.soup(browser.get(sought(browser, "پاتىگۈل", order="walk")))
    back = page.select_one(".empty a")
    assert back is not None
    assert back["href"] == "/today?filter=now&site=all&order=walk"
    assert shown(browser, str(back["href"]))
    assert sought(browser, "  ") == "/today?filter=now&site=all&order=care"


def test_the_words_open_for_who_typed_them_alone(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن")
    address = sought(browser, "ياسىن")
    colleague = world.add_staff(north.app, north.card, "colleague", "village_doctor", places="all")
    assert world.sign_in(north.app, colleague).get(address).status_code == 404
    assert browser.get("/today?words=x").status_code == 404


def first_of(browser: Browser, address: str) -> str:
    """The address of the visit of the first line."""
    return shown(browser, address)[0]


def test_esc_leads_back_to_what_was_sought_and_her_line(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن"), person(browser, name="پاتىگۈل ت")
    her = person(browser, name="پاتىگۈل سىناق")
    address = sought(browser, "پاتىگۈل", order="walk")
    url = next(one for one in shown(browser, address) if str(her) in one)
    assert "پاتىگۈل" not in unquote(url)
    answer = browser.send(url, opened(browser, url) | {"systolic": "151", "_back": "1"})
    assert answer.status_code == 303
    page = pages.soup(browser.get(answer.location))
    assert page.select_one("#list-q")["value"] == "پاتىگۈل"  # type: ignore[index]
    assert page.select_one("tbody a[autofocus]")["href"] == url  # type: ignore[index]
    assert len(page.select("tbody tr")) == 2
    assert opened(browser, url)["systolic"] == "151", "and the form waits"


def test_saving_leads_back_to_what_was_sought(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن")
    her, other = (person(browser, name=f"پاتىگۈل {last}") for last in ("ت", "ب"))
    url = first_of(browser, sought(browser, "پاتىگۈل"))
    stays = str(other if str(her) in url else her)
    back = save(browser, url).location
    assert back.startswith("/today?filter=now&site=all&order=care&")
    page = pages.soup(browser.get(back))
    assert page.select_one("#list-q")["value"] == "پاتىگۈل"  # type: ignore[index]
    assert [stays in str(link["href"]) for link in page.select("tbody a")] == [True]
    assert page.select_one(".flash-undo button[data-key=F7]") is not None
    last = save(browser, first_of(browser, back)).location
    page = pages.soup(browser.get(last))
    assert page.select("tbody a") == []
    whole = page.select_one(".empty a")
    assert whole is not None
    assert "words" not in str(whole["href"]), "one step to the whole list"


def test_what_was_taken_back_still_leads_to_what_was_sought(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن"), person(browser, name="پاتىگۈل")
    url = first_of(browser, sought(browser, "پاتىگۈل"))
    notice = pages.soup(browser.get(save(browser, url).location)).select_one("form.flash-undo")
    assert notice is not None
    assert browser.send(str(notice["action"]), {}).location == url
    back = browser.send(url, opened(browser, url) | {"_back": "1"}).location
    assert pages.soup(browser.get(back)).select_one("#list-q")["value"] == "پاتىگۈل"  # type: ignore[index]


@pytest.mark.parametrize("words", ["x", "%2F%2Fevil.example", "a.b", "A" * 80])
def test_words_that_do_not_open_lead_back_to_the_whole_list(
    north: ClinicWorld, browser: Browser, words: str
) -> None:
    her = person(browser, name="ياسىن")
    url = f"/residents/{her}/forms/bp_reading?list=now.all.care.0.{words}"
    answer = browser.send(url, opened(browser, url) | {"_back": "1"})
    assert "words" not in answer.location
    assert answer.location.startswith(
        ("/today?filter=now&site=all&order=care&at=", f"/residents/{her}/records")
    )
    assert browser.get(answer.location).status_code == 200


def test_words_of_somebody_else_lead_her_to_the_whole_list(north: ClinicWorld, browser: Browser) -> None:
    person(browser, name="ياسىن")
    url = first_of(browser, sought(browser, "ياسىن"))
    colleague = world.add_staff(north.app, north.card, "colleague", "village_doctor", places="all")
    other = world.sign_in(north.app, colleague)
    back = other.send(url, opened(other, url) | {"_back": "1"}).location
    assert "words" not in back
    assert other.get(back).status_code == 200


def test_her_line_stands_on_the_first_page_of_what_was_sought(
    north: ClinicWorld, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE", 2)
    for _ in range(5):
        person(browser, name="ياسىن")
    her = person(browser, name="پاتىگۈل")
    url = first_of(browser, sought(browser, "پاتىگۈل"))
    back = browser.send(url, opened(browser, url) | {"_back": "1"}).location
    assert persons(browser, back) == [str(her)]


def test_a_merged_row_leads_to_who_stayed(north: ClinicWorld, browser: Browser) -> None:
    her, gone = str(person(browser, name="پاتىگۈل سىناق")), str(person(browser, name="قۇربانجان"))
    world.add_staff(north.app, north.card, "clinic_admin", "clinic_admin", places="all")
    twins.merge(north, her, gone)
    assert persons(browser, sought(browser, "قۇربانجان")) == [her]
