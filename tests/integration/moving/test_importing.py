"""Onboarding across two cells: each clinic in the cell of its county, wholly or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import typing

import psycopg
import pytest

from tenants.clinic_check import checked
from tenants.extension import Tenants
from tenants.import_planning import Counts
from tenants.importing import Import
from tenants.placing import MAIN, Cell
from tenants.provisioning import Provisioner
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.integration.tenants.conftest import Files

COUNTY = {"county_code": "659901", "county_zh": "远方县"}


@pytest.fixture
def two_cells(app: Flask) -> Tenants:
    """The house, with the far cell for one county."""
    tenants = world.caretaker(app)
    cells = (Cell(MAIN), Cell(world.FAR, frozenset({"659901"})))
    settings = dataclasses.replace(tenants.settings, cells=cells)
    return Tenants(settings, metadata=tenants.metadata, furnish=tenants.furnish, following=tenants.following)


def cells_of(tenants: Tenants, codes: list[str]) -> list[str]:
    return [tenants.clinics(code)[0].cell for code in codes]


def test_a_roster_is_onboarded_across_cells_and_again_changes_nothing(
    two_cells: Tenants, files: Files
) -> None:
    codes = [world.free_code() for _ in range(3)]
    lines = [{"code": codes[0], **COUNTY}, {"code": codes[1]}, {"code": codes[2], **COUNTY}]
    sites = files.sites(
        (f"{codes[0]}001", codes[0], "甲村卫生室"), (f"{codes[1]}001", codes[1], "乙村卫生室")
    )
    roster = files.roster(*({"name_zh": "跨库院", **line} for line in lines))
    first = Import(roster, sites).run(two_cells)
    assert (first.faults, first.clinics, first.sites) == ([], Counts(created=3), Counts(created=2))
    assert cells_of(two_cells, codes) == ["far", "main", "far"]
    again = Import(roster, sites).run(two_cells)
    assert (again.faults, again.clinics, again.sites) == ([], Counts(unchanged=3), Counts(unchanged=2))
    cards = [two_cells.clinics(code)[0] for code in codes]
    assert checked(two_cells, cards, lambda *_: None) == {code: [] for code in codes}
    renamed = files.roster(*({"name_zh": "改名院", **line} for line in lines))
    changed = Import(renamed, files.sites((f"{codes[0]}001", codes[0], "丙村卫生室"))).run(two_cells)
    assert (changed.faults, changed.clinics, changed.sites) == ([], Counts(updated=3), Counts(updated=1))
    with two_cells.logins.of(world.FAR).connect("owner") as there:
        there.execute(f"SET search_path = {cards[0].binding.schema}")
        names = there.execute("SELECT name_zh FROM site ORDER BY kind, code").fetchall()
    assert names == [("改名院",), ("丙村卫生室",)]


def test_an_import_that_dies_between_cell_and_registry_leaves_nothing_and_goes_on(
    two_cells: Tenants, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = world.free_code()
    roster = files.roster({"code": code, "name_zh": "半途院", **COUNTY})
    left = "SELECT count(*) FROM platform.clinic_revision WHERE standing = 'coming'"

    def killed(*_: object) -> Iterator[str]:
        yield "SELECT 1"
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(Provisioner, "_registry_rows", killed)
        Import(roster).run(two_cells)
    with two_cells.logins.of(world.FAR).connect("owner", autocommit=True) as there:
        assert there.execute(left).fetchone() == (1,)
        assert two_cells.clinics(code) == []
        assert Import(roster).run(two_cells).clinics == Counts(created=1)
        assert there.execute(left).fetchone() == (0,)
        query = (
            "SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9]{4}$' AND substr(nspname, 3)::int "
            "<> ALL (SELECT number FROM platform.clinic_revision)"
        )
        assert there.execute(query).fetchall() == []
    assert cells_of(two_cells, [code]) == ["far"]


def test_lines_of_a_cell_that_is_away_are_refused_and_the_others_are_in_place(
    two_cells: Tenants, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> typing.NoReturn:
        raise psycopg.OperationalError

    monkeypatch.setattr(two_cells.logins.of(world.FAR), "connect", refused)
    codes = [world.free_code() for _ in range(2)]
    roster = files.roster({"code": codes[0], **COUNTY}, {"code": codes[1], "name_zh": "近处院"})
    report = Import(roster).run(two_cells)
    assert [(one.line, one.message) for one in report.faults] == [
        (2, "The database of cell far cannot be reached.")
    ]
    assert report.clinics == Counts(created=1)
    assert two_cells.clinics(codes[0]) == []
