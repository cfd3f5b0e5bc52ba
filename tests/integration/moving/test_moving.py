"""A clinic moves: everything of it is there, nothing is left, its people notice a pause and nothing else."""

from __future__ import annotations

import json
import typing

import psycopg
import pytest
import sqlalchemy as sa

from saas.audit.verifying import verdicts
from tenants.catalogue import catalogue
from tenants.clinic_check import ClinicCheck
from tenants.moving.copying import Ways
from tenants.moving.rules import MoveRefused
from tenants.trees import CLINIC
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tests.integration.moving.conftest import Moving

    Shipa = Callable[..., Result]


def whole(moving: Moving) -> None:
    card = moving.card
    assert moving.copies() == [card.cell]
    assert moving.writable() == [card.cell]
    with moving.tenants.logins.of(card.cell).connect("owner", autocommit=True) as connection:
        assert ClinicCheck(moving.tenants, connection).findings(card) == []
    (verdict,) = verdicts(moving.tenants, [card], {})
    assert verdict.whole, verdict
    assert verdict.row_count > 0
    assert moving.registry() == [(card.cell, None, None)]
    for cell in moving.tenants.logins.cells:
        query = "SELECT standing FROM platform.clinic_revision WHERE clinic_id = %s"
        assert moving.ask(cell, query, card.id) == ([("here",)] if cell == card.cell else [])


def at(moving: Moving, point: int, act: Callable[[], None]) -> Callable[[], None]:
    """Do something when so many steps after the last table are done; 0 is when all rows were copied once."""
    steps = 0

    def told() -> None:
        nonlocal steps
        steps += 1
        if steps == len(moving.tenants.metadata.tables) + point:
            act()

    return told


def test_a_clinic_moves_with_every_row_and_back(moving: Moving) -> None:
    before, (here, there) = moving.sums(), (moving.here, moving.there)
    with moving.tenants.logins.of(here).connect("owner", autocommit=True) as connection:
        looked = catalogue(connection, moving.schema)
    moved = moving.move(there)
    assert (moving.here, moved.done, moved.left) == (there, "moved", "")
    assert moving.sums() == before
    with moving.tenants.logins.of(there).connect("owner", autocommit=True) as connection:
        assert catalogue(connection, moving.schema) == looked
    assert moving.acts(2) == [(f"clinic.{act}", f"{here} > {there}") for act in ("relocated", "moving")]
    whole(moving)
    assert moving.move(here).done == "moved"
    assert moving.sums() == before
    whole(moving)


def test_a_session_goes_on_and_what_is_done_next_is_in_the_new_cell(moving: Moving) -> None:
    browser = moving.browser()
    assert browser.get(moving.page).status_code == 200
    moving.move(moving.there)
    before = moving.sums()["access_log"]
    assert browser.get(moving.page).status_code == 200
    assert moving.sums()["access_log"] != before
    whole(moving)


def test_what_happens_while_the_rows_are_copied_is_moved_too(moving: Moving) -> None:
    browser, card = moving.browser(), moving.card
    seen: list[dict[str, str]] = []

    def meanwhile() -> None:
        assert browser.get(moving.page).status_code == 200
        world.add_staff(moving.app, card, f"new{len(moving.acts())}", "pharmacist")
        with moving.tenants.inside(card) as session:
            session.execute(sa.text("UPDATE staff SET name = 'نامى ئۆزگەرگەن'"))
            session.execute(sa.text("DELETE FROM draft"))
        seen.append(moving.sums())

    before = moving.sums()
    moving.move(moving.there, at(moving, 0, meanwhile))
    assert moving.sums() == seen[0]
    changed = {name for name in before if before[name] != seen[0][name]}
    assert {"access_log", "staff", "staff_secret", "draft"} <= changed
    whole(moving)


