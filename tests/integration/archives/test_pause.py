"""While a clinic is restored: it is read, what is saved comes back with its text, nobody else notices."""

from __future__ import annotations

import contextlib
import threading
import typing

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from tenants.archives.refusals import ArchiveRefused
from tenants.archives.restoring import Into, Restore
from tests.integration.residents import pages
from tests.support import synthetic, world
from tests.support.archived import PURPOSE, ask, give_code
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result
    from werkzeug.test import TestResponse

    from tenants.archives.restoring import Restored
    from tenants.cards import ClinicCard
    from tests.integration.archives.conftest import Archived
    from tests.support.world import Browser

    Shipa = Callable[..., Result]

TYPED = "不要丢的名字"
BANNERS = {"zh": "资料正在从归档中恢复", "ug": "ئارخىپتىن ئەسلىگە كەلتۈرۈلۈۋاتىدۇ"}


def restored(archived: Archived, meanwhile: Callable[[], None], into: Into | None = None) -> Restored:
    """Restore; when all rows are loaded and nothing is closed yet, something happens."""

    def told(done: int, of: int) -> None:
        if done == of:
            meanwhile()

    return Restore(archived.tenants, archived.archive, into=into).run(PURPOSE, told)


def browser_of(archived: Archived, language: str = "zh") -> Browser:
    archived.app.test_client_class = world.Browser
    browser = world.sign_in(archived.app, archived.household.people["village_doctor"])
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    return browser


def page_of(archived: Archived) -> str:
    return f"/residents/{archived.household.ids['resident_id']}"


def held(answer: TestResponse) -> dict[str, str]:
    """What the page that came back would send."""
    form = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
    assert form is not None
    return {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("language", ["ug", "zh"])
def test_pages_read_and_what_is_saved_comes_back_with_its_text(archived: Archived, language: str) -> None:
    archived.export()
    browser, page = browser_of(archived, language), page_of(archived)
    answers: list[TestResponse] = []

    def meanwhile() -> None:
        # Written at most once a minute; a restore that held the sessions' rows would hold this page up.
        archived.ask("UPDATE platform.web_session SET last_seen = last_seen - interval '2 minutes'")
        answers.extend((browser.get(page), browser.get(f"{page}/edit")))
        answers.append(browser.send(f"{page}/edit", {"name_0": TYPED}))
        assert archived.tenants.clinics(archived.card.code)[0].restoring

    restored(archived, meanwhile)
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    for answer in answers:
        check_page(answer.get_data(as_text=True), typing.cast("typing.Any", language))
    assert all(BANNERS[language] in answer.get_data(as_text=True) for answer in answers[:2])
    assert held(answers[2])["name_0"] == TYPED
    # Sent again when all is done: the password first, then it is offered.
    again = browser.post(f"{page}/edit", data=held(answers[2]))
    assert (again.status_code, again.location) == (303, "/sign-in")
    anew = browser_of(archived, language)
    assert TYPED in anew.get("/held").get_data(as_text=True)
    assert BANNERS[language] not in anew.get(page).get_data(as_text=True)


@pytest.mark.timeout(60)
def test_other_clinics_save_meanwhile(archived: Archived, empty: ClinicCard) -> None:
    archived.export()
    archived.app.test_client_class = world.Browser
    doctor = world.add_staff(archived.app, empty, "doctor", "village_doctor")
    statuses: list[int] = []

    def meanwhile() -> None:
        browser = world.sign_in(archived.app, doctor)
        form = pages.fields_of(browser.get("/residents/new"))
        form |= {"name_0": synthetic.lone_name(), "sex_code": "1", "birth": "1950", "village": "试验村 7"}
        statuses.append(browser.post("/residents/new", data=form).status_code)

    restored(archived, meanwhile)
    assert statuses == [303]
    assert ask(archived.tenants, empty, "SELECT count(*) FROM resident") == [(1,)]


@pytest.mark.timeout(60)
def test_what_is_logged_and_taken_back_while_it_is_filled_is_kept(archived: Archived) -> None:
    archived.export()
    browser = browser_of(archived)

    def meanwhile() -> None:
        assert browser.get(page_of(archived)).status_code == 200
        archived.ask("UPDATE staff SET disabled_at = now() WHERE username LIKE 'spare%'")

    rows = "SELECT count(*) FROM access_log WHERE act <> 'clinic.restored'"
    before = archived.ask(rows)[0][0]
    restored(archived, meanwhile)
    assert archived.ask(rows) == [(before + 1,)]
    assert archived.ask("SELECT disabled_at IS NULL FROM staff WHERE username LIKE 'spare%'") == [(False,)]
    assert archived.app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


@contextlib.contextmanager
def in_a_thread(act: Callable[[], None]) -> Iterator[None]:
    """Do it meanwhile, and wait for it at the end; what it raises is raised here."""
    raised: list[BaseException] = []

    def caught() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - handed on
            raised.append(error)

    thread = threading.Thread(target=caught)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if raised:
        raise raised[0]


@pytest.mark.timeout(60)
def test_whoever_keeps_the_restore_waiting_keeps_no_reader_waiting(archived: Archived) -> None:
    """A long report holds the tables; the others' pages come although the restore wants to close them."""
    archived.export()
    archived.ask("DELETE FROM due_item")
    loaded, browser = threading.Event(), browser_of(archived)
    with archived.tenants.logins.connect("owner") as report:
        report.execute(f"LOCK TABLE {archived.card.binding.schema}.resident IN ACCESS SHARE MODE")
        with in_a_thread(lambda: void(restored(archived, loaded.set))):
            assert loaded.wait(30)
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
            while archived.ask(waiting) == [(0,)]:
                pass
            # Whoever waits behind the restore goes on long before the server would end the waiting.
            archived.ask("SET statement_timeout = '5s'; SELECT FROM access_log, clinic_setting, staff")
            assert browser.get(page_of(archived)).status_code == 200
            report.rollback()
    assert archived.ask("SELECT count(*) > 0 FROM due_item") == [(True,)]


def void(_: object) -> None:
    """For what returns something and should not."""


@pytest.mark.timeout(60)
def test_what_a_killed_restore_left_pauses_nobody(archived: Archived, shipa: Shipa) -> None:
    browser, page = browser_of(archived), page_of(archived)
    archived.ask("UPDATE platform.clinic SET moving_to = cell")
    (card,) = archived.tenants.clinics(archived.card.code)
    assert (card.moving_to, card.busy, world.card_of(archived.app, card.code).moving_to) == (None, "", None)
    assert BANNERS["zh"] not in browser.get(page).get_data(as_text=True)
    assert browser.send(f"{page}/edit", {}).status_code != 403
    done = shipa("clinics", "rename", card.code, "--zh", "新名卫生院")
    assert done.exit_code == 0, done.output
    archived.export()
    archived.restore()
    assert archived.ask("SELECT moving_to FROM platform.clinic") == [(None,)]


@pytest.mark.timeout(60)
def test_an_error_ends_the_pause(archived: Archived) -> None:
    archived.export()

    def meanwhile() -> None:
        message = "planned"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="planned"):
        restored(archived, meanwhile)
    assert archived.ask("SELECT moving_to FROM platform.clinic") == [(None,)]
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM "
    assert archived.ask(f"{locks} pg_database WHERE datname = current_database())") == [(0,)]


