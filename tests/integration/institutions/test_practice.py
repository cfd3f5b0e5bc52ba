"""A practice clinic: made beside a clinic, marked everywhere, emptied and renewed, and never counted."""

from __future__ import annotations

import dataclasses
import re
import typing
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.audit.models import AccessLog
from saas.db import Base
from saas.demo import practice
from saas.formkit.models import Record
from saas.public_health.figures import counting, leaving
from saas.public_health.rules import indicators_periods as periods
from saas.residents.models import Resident
from saas.web import clock
from tenants.outbox import Figure
from tests.support import world
from tests.support.signing_in import browser_of, enter, staff_of

if typing.TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard

ROOT = Path(__file__).resolve().parents[3]
ZH, UG = "练习：这里的人都是虚构的", "مەشىق: بۇ يەردىكى كىشىلەر"


class Pair(typing.NamedTuple):
    """A clinic and its practice clinic."""

    clinic: ClinicCard
    practice: ClinicCard


def shipa(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["clinics", *arguments])


@pytest.fixture(scope="module")
def pair(app: Flask) -> Pair:
    """Made by the command, once for this file; a test that changes it renews it."""
    code = world.free_code()
    clinic = world.provision(app, code, f"练{code}卫生院")
    world.add_staff(app, clinic, "doctor", "village_doctor")
    done = shipa(app, "practice", code)
    assert done.exit_code == 0, done.output
    made = world.card_of(app, f"{code}P")
    world.add_staff(app, made, "trainee", "village_doctor", "clinic_admin", places="all")
    return Pair(clinic, made)


def counted(app: Flask, card: ClinicCard, table: type[typing.Any]) -> int:
    with world.inside(app, card) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def acts(app: Flask, card: ClinicCard) -> list[str]:
    with world.caretaker(app).logins.connect("owner") as owner:
        query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at, id"
        return [act for (act,) in owner.execute(query, [card.id])]


def test_it_has_the_places_of_its_clinic_and_invented_people_only(app: Flask, pair: Pair) -> None:
    assert pair.practice.practice_of == pair.clinic.id
    assert pair.practice.name_zh == f"练习·{pair.clinic.name_zh}"
    sites = []
    for card in pair:
        with world.inside(app, card) as session:
            query = sa.select(Site.code, Site.kind).order_by(Site.code)
            sites.append(session.execute(query).all())
    assert sites[0] == sites[1]
    assert counted(app, pair.practice, Resident) == practice.RESIDENTS
    assert counted(app, pair.practice, Record) > 0
    assert (counted(app, pair.clinic, Resident), counted(app, pair.clinic, Record)) == (0, 0)
    assert acts(app, pair.clinic)[1:] == ["clinic.practice_made"]


def test_nobody_can_sign_in_as_the_invented_doctor(app: Flask, pair: Pair) -> None:
    invented = staff_of(app, pair.practice, "practice")
    assert invented is not None
    assert invented.disabled_at is not None
    assert enter(browser_of(app), pair.practice, "practice").status_code == 422


def test_every_page_says_in_both_languages_that_it_is_practice_and_no_other_clinic_does(
    app: Flask, pair: Pair
) -> None:
    browser = world.sign_in(app, world.Person(pair.practice, trainee(app, pair), "trainee", "village_doctor"))
    for path in ("/residents", "/today", "/staff", "/figures", "/figures/print", "/nothing-here"):
        page = browser.get(path).get_data(as_text=True)
        assert ZH in page, path
        assert UG in page, path
    doctor = staff_of(app, pair.clinic, "doctor")
    assert doctor is not None
    plain = world.sign_in(app, world.Person(pair.clinic, doctor.id, "doctor", "village_doctor"))
    assert ZH not in plain.get("/residents").get_data(as_text=True)


def trainee(app: Flask, pair: Pair) -> uuid.UUID:
    found = staff_of(app, pair.practice, "trainee")
    assert found is not None
    return found.id


def test_at_the_door_it_is_named_as_practice(app: Flask, pair: Pair) -> None:
    browser = browser_of(app)
    assert enter(browser, pair.clinic, "doctor").status_code == 303
    found = browser_of(app).get("/sign-in/clinics", query_string={"q": pair.clinic.name_zh}).get_json()
    marked = {one["code"]: "·" in one["county_zh"] for one in found}
    assert marked == {pair.clinic.code: False, pair.practice.code: True}
    page = enter(browser_of(app), pair.clinic, "doctor").get_data(as_text=True)
    choice = browser_of(app).send(
        "/sign-in", {"clinic": pair.clinic.name_zh, "username": "doctor", "password": "x"}
    )
    assert choice.status_code == 422
    assert re.search(rf"{pair.practice.code}</bdi> · \S", choice.get_data(as_text=True)), page
    assert not re.search(rf"{pair.clinic.code}</bdi> · \S", choice.get_data(as_text=True))


