"""Institutions changed by command, in real clinics: previewed, done, at the door, in a roster, undone."""

from __future__ import annotations

import re
import typing

import pytest
import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.web import clock
from tenants.import_planning import Counts
from tenants.importing import Import
from tenants.outbox import Figure
from tests.support import world
from tests.support.signing_in import browser_of, enter, text_of

if typing.TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard


@pytest.fixture
def one(app: Flask) -> ClinicCard:
    """A clinic with two village clinics and a doctor."""
    return made(app, 2)


@pytest.fixture
def other(app: Flask) -> ClinicCard:
    """Another one without village clinics."""
    return made(app, 0)


def made(app: Flask, sites: int) -> ClinicCard:
    code = world.free_code()
    card = world.provision(app, code, f"变更{code}卫生院", sites=sites)
    world.add_staff(app, card, "doctor", "village_doctor")
    return card


def shipa(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["clinics", *arguments])


def number_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    found = re.search(r"change ([0-9a-f-]{36})", result.output)
    assert found, result.output
    return found[1]


def lines_of(result: Result) -> list[str]:
    """What a change tells, without its number."""
    return [line for line in result.output.splitlines() if not re.match("change |nothing was", line)]


def everything(app: Flask, *cards: ClinicCard) -> list[typing.Any]:
    """All rows that a change may touch."""
    ids = [card.id for card in cards]
    with world.caretaker(app).logins.connect("owner") as owner:
        found: list[typing.Any] = owner.execute(
            "SELECT id, code, name_zh, name_ug, state, successor_id, suspended_at FROM platform.clinic "
            "WHERE id = ANY (%s) ORDER BY number",
            [ids],
        ).fetchall()
        for query in (
            "SELECT code, clinic_id FROM platform.clinic_code ORDER BY code",
            "SELECT count(*) FROM platform.operator_act",
            "SELECT count(*) FROM platform.clinic_change",
        ):
            found += owner.execute(query.encode()).fetchall()
    for card in cards:
        with world.inside(app, card) as session:
            found += session.execute(
                sa.select(Site.code, Site.kind, Site.name_zh, Site.closed_at).order_by(Site.code)
            ).all()
    return found


def open_sites(app: Flask, card: ClinicCard) -> set[str]:
    with world.inside(app, card) as session:
        return set(session.scalars(sa.select(Site.code).where(Site.closed_at.is_(None))))


def acts(app: Flask, card: ClinicCard) -> list[tuple[str, str]]:
    with world.caretaker(app).logins.connect("owner") as owner:
        query = "SELECT act, detail FROM platform.operator_act WHERE clinic_id = %s ORDER BY at, id"
        return owner.execute(query, [card.id]).fetchall()[1:]


def commands(one: ClinicCard, other: ClinicCard) -> dict[str, list[str]]:
    return {
        "rename": ["rename", one.code, "--zh", "新名卫生院", "--ug", "يېڭى نام"],
        "recode": ["recode", one.code, world.free_code()],
        "merge": ["merge", one.code, other.code],
        "move-site": ["move-site", f"{one.code}001", "--from", one.code, "--to", other.code],
    }


@pytest.mark.parametrize("kind", ["rename", "recode", "merge", "move-site"])
def test_a_preview_says_what_is_done_and_changes_nothing(
    app: Flask, one: ClinicCard, other: ClinicCard, kind: str
) -> None:
    command, before = commands(one, other)[kind], everything(app, one, other)
    preview = shipa(app, *command, "--dry-run")
    assert preview.exit_code == 0, preview.output
    assert everything(app, one, other) == before
    done = shipa(app, *command)
    assert number_of(done)
    assert lines_of(preview) == lines_of(done) != []
    assert "1 members of staff and 0 residents stay" in done.output


@pytest.mark.parametrize("kind", ["rename", "recode", "merge", "move-site"])
def test_each_change_is_an_act_that_the_staff_are_shown_and_can_be_undone(
    app: Flask, one: ClinicCard, other: ClinicCard, kind: str
) -> None:
    old = world.card_of(app, one.code), open_sites(app, one), open_sites(app, other)
    number = number_of(shipa(app, *commands(one, other)[kind]))
    concerned = (one, other) if kind in {"merge", "move-site"} else (one,)
    for card in concerned:
        ((act, detail),) = acts(app, card)
        assert act == f"clinic.{ {'move-site': 'site_moved'}.get(kind, kind.rstrip('e') + 'ed') }"
        assert number in detail
    assert shipa(app, "undo", number, "--dry-run").exit_code == 0
    assert len(acts(app, one)) == 1
    assert number_of(shipa(app, "undo", number)) == number
    assert (world.card_of(app, one.code), open_sites(app, one), open_sites(app, other)) == old
    assert [act for act, _ in acts(app, one)][1:] == ["clinic.change_undone"]
    again = shipa(app, "undo", number)
    assert (again.exit_code, "undone already" in again.output) == (1, True)


def test_the_staff_read_what_was_done_at_their_next_sign_in(app: Flask, one: ClinicCard) -> None:
    number_of(shipa(app, "rename", one.code, "--zh", "新名卫生院"))
    browser = browser_of(app)
    assert enter(browser, one, "doctor").headers["Location"] == "/notices"
    page = text_of(browser.get("/notices"))
    assert "新名卫生院" in page
    assert "residents stay" not in page