def test_while_it_moves_pages_read_and_saving_is_held_back(moving: Moving) -> None:
    browser = moving.browser()
    found: list[str] = []

    def meanwhile() -> None:
        read, form = browser.get(moving.page), browser.get(f"{moving.page}/edit")
        saved = browser.send(f"{moving.page}/edit", {"name_0": "不要丢的名字"})
        assert (read.status_code, form.status_code, saved.status_code) == (200, 200, 403)
        found.extend(answer.get_data(as_text=True) for answer in (read, saved))

    before = moving.sums()["resident_name"]
    moving.move(moving.there, at(moving, 0, meanwhile))
    assert all("迁移" in page or "يۆتك" in page for page in found), found
    assert moving.sums()["resident_name"] == before
    with moving.tenants.inside(moving.card) as session:
        held = "SELECT page FROM draft WHERE kind = 'held' AND staff_id = :staff"
        staff = moving.household.people["village_doctor"].staff_id
        assert f"{moving.page}/edit" in session.scalars(sa.text(held), {"staff": staff}).all()
    assert browser.get("/").location == "/held"
    whole(moving)


def test_nobody_writes_in_the_old_copy_behind_the_fence(moving: Moving) -> None:
    card, there = moving.card, moving.there
    writable: list[list[str]] = []

    def between() -> None:
        writable.append(moving.writable())
        with (
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|does not exist"),
            moving.tenants.inside(card) as session,
        ):
            session.execute(sa.text("UPDATE staff SET name = 'x'"))
        assert moving.browser().get("/account").status_code == 503

    moving.move(there, at(moving, 3, between))
    assert writable == [[there]]
    whole(moving)


def refused(moving: Moving, to: str, words: str) -> None:
    """Nothing has changed after the refusal, and no act is left."""
    before, acts, here = moving.sums(), moving.acts(), moving.here
    with pytest.raises(MoveRefused, match=words):
        moving.move(to)
    assert (moving.sums(), moving.acts(), moving.here) == (before, acts, here)
    assert moving.writable() == [here]
    assert moving.registry() == [(here, None, None)]


def test_a_move_that_cannot_be_changes_nothing(moving: Moving) -> None:
    here, there = moving.here, moving.there
    refused(moving, "nowhere", "no cell is named nowhere; there are main, far")
    refused(moving, here, f"lives in cell {here} already")
    set_revision = "UPDATE platform.clinic_revision SET revision = %s WHERE clinic_id = %s"
    moving.ask(here, set_revision, "0001_first_tables", moving.card.id)
    try:
        refused(moving, there, "not at .*run `shipa migrate`")
    finally:
        moving.ask(here, set_revision, CLINIC.head, moving.card.id)
    moving.ask(there, f"CREATE SCHEMA {moving.schema}")
    try:
        refused(moving, there, "a schema of its number already")
    finally:
        moving.ask(there, f"DROP SCHEMA {moving.schema}")


def test_a_schema_that_stands_as_the_clinics_own_is_never_removed(moving: Moving) -> None:
    there, ledger = moving.there, (moving.card.id, CLINIC.head, moving.card.number)
    moving.ask(there, f"CREATE SCHEMA {moving.schema}")
    put = "INSERT INTO platform.clinic_revision (clinic_id, revision, number) VALUES (%s, %s, %s)"
    moving.ask(there, put, *ledger)
    try:
        refused(moving, there, "a schema of its number already")
        assert set(moving.copies()) == {moving.here, there}
    finally:
        moving.ask(there, f"DROP SCHEMA {moving.schema}")
        moving.ask(there, "DELETE FROM platform.clinic_revision WHERE clinic_id = %s", moving.card.id)


def test_a_cell_of_another_release_is_refused(moving: Moving) -> None:
    if moving.there != world.FAR:
        moving.move(moving.there)
    head = moving.ask(world.FAR, "SELECT version_num FROM platform.alembic_version")[0][0]
    change = "UPDATE platform.alembic_version SET version_num = %s"
    moving.ask(world.FAR, change, "0003_time_of_a_suspension")
    try:
        refused(moving, world.FAR, "cell far are of another release")
    finally:
        moving.ask(world.FAR, change, head)


def test_a_disk_without_room_is_refused(moving: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1024}))
    refused(moving, moving.there, "not enough room")


