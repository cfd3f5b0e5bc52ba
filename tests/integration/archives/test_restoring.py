"""A clinic from its archive, whatever happened to it since: row for row what it was."""

from __future__ import annotations

import typing

import pytest

from tenants.archives.refusals import ArchiveRefused
from tenants.catalogue import catalogue
from tenants.clinic_check import ClinicCheck
from tenants.migrating import migrate
from tests.support import world
from tests.support.archived import PURPOSE, ask, sums

if typing.TYPE_CHECKING:
    from click.testing import Result

    from tests.integration.archives.conftest import Archived

    Shipa = typing.Callable[..., Result]

KEPT = {"access_log", "clinic_setting"}
"""Tables that are more than the archive: one log row, and the day of the computing is empty."""

HARMS = {
    "nothing": "SELECT 1",
    "rows changed": "UPDATE resident SET village = '\\x00'; UPDATE record SET answers = '{}'",
    "rows deleted": "DELETE FROM due_item; DELETE FROM record; DELETE FROM resident_name",
    "a table dropped": "DROP TABLE resident_name, draft, consent CASCADE",
    "the log dropped": "DROP TABLE access_log",
    "a table changed": "ALTER TABLE site DROP COLUMN name_ug; ALTER TABLE staff ALTER name TYPE varchar",
    "rights changed": "REVOKE ALL ON resident FROM {schema}; GRANT DELETE ON access_log TO {schema}",
    "something added": "CREATE TABLE notes (a int); CREATE VIEW v AS SELECT * FROM resident",
    "schema gone": "DROP SCHEMA {schema} CASCADE",
    "ledger gone": "DELETE FROM platform.clinic_revision",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("harm", HARMS)
def test_whatever_happened_every_row_is_back(archived: Archived, harm: str) -> None:
    archived.export()
    before = archived.sums()
    archived.ask(HARMS[harm].replace("{schema}", archived.card.binding.schema))
    archived.restore()
    after = archived.sums()
    assert {name for name in before if before[name] != after[name]} <= KEPT
    assert after.keys() == before.keys()
    with archived.tenants.logins.connect("owner", autocommit=True) as connection:
        assert ClinicCheck(archived.tenants, connection).findings(archived.card) == []
    assert archived.ask("SELECT computed_on, code FROM clinic_setting, platform.clinic") == [
        (None, archived.card.code)
    ]
    assert "CANARY" in page_of(archived)


SINCE = (
    "UPDATE consent SET withdrawn_at = now(), withdrawn_by = '{later}'",
    "UPDATE resident_key SET voided_at = now(), voided_by = '{later}'",
    "UPDATE staff SET disabled_at = now() WHERE username LIKE 'spare%'",
    "UPDATE counter SET last = last + 7",
    "UPDATE staff_secret SET password_hash = 'new', password_set_at = now() WHERE staff_id <> '{later}'",
    "UPDATE opening SET reviewed_at = now(), reviewed_by = '{later}', verdict = 'accepted'",
    "UPDATE enrolment SET ended_on = '2026-11-30', end_reason = 'withdrawn', ended_by = '{later}'",
    "UPDATE clinic_setting SET archive_key = '\\x01', archive_key_at = now()",
    "UPDATE resident SET village = '\\x00'",
)
"""What is done between archive and restore; all but the last stays done."""
STAYS = (
    "SELECT id, withdrawn_at, withdrawn_by FROM consent ORDER BY id",
    "SELECT id, voided_at FROM resident_key ORDER BY id",
    "SELECT id, disabled_at FROM staff WHERE username <> 'later' ORDER BY id",
    "SELECT * FROM counter ORDER BY prefix",
    "SELECT verdict, reviewed_at FROM opening ORDER BY id",
    "SELECT ended_on, end_reason FROM enrolment ORDER BY id",
    "SELECT archive_key FROM clinic_setting",
    "SELECT password_hash FROM staff_secret WHERE password_hash = 'new'",
)


def page_of(archived: Archived) -> str:
    doctor = archived.household.people["village_doctor"]
    archived.app.test_client_class = world.Browser
    browser = world.sign_in(archived.app, doctor)
    answer = browser.get(f"/residents/{archived.household.ids['resident_id']}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.timeout(60)
def test_every_other_clinic_and_the_platform_stay_as_they_are(archived: Archived) -> None:
    other = world.provision(archived.app, world.free_code(), "旁边的试验院")
    doctor = world.add_staff(archived.app, other, "doctor", "village_doctor")
    world.sign_in(archived.app, doctor)
    archived.export()
    sql = """
        SELECT (SELECT array_agg(c::text ORDER BY id) FROM platform.clinic c),
            (SELECT array_agg(s::text ORDER BY id) FROM platform.web_session s WHERE clinic_id = %s),
            (SELECT array_agg(a::text ORDER BY id) FROM platform.operator_act a WHERE clinic_id = %s),
            (SELECT r::text FROM platform.clinic_revision r WHERE clinic_id = %s),
            (SELECT array_agg(m::text ORDER BY id) FROM platform.migration_run m)
    """
    before = sums(archived.tenants, other), archived.ask(sql, other.id, other.id, other.id)
    archived.restore()
    assert (sums(archived.tenants, other), archived.ask(sql, other.id, other.id, other.id)) == before
    assert before[1][0][1] is not None


@pytest.mark.timeout(60)
def test_what_was_logged_or_taken_back_since_is_kept(archived: Archived) -> None:
    """The log is never rolled back; a withdrawal, a lost card, an end of access are not undone."""
    page_of(archived)
    _consent(archived)
    archived.ask("INSERT INTO counter (prefix, last) VALUES ('650099001', 3) ON CONFLICT DO NOTHING")
    archived.export()
    page_of(archived)
    later = world.add_staff(archived.app, archived.card, "later", "township_gp", places="all")
    for change in SINCE:
        archived.ask(change.replace("{later}", str(later.staff_id)))
    kept = {query: archived.ask(query) for query in STAYS}
    assert [query for query, rows in kept.items() if not rows] == []
    log = archived.ask("SELECT number, hash FROM access_log ORDER BY number")
    done = archived.restore()
    assert done.kept.lost == []
    assert {query: archived.ask(query) for query in kept} == kept
    assert archived.ask("SELECT number, hash FROM access_log ORDER BY number")[:-1] == log
    assert archived.ask("SELECT count(*) FROM resident WHERE village = '\\x00'") == [(0,)]
    (row,) = archived.ask("SELECT act, detail FROM access_log ORDER BY number DESC LIMIT 1")
    assert (row[0], row[1]["archive_of"], row[1]["purpose"]) == (
        "clinic.restored",
        archived.card.code,
        PURPOSE,
    )
    # Whoever came since is known by name, and lets nobody in.
    came = archived.ask("SELECT username, disabled_at IS NULL FROM staff WHERE id = %s", later.staff_id)
    assert came == [("later", False)]
    assert archived.ask("SELECT * FROM staff_secret WHERE staff_id = %s", later.staff_id) == []
    assert archived.app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def _consent(archived: Archived) -> None:
    archived.ask(
        "INSERT INTO consent (id, resident_id, purpose, given, edition, language, way, decided_at, "
        "decided_by, form_id) SELECT gen_random_uuid(), r.id, 'record', true, '1', 'ug', 'paper', now(), "
        "(SELECT id FROM staff LIMIT 1), gen_random_uuid() FROM resident r"
    )
    archived.ask(
        "INSERT INTO enrolment "
        "(id, resident_id, programme, enrolled_on, enrolled_by, consent_id, created_at) "
        "SELECT gen_random_uuid(), resident_id, 'hypertension', '2026-11-01', decided_by, id, decided_at "
        "FROM consent WHERE purpose = 'record' ON CONFLICT DO NOTHING"
    )


@pytest.mark.timeout(60)
def test_a_seal_of_later_still_fits(archived: Archived) -> None:
    """The chain goes on where it was: a seal made after the archive and before the restore holds."""
    archived.export()
    page_of(archived)
    assert archived.app.test_cli_runner().invoke(args=["audit", "seal"]).exit_code == 0
    archived.ask("DELETE FROM due_item")
    archived.restore()
    done = archived.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (done.exit_code, "faults: 0" in done.output) == (0, True), done.output


def test_the_clinics_sessions_end(archived: Archived) -> None:
    archived.export()
    doctor = archived.household.people["village_doctor"]
    archived.app.test_client_class = world.Browser
    browser = world.sign_in(archived.app, doctor)
    assert browser.get("/residents").status_code == 200
    archived.restore()
    assert browser.get("/residents").headers["Location"] == "/sign-in"


def test_who_uses_the_clinic_meanwhile_holds_the_restore_up(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived.export()
    for name, value in (("LOCK_TIMEOUT", "50ms"), ("TRIES", 2), ("PAUSE", 0.01)):
        monkeypatch.setattr(f"tenants.archives.rebuilding.{name}", value)
    before = archived.sums()
    with world.inside(archived.app, archived.card) as session:
        session.connection().exec_driver_sql("SELECT 1 FROM resident")
        with pytest.raises(ArchiveRefused, match="in use"):
            archived.restore()
    assert archived.sums() == before


def test_an_operators_act_is_written_and_shown(archived: Archived) -> None:
    archived.export()
    archived.restore()
    acts = archived.ask(
        "SELECT act, detail FROM platform.operator_act WHERE act <> 'clinic.created' ORDER BY at"
    )
    assert [act for act, _ in acts] == ["clinic.exported", "clinic.restored"]
    assert all("a drill of the test" in detail for _, detail in acts)


def test_rights_are_those_of_a_new_clinic(archived: Archived) -> None:
    archived.export()
    archived.restore()
    new = world.provision(archived.app, world.free_code(), "新的试验院")
    with archived.tenants.logins.connect("owner", autocommit=True) as connection:
        found = [catalogue(connection, card.binding.schema) for card in (archived.card, new)]
    assert found[0] == found[1]
    assert migrate(archived.tenants.logins).migrated == []
    assert ask(
        archived.tenants, archived.card, "SELECT count(*) FROM pg_namespace WHERE nspname ~ 'before'"
    ) == [(0,)]
