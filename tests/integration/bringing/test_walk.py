"""A list from the file to the residents: window, columns, report, run, undo."""

from __future__ import annotations

import typing

from saas.residents.bringing import batches
from tests.integration.bringing.conftest import form_of
from tests.support import lists, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.bringing.conftest import Office


def test_a_list_becomes_residents(office: Office, ten: bytes) -> None:
    address = office.bring(ten)
    batch = office.batch(address)
    assert (batch.state, batch.lines_read, batch.mapping["stored"]) == (batches.DONE, 10, 10)
    residents = office.residents()
    assert [one.names[0].text for one in residents] == [line[0] for line in lists.people(10)]
    assert {one.standing for one in residents} == {"here"}
    page = office.head.get(address).get_data(as_text=True)
    assert "list.csv" in page


def test_what_is_never_kept_is_not_taken_and_the_page_says_so(office: Office, ten: bytes) -> None:
    answer = office.choose(ten)
    page = office.head.get(answer.location).get_data(as_text=True)
    assert page.count("<strong>") == 2
    assert "汉族" not in page
    assert 'name="column_7"' not in page
    # Sent all the same, by somebody who writes the request himself.
    form = form_of(page) | {"column_6": "", "column_7": "village", "column_8": "township"}
    sent = office.head.send(answer.location, form)
    assert sent.status_code == 303
    office.work()
    office.head.send(f"{sent.location}/run")
    office.work()
    assert office.batch(sent.location).state == batches.DONE
    assert not office.rows("SELECT 1 FROM resident WHERE village LIKE '%族%' OR township LIKE '%婚%'")


def test_the_window_closes_by_itself_and_by_its_button(
    office: Office, ten: bytes, moved_clock: Callable[..., None]
) -> None:
    shown = office.doctor.get("/residents").get_data(as_text=True)
    assert "window-open" in shown
    address = office.check(ten)
    assert office.head.send("/residents/bringing/window/close").status_code == 303
    assert office.choose(ten).location == "/residents/bringing"
    office.head.send(f"{address}/run")
    assert office.batch(address).state == batches.CHECKED
    office.open_window()
    moved_clock(days=3)
    office.come_back()
    assert office.choose(ten).location == "/residents/bringing"
    assert "window-open" not in office.head.get("/residents").get_data(as_text=True)


def test_the_window_opens_by_the_heads_own_password_alone(office: Office) -> None:
    office.head.send("/residents/bringing/window/close")
    wrong = office.head.send("/residents/bringing/window", {"days": "3", "own_password": "not hers"})
    assert wrong.status_code == 422
    too_long = office.head.send("/residents/bringing/window", {"days": "8", "own_password": world.PASSWORD})
    assert too_long.status_code == 422
    assert office.rows("SELECT import_until FROM clinic_setting") == [None]


def test_only_the_head_brings_lists_in(office: Office, ten: bytes) -> None:
    address = office.check(ten)
    for path in ("/residents/bringing", "/residents/bringing/new", address, f"{address}/columns"):
        assert office.doctor.get(path).status_code == 403
    for act in ("run", "drop", "undo", "again"):
        assert office.doctor.send(f"{address}/{act}").status_code == 403


def test_every_act_has_its_row_and_the_residents_theirs_in_parts(office: Office) -> None:
    address = office.bring(lists.as_text(lists.people(1200)))
    office.head.send(f"{address}/undo")
    office.work()
    acts = office.rows("SELECT act FROM access_log WHERE act LIKE 'residents.%' ORDER BY number")
    assert acts == [
        "residents.window_opened",
        "residents.list_uploaded",
        "residents.list_mapped",
        "residents.list_checked",
        "residents.list_begun",
        *["residents.list_run"] * 3,
        "residents.list_undo_asked",
        *["residents.list_undone"] * 3,
    ]
    sizes = office.rows(
        "SELECT jsonb_array_length(resident_ids) FROM access_log WHERE act = 'residents.list_run'"
    )
    assert sorted(sizes) == [200, 500, 500]
    logged = office.rows(
        "SELECT count(DISTINCT id) FROM access_log, jsonb_array_elements_text(resident_ids) AS id"
        " WHERE act = 'residents.list_run'"
    )
    assert logged == [1200]
    assert not office.rows("SELECT 1 FROM access_log WHERE detail::text ~ '650099|list.csv'")


def test_the_file_is_sealed_and_gone_when_the_batch_has_ended(office: Office, ten: bytes) -> None:
    address = office.check(ten)
    (body,) = office.rows("SELECT body FROM import_batch")
    (rest,) = office.rows("SELECT (to_jsonb(b) - 'body')::text FROM import_batch b")
    assert len(body) > 500
    for text in ("650099", "阿依", "ئايگۈل"):
        assert text.encode() not in body
        assert text not in rest
    other = office.check(ten)
    office.head.send(f"{other}/drop")
    office.head.send(f"{address}/run")
    office.work()
    assert office.rows("SELECT body FROM import_batch") == [None, None]
    assert not office.rows("SELECT 1 FROM import_batch WHERE mapping ? 'head'")


def test_a_file_that_was_brought_in_is_told_when_it_comes_again(office: Office, ten: bytes) -> None:
    office.bring(ten)
    again = office.check(ten)
    assert "notice-warn" in office.head.get(again).get_data(as_text=True)
    office.head.send(f"{again}/run")
    office.head.send(f"{again}/run")
    office.work()
    assert len(office.residents()) == 20


def test_two_files_at_once_come_one_after_the_other(office: Office) -> None:
    first, second = (office.check(lists.as_text(lists.people(30, at))) for at in (0, 30))
    for address in (first, second):
        office.head.send(f"{address}/run")
    office.work()
    assert [office.batch(one).state for one in (first, second)] == [batches.DONE] * 2
    assert len(office.residents()) == 60


def test_progress_is_told_and_asking_keeps_no_screen_open(
    office: Office, ten: bytes, moved_clock: Callable[..., None]
) -> None:
    answer = office.choose(ten)
    form = form_of(office.head.get(answer.location).get_data(as_text=True))
    address = office.head.send(answer.location, form).location
    told = office.head.get(f"{address}/progress").get_json()
    assert (told["done"], told["of"], told["ended"]) == (0, 0, False)
    page = office.head.get(address).get_data(as_text=True)
    assert "<progress" in page
    assert "data-progress" in page
    office.work()
    assert office.head.get(f"{address}/progress").get_json()["ended"] is True
    for _ in range(4):
        moved_clock(minutes=2)
        last = office.head.get(f"{address}/progress")
    assert last.location == "/unlock"


def test_a_list_that_nobody_began_can_be_asked_for_again(
    office: Office, ten: bytes, moved_clock: Callable[..., None]
) -> None:
    answer = office.choose(ten)
    form = form_of(office.head.get(answer.location).get_data(as_text=True))
    address = office.head.send(answer.location, form).location
    assert f"{address}/again" not in office.head.get(address).get_data(as_text=True)
    moved_clock(minutes=2)
    assert f"{address}/again" in office.head.get(address).get_data(as_text=True)
    assert office.head.send(f"{address}/again").status_code == 303
    office.work()
    assert office.batch(address).state == batches.CHECKED