def test_its_figures_never_leave(app: Flask, pair: Pair) -> None:
    today, now = clock.today(), clock.now()
    counting.compute(lambda: world.inside(app, pair.practice), today, now, periods.running(today))
    outbox = world.caretaker(app).outbox(pair.practice)
    with world.inside(app, pair.practice) as session:
        assert leaving.copy(session, outbox, today) == 0
    with pytest.raises(PermissionError):
        outbox.put([Figure("x", "1", "2026", 20, 40, now)])
    with world.caretaker(app).logins.connect("agg") as agg:
        query = "SELECT count(*) FROM agg.indicator WHERE clinic_code = %s"
        assert agg.execute(query, [pair.practice.code]).fetchone() == (0,)
    # The same figures of a clinic that is none for practice would have left.
    real = dataclasses.replace(pair.practice, practice_of=None)
    with world.inside(app, pair.practice) as session:
        assert leaving.copy(session, world.caretaker(app).outbox(real), today) > 0
    with world.caretaker(app).logins.connect("agg") as agg:
        agg.execute("DELETE FROM agg.indicator WHERE clinic_code = %s", [pair.practice.code])


def test_the_list_of_clinics_does_not_count_it(app: Flask, pair: Pair) -> None:
    told = shipa(app, "list").output
    assert re.search(rf"{pair.practice.code} +practice ", told)
    clinics, beside = re.findall(r"(\d+) clinics, and (\d+) for practice", told)[0]
    assert int(clinics) + int(beside) == len(told.splitlines()) - 1


def test_it_is_emptied_and_renewed_and_its_staff_and_log_stay(app: Flask, pair: Pair) -> None:
    before = counted(app, pair.practice, Staff), counted(app, pair.practice, AccessLog)
    assert shipa(app, "practice", pair.clinic.code, "--empty").exit_code == 0
    assert (counted(app, pair.practice, Resident), counted(app, pair.practice, Record)) == (0, 0)
    assert (counted(app, pair.practice, Staff), counted(app, pair.practice, AccessLog)) == before
    assert shipa(app, "practice", pair.practice.code, "--renew").exit_code == 0
    assert counted(app, pair.practice, Resident) == practice.RESIDENTS
    assert acts(app, pair.practice)[-2:] == ["clinic.practice_emptied"] * 2
    assert acts(app, pair.clinic)[1:] == ["clinic.practice_made"]


def test_no_clinic_with_residents_is_emptied_filled_or_made_one(app: Flask, pair: Pair) -> None:
    clinic = world.provision(app, world.free_code(), "真人之院")
    other = world.provision(app, world.free_code(), "另一之院")
    for arguments in (
        ["practice", clinic.code, "--empty"],
        ["practice", clinic.code, "--renew"],
        ["practice", pair.clinic.code],
        ["practice", pair.practice.code],
        ["practice", "000000000"],
        ["practice", pair.clinic.code, "--renew", "--empty"],
        ["merge", pair.practice.code, other.code],
        ["merge", other.code, pair.practice.code],
        ["recode", pair.practice.code, world.free_code()],
    ):
        refused = shipa(app, *arguments)
        assert refused.exit_code in {1, 2}, arguments
        assert "Traceback" not in refused.output
    with pytest.raises(LookupError, match="no practice clinic"):
        practice.fill(world.caretaker(app), clinic)
    with pytest.raises(LookupError, match="has residents"):
        practice.fill(world.caretaker(app), pair.practice)
    assert counted(app, pair.practice, Resident) == practice.RESIDENTS


def test_no_statement_marks_a_clinic_later() -> None:
    """``practice_of`` is written with a clinic's first row and by nothing else."""
    sources = [
        path.read_text(encoding="utf-8")
        for folder in ("tenants", "saas")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert not [text for text in sources if re.search(r"practice_of\s*=\s*(%|:|null)", text, re.IGNORECASE)]


def test_what_is_emptied_is_every_table_but_those_of_the_clinic_and_its_staff() -> None:
    kept = {"access_log", "clinic_setting", "site", "staff", "staff_secret"}
    assert set(practice.EMPTIED) == Base.metadata.tables.keys() - kept
