"""Importing rosters: what is created, kept, updated and refused, and what a kill leaves."""

from __future__ import annotations

import dataclasses
import typing

import psycopg
import pytest

from tenants.clinic_check import ClinicCheck
from tenants.extension import NewClinic, Tenants
from tenants.import_planning import Counts
from tenants.importing import Import, Report
from tenants.naming import schema_of
from tenants.provisioning import Order, Provisioner, free_numbers
from tenants.roster import ClinicLine
from tenants.turns import Busy, own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tests.integration.tenants.conftest import Files

    Ask = Callable[..., list[tuple[typing.Any, ...]]]

ONE, TWO = "650099001", "650099002"


def run(tenants: Tenants, roster: Path, sites: Path | None = None) -> Report:
    return Import(roster, sites).run(tenants)


def dry(tenants: Tenants, roster: Path, sites: Path | None = None) -> Report:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        return Import(roster, sites).planned(connection, tenants.settings.clinic_numbers)


def counts(report: Report) -> tuple[Counts, Counts, int]:
    return report.clinics, report.sites, len(report.faults)


def in_clinic(tenants: Tenants, code: str, query: str) -> list[tuple[typing.Any, ...]]:
    """What the owner reads or changes in a clinic's schema."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        connection.execute(f"SET search_path = {schema_of(tenants.clinics(code)[0].number)}")
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def everything(ask: Ask) -> list[tuple[typing.Any, ...]]:
    """Each row of the registry and each thing in the catalogue, with the transaction that wrote it."""
    return ask(
        "SELECT id::text, xmin::text FROM platform.clinic "
        "UNION ALL SELECT id::text, xmin::text FROM platform.operator_act "
        "UNION ALL SELECT oid::text, xmin::text FROM pg_class WHERE relnamespace::regnamespace::text ~ '^t_' "
        "ORDER BY 1"
    )


def test_each_line_becomes_a_whole_clinic(tenants: Tenants, files: Files, ask: Ask) -> None:
    roster = files.roster({}, {"name_zh": " 二院\u3000", "name_ug": "سىناق"})
    sites = files.sites(("650099001200", ONE, "一村卫生室"), ("650099001201", ONE, "二村卫生室"))
    assert counts(run(tenants, roster, sites)) == (Counts(created=2), Counts(created=2), 0)
    assert [(c.code, c.name_zh, c.name_ug, c.state) for c in tenants.clinics()] == [
        (ONE, "试验卫生院", "", "live"),
        (TWO, "二院", "سىناق", "live"),
    ]
    rows = in_clinic(tenants, ONE, "SELECT code, kind, name_zh FROM site ORDER BY code")
    assert rows == [
        (ONE, "centre", "试验卫生院"),
        ("650099001200", "village_clinic", "一村卫生室"),
        ("650099001201", "village_clinic", "二村卫生室"),
    ]
    with tenants.logins.connect("owner", autocommit=True) as connection:
        checker = ClinicCheck(tenants, connection)
        assert [checker.findings(card) for card in tenants.clinics()] == [[], []]


def test_a_name_is_text_whatever_stands_in_it(tenants: Tenants, files: Files) -> None:
    hostile = "O'院\\'; DROP SCHEMA ref CASCADE -- %s %(a)s {} $$ t_0000 \"x"
    roster = files.roster({"name_zh": hostile})
    sites = files.sites(("650099001200", ONE, hostile))
    for _ in range(2):
        assert run(tenants, roster, sites).faults == []
    assert tenants.clinics(ONE)[0].name_zh == hostile
    assert in_clinic(tenants, ONE, "SELECT DISTINCT name_zh FROM site") == [(hostile,)]
    changed = files.roster({"name_zh": hostile[::-1]})
    assert run(tenants, changed, files.sites(("650099001200", ONE, hostile[::-1]))).faults == []
    assert in_clinic(tenants, ONE, "SELECT DISTINCT name_zh FROM site") == [(hostile[::-1],)]


def test_its_staff_are_told_who_made_it(tenants: Tenants, files: Files, ask: Ask) -> None:
    run(tenants, files.roster({}))
    run(tenants, files.roster({"county_zh": "新县"}))
    acts = ask("SELECT act, operator <> '', detail FROM platform.operator_act ORDER BY at")
    assert acts == [("clinic.created", True, ""), ("clinic.updated", True, "county_zh")]


def test_the_same_import_again_changes_nothing(tenants: Tenants, files: Files, ask: Ask) -> None:
    roster = files.roster({}, {})
    sites = files.sites(("650099001200", ONE, "一村卫生室"))
    run(tenants, roster, sites)
    before = everything(ask)
    assert counts(run(tenants, roster, sites)) == (Counts(unchanged=2), Counts(unchanged=1), 0)
    assert everything(ask) == before


def test_an_empty_cell_never_overwrites(tenants: Tenants, files: Files) -> None:
    run(tenants, files.roster({"name_ug": "سىناق", "township_code": ONE}))
    again = files.roster({"name_ug": "", "township_code": "", "prefecture_zh": "", "county_zh": ""})
    assert counts(run(tenants, again)) == (Counts(unchanged=1), Counts(), 0)
    assert tenants.clinics(ONE)[0].name_ug == "سىناق"
    assert tenants.clinics(ONE)[0].county_zh == "试验县"


def test_a_changed_cell_updates_the_registry_and_the_centre(tenants: Tenants, files: Files, ask: Ask) -> None:
    run(tenants, files.roster({}))
    changed = files.roster({"name_zh": "新名卫生院", "kind": "community_health_centre"})
    assert counts(run(tenants, changed)) == (Counts(updated=1), Counts(), 0)
    assert tenants.clinics(ONE)[0].name_zh == "新名卫生院"
    assert tenants.clinics(ONE)[0].kind == "community_health_centre"
    assert in_clinic(tenants, ONE, "SELECT name_zh, version FROM site") == [("新名卫生院", 2)]


def test_a_name_that_the_clinic_set_itself_is_kept(tenants: Tenants, files: Files, ask: Ask) -> None:
    sites = files.sites(("650099001200", ONE, "一村卫生室"), ("650099001201", ONE, "二村卫生室"))
    run(tenants, files.roster({}), sites)
    ask("UPDATE platform.clinic SET name_zh = '自名', name_zh_own = true")
    own = "UPDATE site SET name_zh = '自名', name_zh_own = true WHERE code = '650099001200'"
    in_clinic(tenants, ONE, own)
    sites = files.sites(("650099001200", ONE, "甲"), ("650099001201", ONE, "乙"))
    report = run(tenants, files.roster({"name_zh": "别名"}), sites)
    assert counts(report) == (Counts(unchanged=1), Counts(unchanged=1, updated=1), 0)
    assert tenants.clinics(ONE)[0].name_zh == "自名"
    rows = in_clinic(tenants, ONE, "SELECT name_zh FROM site WHERE kind <> 'centre' ORDER BY code")
    assert rows == [("自名",), ("乙",)]


def test_a_name_that_the_clinic_sets_during_the_import_is_kept(
    tenants: Tenants, files: Files, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tenants, files.roster({}))
    task = Import(files.roster({"name_zh": "别名"}))
    planned = task.planned

    def planned_then_renamed(*asked: typing.Any) -> Report:  # noqa: ANN401 - whatever it is asked with
        report = planned(*asked)
        ask("UPDATE platform.clinic SET name_zh = '自名', name_zh_own = true")
        return report

    monkeypatch.setattr(task, "planned", planned_then_renamed)
    task.run(tenants)
    assert tenants.clinics(ONE)[0].name_zh == "自名"


def test_a_site_of_a_clinic_that_is_there_needs_no_line_in_the_roster(tenants: Tenants, files: Files) -> None:
    run(tenants, files.roster({}))
    sites = files.sites(("650099001200", ONE, "一村卫生室"), ("650099009200", "650099009", "无院"))
    report = run(tenants, files.roster({"code": TWO}), sites)
    assert counts(report) == (Counts(created=1), Counts(created=1), 1)
    assert report.faults[0][1:4] == (3, "institution_code", "650099009")


def test_the_dry_run_reports_the_same_and_writes_nothing(tenants: Tenants, files: Files, ask: Ask) -> None:
    run(tenants, files.roster({}, {}), files.sites(("650099001200", ONE, "一村卫生室")))
    roster = files.roster({}, {"name_zh": "新名"}, {}, {"kind": "x"})
    sites = files.sites(
        ("650099001200", ONE, "新村"),
        ("650099003200", "650099003", "三村"),
        ("650099004200", "650099004", "四"),
    )
    before = everything(ask)
    expected = dry(tenants, roster, sites)
    assert everything(ask) == before
    report = run(tenants, roster, sites)
    assert report.as_dict() == expected.as_dict()
    wanted = (Counts(created=1, unchanged=1, updated=1), Counts(created=1, updated=1), 2)
    assert counts(report) == wanted


def test_one_clinic_that_the_database_refuses_never_stops_the_others(
    tenants: Tenants, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish = tenants.furnish

    def bad_for_two(new: NewClinic) -> Mapping[str, Sequence[Mapping[str, object]]]:
        rows = furnish(new)
        wrong = [{**rows["site"][0], "kind": "castle"}]
        return {**rows, "site": wrong} if new.code == TWO else rows

    monkeypatch.setattr(tenants, "furnish", bad_for_two)
    roster = files.roster({}, {}, {})
    sites = files.sites(("650099002200", TWO, "二村"), ("650099003200", "650099003", "三村"))
    report = run(tenants, roster, sites)
    assert counts(report) == (Counts(created=2), Counts(created=1), 2)
    assert [(f.file, f.line, f.value) for f in report.faults] == [
        (str(roster), 3, TWO),
        (str(sites), 2, TWO),
    ]
    assert "ck_site_kind" in report.faults[0].message
    monkeypatch.undo()
    assert counts(run(tenants, roster, sites)) == (
        Counts(created=1, unchanged=2),
        Counts(created=1, unchanged=1),
        0,
    )


def test_lines_without_a_free_number_are_refused(tenants: Tenants, files: Files, ask: Ask) -> None:
    [(taken,)] = ask("SELECT count(*) FROM pg_roles WHERE rolname ~ '^t_5[0-9]{3}$'")
    narrow = dataclasses.replace(tenants.settings, clinic_numbers=(5000, 5000 + taken))
    few = Tenants(narrow, metadata=tenants.metadata, furnish=tenants.furnish, following=tenants.following)
    roster, sites = files.roster({}, {}), files.sites(("650099002200", TWO, "二村"))
    expected = dry(few, roster, sites)
    report = run(few, roster, sites)
    assert report.as_dict() == expected.as_dict()
    assert counts(report) == (Counts(created=1), Counts(), 2)
    assert "number" in report.faults[0].message


def test_two_imports_at_once_do_not_mix(tenants: Tenants, files: Files) -> None:
    with (
        tenants.logins.connect("owner", autocommit=True) as other,
        own_turn(other),
        pytest.raises(Busy),
    ):
        run(tenants, files.roster({}))
    assert counts(run(tenants, files.roster({}))) == (Counts(created=1), Counts(), 0)


def test_a_clinic_that_fails_leaves_no_trace(tenants: Tenants, files: Files, ask: Ask) -> None:
    run(tenants, files.roster({}))
    before = ask("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_'")
    with tenants.logins.connect("owner", autocommit=True) as connection:
        number = next(free_numbers(connection, tenants.settings.clinic_numbers))
        twice = ClinicLine(2, ONE, "township_health_centre", "又", "", "", "", "", "")
        with pytest.raises(psycopg.errors.UniqueViolation):
            Provisioner(tenants).provision(connection, Order(number, twice))
        role = connection.execute("SELECT to_regrole(%s)", (schema_of(number),)).fetchone()
    assert role == (None,)
    assert ask("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_'") == before
