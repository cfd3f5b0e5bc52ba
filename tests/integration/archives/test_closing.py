"""Closing a clinic and removing it: two operators, a final archive, and what stays afterwards."""

from __future__ import annotations

import datetime
import typing

import psycopg
import pytest

from tenants.archives.restoring import Into
from tenants.closing import ClosingRefused, Closings
from tests.integration.archives.conftest import Archived
from tests.support import world
from tests.support.archived import ask, give_code

if typing.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tenants.cards import ClinicCard
    from tests.integration.tenants.conftest import Files

    Shipa = Callable[..., Result]

WHAT_FOR = "merged with the county hospital"
ASKED_TWICE = (
    "INSERT INTO platform.removal (id, clinic_id, asked_by, purpose) "
    "SELECT gen_random_uuid(), clinic_id, 'two', '' FROM platform.removal"
)
LATER = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=366)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    from tests.integration.tenants.conftest import Files  # noqa: PLC0415 - a class behind a fixture

    return Files(tmp_path)


def acts(archived: Archived) -> list[str]:
    query = (
        "SELECT act FROM platform.operator_act WHERE clinic_id = %s AND act <> 'clinic.created' ORDER BY at"
    )
    return [row[0] for row in archived.ask(query, archived.card.id)]


def by(archived: Archived, who: str) -> Closings:
    return Closings(archived.tenants, archived.card, who)


def removed(archived: Archived) -> None:
    """Through all steps to the end."""
    by(archived, "one").close(WHAT_FOR)
    archived.export()
    by(archived, "one").ask(WHAT_FOR, LATER)
    by(archived, "two").confirm(LATER)


def test_a_closed_clinic_reads_and_takes_nothing_new(archived: Archived, shipa: Shipa) -> None:
    done = shipa("clinics", "close", archived.card.code, "--purpose", WHAT_FOR)
    assert done.exit_code == 0, done.output
    archived.app.test_client_class = world.Browser
    doctor = world.sign_in(archived.app, archived.household.people["village_doctor"])
    resident = archived.household.ids["resident_id"]
    page = doctor.get(f"/residents/{resident}")
    assert page.status_code == 200
    assert "已关闭" in page.get_data(as_text=True) or "تاقالغان" in page.get_data(as_text=True)
    assert doctor.send("/residents/new", {"name_0": "ئايگۈل"}).status_code == 403
    assert "already" in shipa("clinics", "close", archived.card.code, "--purpose", WHAT_FOR).stderr
    assert shipa("clinics", "suspend", archived.card.code).exit_code == 2
    archived.export()
    assert shipa("clinics", "resume", archived.card.code).exit_code == 0
    assert doctor.get("/residents/new").status_code == 200
    assert archived.ask("SELECT count(*) FROM platform.closing") == [(0,)]
    assert acts(archived) == ["clinic.closed", "clinic.exported", "clinic.resumed"]


def test_after_30_days_nobody_gets_in(archived: Archived, moved_clock: Callable[..., None]) -> None:
    by(archived, "one").close(WHAT_FOR)
    archived.app.test_client_class = world.Browser
    moved_clock(days=31)
    doctor = world.sign_in(archived.app, archived.household.people["village_doctor"])
    page = doctor.get(f"/residents/{archived.household.ids['resident_id']}")
    assert page.status_code == 403
    assert "此机构关闭已满30天" in page.get_data(as_text=True) or "تاقالغىلى" in page.get_data(as_text=True)


def test_the_command_says_what_is_missing(archived: Archived, shipa: Shipa) -> None:
    code = archived.card.code
    archived.export()
    for words, said in (
        (("--purpose", WHAT_FOR), "shipa clinics close"),
        (("--confirm",), "nobody asked"),
        (("--call-off",), "nobody asked"),
        ((), "give one of"),
        (("--confirm", "--call-off"), "give one of"),
        (("--purpose", "short"), "at least"),
    ):
        done = shipa("clinics", "remove", code, *words)
        assert (done.exit_code, said in done.stderr) == (2, True), (words, done.output)
    assert acts(archived) == ["clinic.exported"]


def test_each_step_asks_for_the_one_before(archived: Archived) -> None:
    before = archived.sums()
    by(archived, "one").close(WHAT_FOR)
    for work, said in (
        (lambda: by(archived, "one").ask(WHAT_FOR, LATER), "no archive was exported since"),
        (archived.export, ""),
        (lambda: by(archived, "one").ask(WHAT_FOR), "rows stay until"),
        (lambda: by(archived, "one").ask(WHAT_FOR, LATER), ""),
        (lambda: by(archived, "two").ask(WHAT_FOR, LATER), "asked already, by one"),
        (lambda: by(archived, "one").confirm(LATER), "another operator"),
        (lambda: by(archived, "two").confirm(), "rows stay until"),
        (lambda: by(archived, "two").call_off(), ""),
        (lambda: by(archived, "two").confirm(LATER), "nobody asked"),
    ):
        if said:
            with pytest.raises(ClosingRefused, match=said):
                work()
        else:
            work()
    assert archived.sums() == before
    assert acts(archived)[-2:] == ["clinic.removal_asked", "clinic.removal_dropped"]


