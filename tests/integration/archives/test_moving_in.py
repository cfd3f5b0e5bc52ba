"""An archive that another, empty clinic takes: both administrators' codes, and what stays whose."""

from __future__ import annotations

import typing

import pytest

from saas.accounts.factor import key_context
from saas.accounts.models import StaffSecret
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tenants.archives.refusals import ArchiveRefused
from tenants.archives.restoring import Into
from tenants.clinic_check import ClinicCheck
from tests.integration.archives.conftest import Archived
from tests.isolation import households
from tests.support import world
from tests.support.archived import ask, give_code, sums
from tests.support.signing_in import browser_of, enter, set_up_administrator

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard

Agreed = tuple[Into, world.Person, str]


@pytest.fixture
def agreed(archived: Archived, empty: ClinicCard) -> Agreed:
    """The other clinic's agreement, its head, who looked at the log there, and her second factor's key."""
    archived.app.test_client_class = world.Browser
    head = world.add_staff(archived.app, empty, "head", "clinic_admin", places="all")
    key = set_up_administrator(archived.app, head)
    assert world.sign_in(archived.app, head).get("/access-log").status_code == 200
    return Into(empty.code, give_code(archived.tenants, empty)), head, key


def log_of(archived: Archived, card: ClinicCard) -> list[tuple[object, ...]]:
    return ask(archived.tenants, card, "SELECT act, at, staff_id, staff_name FROM access_log ORDER BY number")


@pytest.mark.timeout(60)
def test_the_other_clinic_has_all_rows_and_stays_itself(
    archived: Archived, empty: ClinicCard, agreed: Agreed
) -> None:
    archived.export()
    source, target = archived.sums(), sums(archived.tenants, empty)
    logs = log_of(archived, archived.card), log_of(archived, empty)
    archived.restore(agreed[0])
    now = sums(archived.tenants, empty)
    differing = {name for name in source if source[name] != now[name]}
    assert differing == {"access_log", "clinic_setting", "site", "staff", "staff_secret"}
    assert now["staff_secret"] != target["staff_secret"]
    assert archived.sums() == source
    assert log_of(archived, empty)[:-1] == [*logs[0], *logs[1]]
    assert logs[1]
    assert archived.app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    with archived.tenants.logins.connect("owner", autocommit=True) as connection:
        assert ClinicCheck(archived.tenants, connection).findings(empty) == []
    assert ask(archived.tenants, empty, "SELECT code, name_zh FROM site WHERE kind = 'centre'") == [
        (empty.code, empty.name_zh)
    ]
    assert archived.tenants.clinics(empty.code) == [empty]


@pytest.mark.timeout(60)
def test_only_its_own_staff_get_in_and_they_read_and_find(
    archived: Archived, empty: ClinicCard, agreed: Agreed
) -> None:
    archived.export()
    archived.restore(agreed[0])
    _, head, key = agreed
    people = ask(archived.tenants, empty, "SELECT username FROM staff WHERE disabled_at IS NULL")
    assert people == [("head",)]
    assert ask(archived.tenants, empty, "SELECT staff_id FROM staff_secret") == [(head.staff_id,)]
    assert enter(browser_of(archived.app), empty, "head").status_code == 303
    gone = archived.household.people["village_doctor"].username
    assert enter(browser_of(archived.app), empty, gone).status_code == 422
    with world.inside(archived.app, empty) as session:
        keys = clinic_of(empty, session.query(ClinicSetting).one()).keys
        with archived.app.extensions["door"].gate_role(session):
            secret = session.query(StaffSecret).one()
            assert keys.open(secret.totp_key or b"", key_context(head.staff_id)) == key
    # Her number has the same hash as in the clinic that she came from: she is found.
    number = archived.household.ids["document_number"]
    answer = world.sign_in(archived.app, head).send("/residents/find", {"q": number})
    assert archived.household.ids["resident_id"] in answer.get_data(as_text=True)


def test_both_codes_are_needed(archived: Archived, empty: ClinicCard, agreed: Agreed) -> None:
    archived.export()
    before = sums(archived.tenants, empty), archived.sums()
    for wrong in (archived.code, "", "A" * 26):
        with pytest.raises(ArchiveRefused, match="second code"):
            archived.restore(Into(agreed[0].code, wrong))
    archived.code = agreed[0].archive_code
    with pytest.raises(ArchiveRefused, match="not the code"):
        archived.restore(agreed[0])
    assert (sums(archived.tenants, empty), archived.sums()) == before


def test_a_clinic_that_is_not_empty_or_not_another_or_not_there_is_refused(
    archived: Archived, empty: ClinicCard, agreed: Agreed
) -> None:
    archived.export()
    own = Into(archived.card.code, archived.code)
    for where, words in ((own, "own: restore"), (Into("650099999", ""), "no clinic has the code")):
        with pytest.raises(ArchiveRefused, match=words):
            archived.restore(where)
    ask(
        archived.tenants,
        empty,
        "UPDATE platform.clinic_revision SET revision = '0006' WHERE clinic_id = %s",
        empty.id,
    )
    with pytest.raises(ArchiveRefused, match="shipa migrate"):
        archived.restore(agreed[0])


def test_a_clinic_with_a_resident_takes_no_archive(archived: Archived) -> None:
    other = households.furnish(archived.app, world.PASSWORD, papers=False).card
    archived.export()
    before = sums(archived.tenants, other)
    with pytest.raises(ArchiveRefused, match="not empty"):
        archived.restore(Into(other.code, give_code(archived.tenants, other)))
    before.pop("clinic_setting")
    assert before.items() <= sums(archived.tenants, other).items()
