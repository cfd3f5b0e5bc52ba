"""Bringing in a list at a browser: by keys alone, and where no script runs; the worker works beside it."""

from __future__ import annotations

import threading
import typing

import pytest
from playwright.sync_api import expect

from saas.web import clock
from tenants.working import Worker
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.support import lists, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tenants.connecting import Connection
    from tests.e2e.house import House

FAULTY = ("热娜", "", "女", "1963-02-30", "", "", "", "", "")


@pytest.fixture
def bare(window: Callable[..., BrowserContext], house: House, language: str) -> Iterator[Hands]:
    """A person at a browser in which no script runs."""
    person = Hands(window(language, java_script_enabled=False), house.url, language)
    yield person
    person.check_quiet()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list of twelve people, one of them with a fault."""
    path = tmp_path / "名单.xlsx"
    path.write_bytes(lists.as_workbook([lists.HEADINGS, *lists.people(12), FAULTY]))
    return path


def work(house: House) -> None:
    """What `shipa worker` does with what waits; its loop needs a thread without Playwright's."""
    worker = threading.Thread(target=Worker(world.caretaker(house.app)).work_off)
    worker.start()
    worker.join()


def owner(house: House) -> Connection:
    """The owner's connection to the cell of the clinic."""
    home = world.card_of(house.app, world.SOUTH).cell
    return world.caretaker(house.app).logins.of(home).connect("owner", autocommit=True)


def at_the_desk(hands: Hands, house: House, name: str) -> None:
    """A head of the clinic in her room, the window closed."""
    with owner(house) as connection:
        card = world.card_of(house.app, world.SOUTH)
        schema = card.binding.schema
        connection.execute(f"UPDATE {schema}.clinic_setting SET import_until = NULL".encode())  # noqa: S608
    head = house.employ(f"{name}.{hands.language}", "clinic_admin", code=world.SOUTH)
    sit_down(hands, house, head)
    hands.go("/residents/bringing")


def seen(hands: Hands, name: str) -> None:
    """The page has nothing for axe to say; a picture of it."""
    assert violations(hands.page) == []
    hands.picture(name)


def tab_to(hands: Hands, selector: str) -> None:
    """Go on by the Tab key until this has the focus."""
    for _ in range(60):
        if hands.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        hands.press("Tab")
    raise AssertionError(f"no way to {selector} by Tab")


def test_a_list_comes_in_and_goes_by_keys_alone(hands: Hands, house: House, file: Path) -> None:
    # From here on, since the browser learns late that somebody waits: a key in that moment opens nothing.
    hands.page.on("filechooser", lambda _: None)
    at_the_desk(hands, house, "keys")
    seen(hands, "bring")
    hands.press("F4")
    hands.at("/residents/bringing/window")
    tab_to(hands, "#own_password")
    hands.type(world.PASSWORD)
    seen(hands, "bring-window")
    hands.press("F4")
    hands.at("/residents/bringing")
    assert hands.page.locator(".window-open").count() == 1
    hands.press("F4")
    hands.at("/residents/bringing/new")
    tab_to(hands, "#list_file")
    with hands.page.expect_file_chooser() as opened:
        hands.press("Space")
    opened.value.set_files(file)
    seen(hands, "bring-upload")
    hands.press("F4")
    hands.at("/residents/bringing/{id}/columns")
    seen(hands, "bring-columns")
    assert hands.page.input_value("#column_0") == "name_0"
    assert hands.page.locator("td strong").count() == 2
    _check_and_run(hands, house)


def _check_and_run(hands: Hands, house: House) -> None:
    hands.press("F4")
    hands.at("/residents/bringing/{id}")
    hands.wait("[data-progress]")
    seen(hands, "bring-waits")
    work(house)
    hands.wait("tbody tr")
    seen(hands, "bring-report")
    hands.press("F4")
    hands.wait("[data-progress]")
    work(house)
    hands.wait(".btn-danger")
    seen(hands, "bring-done")
    tab_to(hands, ".btn-danger")
    hands.press("Enter")
    hands.wait("[data-progress]")
    work(house)
    hands.gone("[data-progress]")
    assert hands.clicks == 0
    hands.press("Escape")
    hands.at("/residents/bringing")
    seen(hands, "bring-lists")


def test_the_bar_moves_while_the_list_comes_in(hands: Hands, house: House, file: Path) -> None:
    at_the_desk(hands, house, "bar")
    _half_way(house, hands)
    hands.wait("progress[value]")
    seen(hands, "bring-progress")
    assert hands.page.get_attribute("progress", "max") == "50000"
    with owner(house) as connection:
        connection.execute(_set(house, "progress = 40000"))
    expect(hands.page.locator("progress")).to_have_js_property("value", 40000)
    with owner(house) as connection:
        connection.execute(_set(house, "state = 'failed', message = 'broken-off'"))
    hands.wait(".notice-error")
    seen(hands, "bring-failed")


def _set(house: House, what: str) -> bytes:
    schema = world.card_of(house.app, world.SOUTH).binding.schema
    return f"UPDATE {schema}.import_batch SET {what} WHERE state = 'running'".encode()  # noqa: S608


def _half_way(house: House, hands: Hands) -> None:
    """A large list of which a worker elsewhere has brought in a part."""
    from saas.residents.models import ImportBatch  # noqa: PLC0415 - only here

    card = world.card_of(house.app, world.SOUTH)
    by = house.employ(f"elsewhere.{hands.language}", "clinic_admin", code=world.SOUTH)
    with world.inside(house.app, card) as session:
        batch = ImportBatch(file_name="居民名单.xlsx", state="running", lines_read=50_000, progress=12_500)
        batch.created_at, batch.created_by, batch.mapping = clock.now(), by.staff_id, {}
        batch.started_at = clock.now()
        session.add(batch)
    hands.go(f"/residents/bringing/{batch.id}")


def test_a_list_comes_in_without_scripts(bare: Hands, house: House, file: Path) -> None:
    at_the_desk(bare, house, "bare")
    page = bare.page
    bare.follow("main a.btn-primary")
    page.fill("#own_password", world.PASSWORD)
    bare.follow("button[data-save]")
    bare.follow("main a.btn-primary")
    page.set_input_files("#list_file", file)
    bare.follow("button[data-save]")
    bare.at("/residents/bringing/{id}/columns")
    page.select_option("#column_6", "address_detail")
    bare.follow("button[data-language]")
    assert page.input_value("#column_6") == "address_detail"
    bare.follow("button[data-save]")
    bare.at("/residents/bringing/{id}")
    work(house)
    bare.follow("[data-progress] a")
    assert page.locator("tbody tr").count() == 1
    bare.follow(".btn-primary")
    page.wait_for_selector("[data-progress]")
    work(house)
    bare.follow("[data-progress] a")
    assert page.locator(".btn-danger").count() == 1


def test_a_file_that_is_no_list_is_told_beside_the_field(hands: Hands, house: House, tmp_path: Path) -> None:
    at_the_desk(hands, house, "wrong")
    hands.press("F4")
    hands.at("/residents/bringing/window")
    tab_to(hands, "#own_password")
    hands.type(world.PASSWORD)
    hands.press("F4")
    hands.at("/residents/bringing")
    picture = tmp_path / "list.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    hands.go("/residents/bringing/new")
    hands.page.set_input_files("#list_file", picture)
    hands.press("F4")
    hands.wait("#list_file-error")
    seen(hands, "bring-refused")
