"""Taking a list back on the same day: whoever nobody has worked with; nothing is deleted."""

from __future__ import annotations

import typing

from bs4 import BeautifulSoup

from saas.db import new_id
from saas.residents.bringing import batches, undoing
from saas.residents.models import ResidentLink, Visit
from saas.web import clock
from tests.integration.bringing.conftest import form_of
from tests.support import lists, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from saas.residents.models import Resident
    from tests.integration.bringing.conftest import Office


def undo(office: Office, address: str) -> None:
    """Press the button, and let the worker do it."""
    office.head.send(f"{address}/undo")
    office.work()


def test_a_list_is_taken_back_and_leaves_the_lists(office: Office, ten: bytes) -> None:
    address = office.bring(ten)
    undo(office, address)
    assert office.batch(address).state == batches.UNDONE
    assert {one.standing for one in office.residents()} == {"undone"}
    assert lists.people(1)[0][0] not in office.doctor.get("/residents?site=all").get_data(as_text=True)
    undo(office, address)
    assert len(office.rows("SELECT 1 FROM access_log WHERE act = 'residents.list_undone'")) == 1


def test_whoever_was_worked_with_stays_and_nobody_is_told_how_many(office: Office, ten: bytes) -> None:
    address = office.bring(ten)
    changed, visited, compared, *others = office.residents()
    _change(office, changed)
    _visit(office, visited)
    _decide(office, compared, others[0])
    undo(office, address)
    standings = {one.id: one.standing for one in office.residents()}
    kept = {changed.id, visited.id, compared.id, others[0].id}
    assert {one for one, standing in standings.items() if standing == "here"} == kept
    told = office.head.get(address).get_data(as_text=True)
    quiet = _page_of_an_untouched_one(office)
    assert _plain(told) == _plain(quiet)


def _page_of_an_untouched_one(office: Office) -> str:
    address = office.bring(lists.as_text(lists.people(10, 50)))
    undo(office, address)
    return office.head.get(address).get_data(as_text=True)


def _plain(page: str) -> str:
    """A page without what differs anyway: tokens and times."""
    main = BeautifulSoup(page, "html.parser").main
    assert main is not None
    for moving in main.select("time"):
        moving.decompose()
    return main.get_text()


def _change(office: Office, resident: Resident) -> None:
    path = f"/residents/{resident.id}/edit"
    form = form_of(office.doctor.get(path).get_data(as_text=True)) | {"village": "新村"}
    assert office.doctor.send(path, form).status_code == 303


def _visit(office: Office, resident: Resident) -> None:
    by = office.head.person
    assert by is not None
    with world.inside(office.app, office.card) as session:
        visit = Visit(resident_id=resident.id, site_id=resident.site_id, started_at=clock.now())
        visit.started_by, visit.form_id = by.staff_id, new_id()
        session.add(visit)


def _decide(office: Office, one: Resident, other: Resident) -> None:
    by = office.head.person
    assert by is not None
    first, second = sorted([one.id, other.id])
    with world.inside(office.app, office.card) as session:
        session.add(
            ResidentLink(
                kind="different",
                resident_id=first,
                other_id=second,
                created_at=clock.now(),
                created_by=by.staff_id,
            )
        )


def test_only_on_the_same_day(office: Office, ten: bytes, moved_clock: Callable[..., None]) -> None:
    address = office.bring(ten)
    moved_clock(days=1)
    office.come_back()
    assert f"{address}/undo" not in office.head.get(address).get_data(as_text=True)
    undo(office, address)
    assert office.batch(address).state == batches.DONE
    assert {one.standing for one in office.residents()} == {"here"}


def test_every_table_about_a_resident_counts_as_work_with_her() -> None:
    uses = " ".join(str(use) for use in undoing._uses())
    for table in ("visit", "consent", "opening", "merged_into_id", "resident_link", "resident_key"):
        assert table in uses, table


def test_questions_about_whoever_was_taken_back_are_asked_no_more(office: Office, ten: bytes) -> None:
    office.bring(ten)
    again = office.bring(ten)
    office.sweep()
    assert office.rows("SELECT count(*) FROM resident_link") == [10]
    undo(office, again)
    assert office.rows("SELECT count(*) FROM resident_link") == [0]
    assert [one.standing for one in office.residents()] == ["here"] * 10 + ["undone"] * 10