def test_what_is_removed_is_gone_and_the_registry_says_so(archived: Archived, shipa: Shipa) -> None:
    removed(archived)
    schema, code = archived.card.binding.schema, archived.card.code
    assert archived.ask("SELECT to_regnamespace(%s)", schema) == [(None,)]
    assert archived.ask("SELECT rolname FROM pg_roles WHERE rolname ~ %s", f"^{schema}") == []
    row = archived.ask(
        "SELECT state, removed_at IS NOT NULL, code FROM platform.clinic WHERE id = %s", archived.card.id
    )
    assert row == [("closed", True, code)]
    ended = archived.ask("SELECT asked_by, ended_by, done FROM platform.removal")
    assert ended == [("one", "two", True)]
    assert acts(archived) == ["clinic.closed", "clinic.exported", "clinic.removal_asked", "clinic.removed"]
    assert archived.ask("SELECT count(*) FROM platform.web_session") == [(0,)]
    for words in (
        ("show",),
        ("resume",),
        ("check",),
        ("close", "--purpose", WHAT_FOR),
        ("remove", "--confirm"),
    ):
        done = shipa("clinics", words[0], code, *words[1:])
        assert (done.exit_code, "was removed on" in done.stderr) == (2, True), done.output
    assert archived.app.extensions["door"].clinic(code) is None
    assert archived.app.extensions["door"].all_clinics() == []
    assert shipa("clinics", "check").exit_code == 0
    assert shipa("migrate", "--status").exit_code == 0
    assert shipa("audit", "verify").exit_code == 0


def test_a_removed_clinics_code_and_number_are_not_given_again(
    archived: Archived, shipa: Shipa, files: Files
) -> None:
    removed(archived)
    roster = files.roster({"code": archived.card.code}, {"code": "650099888"})
    sites = files.sites((f"{archived.card.code}200", archived.card.code, "村卫生室"))
    done = shipa("clinics", "import", roster, "--sites", sites)
    assert done.exit_code == 1
    assert "was removed; its code is not given again" in done.stderr
    assert [card.code for card in archived.tenants.clinics()] == ["650099888"]
    assert archived.tenants.clinics()[0].number != archived.card.number


@pytest.mark.timeout(60)
def test_the_final_archive_goes_into_another_clinic(archived: Archived, empty: ClinicCard) -> None:
    removed(archived)
    archived.restore(Into(empty.code, give_code(archived.tenants, empty)))
    assert ask(archived.tenants, empty, "SELECT count(*) > 0 FROM resident") == [(True,)]


def test_rows_that_no_archive_holds_keep_the_clinic(archived: Archived) -> None:
    by(archived, "one").close(WHAT_FOR)
    archived.export()
    archived.ask("CREATE TABLE fp_record (id int); INSERT INTO fp_record VALUES (1)")
    by(archived, "one").ask(WHAT_FOR, LATER)
    with pytest.raises(ClosingRefused, match="fp_record"):
        by(archived, "two").confirm(LATER)
    assert archived.ask("SELECT id FROM fp_record") == [(1,)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE platform.removal SET ended_by = asked_by, ended_at = now(), done = true",
        ASKED_TWICE,
        "UPDATE platform.clinic SET removed_at = now(), state = 'live', suspended_at = NULL",
        "UPDATE platform.clinic SET state = 'closed', suspended_at = NULL",
    ],
)
def test_the_database_keeps_it_too(archived: Archived, change: str) -> None:
    by(archived, "one").close(WHAT_FOR)
    archived.export()
    by(archived, "one").ask(WHAT_FOR, LATER)
    with pytest.raises(psycopg.errors.IntegrityError):
        archived.ask(change)


def test_the_function_that_drops_roles_drops_none_of_a_clinic_that_is_there(archived: Archived) -> None:
    number = f"{archived.card.number:04d}"
    with pytest.raises(psycopg.errors.ObjectInUse):
        archived.ask("SELECT platform.drop_clinic_roles(%s)", number)
    for wrong in ("1", "abcd", "00011", ""):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            archived.ask("SELECT platform.drop_clinic_roles(%s)", wrong)
    for login in ("web", "gate", "jobs"):
        with (
            archived.tenants.logins.connect(login) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT platform.drop_clinic_roles('9999')")