def test_an_old_code_leads_to_the_clinic_at_the_door_and_for_commands(app: Flask, one: ClinicCard) -> None:
    new = world.free_code()
    number = number_of(shipa(app, "recode", one.code, new))
    assert enter(browser_of(app), one, "doctor").status_code == 303
    assert world.card_of(app, one.code).code == new
    assert f'"{new}"' in shipa(app, "show", one.code, "--format", "json").output
    assert shipa(app, "recode", one.code, one.code).exit_code == 0
    assert world.card_of(app, new).code == one.code
    assert shipa(app, "undo", number).exit_code == 1


def test_an_undone_code_leads_on_too_since_it_may_be_printed(app: Flask, one: ClinicCard) -> None:
    new = world.free_code()
    shipa(app, "undo", number_of(shipa(app, "recode", one.code, new)))
    assert world.card_of(app, new).code == one.code


def test_published_figures_follow_a_new_code_and_are_not_there_twice(app: Flask, one: ClinicCard) -> None:
    caretaker = world.caretaker(app)
    caretaker.outbox(one).put([Figure("x", "1", "2026", 20, 40, clock.now())])
    new = world.free_code()
    number_of(shipa(app, "recode", one.code, new))
    assert caretaker.outbox(one).published() == []
    assert len(caretaker.outbox(world.card_of(app, new)).published()) == 1


def test_a_merged_clinic_is_read_by_its_own_staff_and_its_code_leads_to_both(
    app: Flask, one: ClinicCard, other: ClinicCard
) -> None:
    with world.inside(app, one) as session:
        before = session.scalars(sa.select(Staff.username)).all()
    number_of(shipa(app, "merge", one.code, other.code))
    choice = enter(browser_of(app), one, "doctor")
    assert choice.status_code == 422
    page = choice.get_data(as_text=True)
    assert f'value="{one.code}"' in page
    assert f'value="{other.code}"' in page
    browser = browser_of(app)
    chosen = {"asked": one.code, "clinic": one.code, "username": "doctor", "password": world.PASSWORD}
    assert browser.send("/sign-in", chosen | {"clinic_code": other.code}).status_code == 303
    assert browser_of(app).send("/sign-in", chosen | {"clinic_code": one.code}).status_code == 303
    with world.inside(app, one) as session:
        assert session.scalars(sa.select(Staff.username)).all() == before


def test_after_its_30_days_the_code_of_a_merged_clinic_leads_to_the_other_alone(
    app: Flask, one: ClinicCard, other: ClinicCard
) -> None:
    number_of(shipa(app, "merge", one.code, other.code))
    with world.caretaker(app).logins.connect("owner") as owner:
        owner.execute(
            "UPDATE platform.clinic SET suspended_at = now() - interval '31 days' WHERE id = %s", [one.id]
        )
    browser = browser_of(app)
    assert enter(browser, one, "doctor").status_code == 303
    assert other.name_zh in text_of(browser.get("/notices"))


def test_a_roster_with_old_codes_makes_and_changes_nothing(
    app: Flask,
    one: ClinicCard,
    other: ClinicCard,
    tmp_path: typing.Any,  # noqa: ANN401
) -> None:
    new = world.free_code()
    for command in (
        ["recode", one.code, new],
        ["rename", new, "--zh", "新名卫生院"],
        ["move-site", f"{one.code}001", "--from", new, "--to", other.code],
    ):
        number_of(shipa(app, *command))
    roster, sites = tmp_path / "roster.csv", tmp_path / "sites.csv"
    roster.write_text(
        "code,kind,name_zh,name_ug,prefecture_zh,county_code,county_zh,township_code\n"
        f"{one.code},township_health_centre,{one.name_zh},,试验地区,650099,试验县,650099001\n"
    )
    sites.write_text(
        f"code,institution_code,name_zh\n{one.code}001,{one.code},试验1村卫生室\n{one.code}002,{one.code},试验2村卫生室\n"
    )
    before = everything(app, one, other)
    report = Import(roster, sites).run(world.caretaker(app))
    assert (report.clinics, report.sites) == (Counts(unchanged=1), Counts(unchanged=2))
    assert everything(app, one, other) == before


def test_a_change_of_more_than_7_days_ago_stays(app: Flask, one: ClinicCard) -> None:
    number = number_of(shipa(app, "rename", one.code, "--zh", "新名卫生院"))
    with world.caretaker(app).logins.connect("owner") as owner:
        owner.execute(
            "UPDATE platform.clinic_change SET at = now() - interval '7 days' WHERE id = %s", [number]
        )
    late = shipa(app, "undo", number)
    assert (late.exit_code, "7 days" in late.output) == (1, True)
    assert world.card_of(app, one.code).name_zh == "新名卫生院"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["recode", "000000000", "650099777"], 2),
        (["recode", "{one}", "12"], 1),
        (["recode", "{one}", "{other}"], 1),
        (["merge", "{one}", "{one}"], 1),
        (["merge", "{one}", "000000000"], 2),
        (["move-site", "000000000001", "--from", "{one}", "--to", "{other}"], 1),
        (["rename", "{one}"], 1),
        (["undo", "00000000-0000-0000-0000-000000000000"], 2),
        (["undo", "x"], 2),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    app: Flask, one: ClinicCard, other: ClinicCard, arguments: list[str], code: int
) -> None:
    before = everything(app, one, other)
    result = shipa(app, *(word.format(one=one.code, other=other.code) for word in arguments))
    assert (result.exit_code, "Traceback" in result.output) == (code, False)
    assert everything(app, one, other) == before


def test_a_change_that_breaks_off_leaves_nothing_behind(
    app: Flask, one: ClinicCard, other: ClinicCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(app, one, other)
    monkeypatch.setattr("tenants.changes.running._put_sites", lambda *_: None)
    assert shipa(app, "merge", one.code, other.code).exit_code == 1
    assert everything(app, one, other) == before