@pytest.mark.timeout(60)
def test_a_table_that_no_archive_holds_is_looked_at_again_behind_closed_doors(archived: Archived) -> None:
    archived.ask("CREATE TABLE fp_client (id int PRIMARY KEY)")
    archived.export()
    before = archived.sums()
    with pytest.raises(ArchiveRefused, match="fp_client has rows"):
        restored(archived, lambda: void(archived.ask("INSERT INTO fp_client VALUES (1)")))
    after = archived.sums()
    assert {name for name in before if before[name] != after[name]} == {"fp_client"}


@pytest.mark.timeout(60)
def test_a_clinic_into_which_somebody_came_meanwhile_takes_no_archive(
    archived: Archived, empty: ClinicCard
) -> None:
    archived.export()
    into = Into(empty.code, give_code(archived.tenants, empty))
    world.add_staff(archived.app, empty, "doctor", "village_doctor")

    def meanwhile() -> None:
        with world.inside(archived.app, empty) as session:
            session.execute(
                sa.text(
                    "INSERT INTO resident (id, sex_code, site_id, print_language, form_id, created_at, "
                    "created_by, updated_at, updated_by) SELECT gen_random_uuid(), '1', site.id, 'ug', "
                    "gen_random_uuid(), now(), staff.id, now(), staff.id FROM site, staff LIMIT 1"
                )
            )

    with pytest.raises(ArchiveRefused, match="is not empty"):
        restored(archived, meanwhile, into)
    assert ask(archived.tenants, empty, "SELECT count(*) FROM resident") == [(1,)]