def test_a_number_whose_roles_another_database_uses_is_refused(moving: Moving) -> None:
    role = moving.schema
    with moving.tenants.logins.connect("admin", database="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE TABLE public.stranger_{role} ()".encode())
        admin.execute(f"GRANT SELECT ON public.stranger_{role} TO {role}".encode())
        try:
            refused(moving, moving.there, "belong to database postgres")
        finally:
            admin.execute(f"DROP TABLE public.stranger_{role}".encode())


def given_up(moving: Moving, words: str) -> None:
    before, here, there = moving.sums(), moving.here, moving.there
    with pytest.raises(MoveRefused, match=words):
        moving.move(there)
    assert moving.sums() == before
    assert moving.acts(2) == [("clinic.move_undone", here), ("clinic.moving", f"{here} > {there}")]
    assert moving.here == here
    whole(moving)


def test_a_disk_that_fills_up_while_copying_gives_the_move_up(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull

    monkeypatch.setattr(Ways, "refresh", full)
    given_up(moving, "not enough room")


@pytest.mark.parametrize("wrong", [(-1, ""), (0, "other")], ids=["a row less", "another row"])
def test_rows_that_differ_after_copying_stop_the_move(
    moving: Moving, monkeypatch: pytest.MonkeyPatch, wrong: tuple[int, str]
) -> None:
    real = Ways.arrived

    def arrived(ways: Ways, table: sa.Table) -> tuple[int, str]:
        rows, sha = real(ways, table)
        return (rows + wrong[0], sha + wrong[1]) if table.name == "resident" else (rows, sha)

    monkeypatch.setattr(Ways, "arrived", arrived)
    given_up(moving, "table resident differs")


def test_somebody_who_keeps_writing_is_waited_for_and_then_the_move_is_given_up(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.moving.move.LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr("tenants.moving.move.TRIES", 2)
    with moving.tenants.logins.of(moving.here).connect("owner") as other:
        other.execute(f"SET LOCAL search_path = {moving.schema}")
        other.execute("UPDATE staff SET version = version")
        given_up(moving, "keeps writing")
        other.rollback()


def test_the_command_moves_a_county_and_tells(moving: Moving, shipa: Shipa) -> None:
    here, there = moving.here, moving.there
    second = world.provision(moving.app, world.free_code(), "第二院", cell=here)
    moving.ask(
        "main",
        "UPDATE platform.clinic SET county_zh = '搬迁县' WHERE id = ANY (%s)",
        [moving.card.id, second.id],
    )
    result = shipa("clinics", "move", "--to", there, "--county", "搬迁县", "--format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {one["code"] for one in told["moved"]} == {moving.card.code, second.code}
    assert told["refused"] == {}
    assert world.card_of(moving.app, second.code).cell == moving.here == there
    whole(moving)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("{code}", "--to", "{here}"), "lives in cell {here} already"),
        (("{code}", "--to", "mars"), "no cell is named mars; there are main, far"),
        (("650000000", "--to", "{there}"), "no clinic has the code 650000000"),
        (("--to", "{there}"), "name the clinics to move"),
    ],
)
def test_the_command_says_what_is_wrong_with_it(
    moving: Moving, shipa: Shipa, words: tuple[str, ...], said: str
) -> None:
    names = {"code": moving.card.code, "here": moving.here, "there": moving.there}
    result = shipa("clinics", "move", *(word.format(**names) for word in words))
    assert (result.exit_code, said.format(**names) in result.stderr) == (2, True), result.output


def test_a_clinic_of_a_cell_that_is_not_configured_is_busy_and_others_work(moving: Moving) -> None:
    browser, (here, clinic) = moving.browser(), (moving.here, moving.card.id)
    change = "UPDATE platform.clinic SET cell = %s WHERE id = %s"
    moving.ask("main", change, "lost", clinic)
    try:
        assert browser.get("/account").status_code == 503
    finally:
        moving.ask("main", change, here, clinic)
    assert browser.get("/account").status_code == 200
