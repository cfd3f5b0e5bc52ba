"""A clinic in a further cell: practised there, and changed nowhere else. The console: test_other_cells."""

from __future__ import annotations

import typing

import pytest

from tenants.moving.move import Move
from tenants.moving.rules import MoveRefused
from tenants.placing import MAIN
from tests.support import world
from tests.support.elsewhere import acts, make, there
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard

    Shipa = Callable[..., Result]


@pytest.fixture(scope="module")
def card(app: Flask) -> ClinicCard:
    return make(app)


# practice clinics


def test_a_practice_clinic_is_made_emptied_and_filled_in_its_clinics_cell(app: Flask, shipa: Shipa) -> None:
    code = world.free_code()
    clinic = world.provision(app, code, f"远练{code}卫生院", cell=world.FAR)
    done = shipa("clinics", "practice", code)
    assert done.exit_code == 0, done.output
    made = world.card_of(app, f"{code}P")
    assert (made.cell, made.practice_of) == (world.FAR, clinic.id)
    residents = f"SELECT count(*) FROM {made.binding.schema}.resident"  # noqa: S608
    ((many,),) = there(app, residents)
    assert many > 0
    assert shipa("clinics", "practice", code, "--empty").exit_code == 0
    assert there(app, residents) == [(0,)]
    assert acts(app, made)[-1] == "clinic.practice_emptied"
    ask(app, "UPDATE platform.clinic SET moving_to = %s WHERE id = %s", MAIN, made.id)
    try:
        refused = shipa("clinics", "practice", code, "--empty")
    finally:
        ask(app, "UPDATE platform.clinic SET moving_to = NULL WHERE id = %s", made.id)
    assert refused.exit_code != 0
    assert "is being moved to cell main" in refused.output


# changes of institutions


def centre(app: Flask, card: ClinicCard) -> tuple[str, str]:
    """The code and the Chinese name of its centre, in its own cell."""
    query = f"SELECT code, name_zh FROM {card.binding.schema}.site WHERE kind = 'centre'"  # noqa: S608
    ((code, name),) = there(app, query)
    return code, name


def number_of(done: Result) -> str:
    """The number of the change, by which it is undone."""
    assert done.exit_code == 0, done.output
    return done.output.strip().splitlines()[-1].removeprefix("change ")


def test_a_clinic_elsewhere_is_renamed_with_its_centre_and_back(app: Flask, shipa: Shipa) -> None:
    code = world.free_code()
    made = world.provision(app, code, f"远旧{code}卫生院", sites=1, cell=world.FAR)
    shown = shipa("clinics", "rename", code, "--zh", f"远新{code}卫生院", "--dry-run")
    assert f"远旧{code}卫生院 -> 远新{code}卫生院" in shown.output
    assert centre(app, made) == (code, f"远旧{code}卫生院")
    number = number_of(shipa("clinics", "rename", code, "--zh", f"远新{code}卫生院"))
    assert world.card_of(app, code).name_zh == f"远新{code}卫生院"
    assert centre(app, made) == (code, f"远新{code}卫生院")
    assert acts(app, made)[-1] == "clinic.renamed"
    assert shipa("clinics", "undo", number).exit_code == 0
    assert world.card_of(app, code).name_zh == f"远旧{code}卫生院"
    assert centre(app, made) == (code, f"远旧{code}卫生院")


def test_a_clinic_elsewhere_gets_another_code_and_the_old_one_leads_there(app: Flask, shipa: Shipa) -> None:
    old, new = world.free_code(), world.free_code()
    made = world.provision(app, old, f"远码{old}卫生院", sites=1, cell=world.FAR)
    number = number_of(shipa("clinics", "recode", old, new))
    assert (world.card_of(app, new).id, world.card_of(app, new).cell) == (made.id, world.FAR)
    assert world.card_of(app, old).id == made.id
    assert centre(app, made)[0] == old, "its sites keep their codes"
    assert shipa("clinics", "undo", number).exit_code == 0
    assert world.card_of(app, old).code == old


def test_what_fails_after_the_rows_elsewhere_were_written_changes_nothing(
    app: Flask, shipa: Shipa, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = world.free_code()
    made = world.provision(app, code, f"远败{code}卫生院", sites=1, cell=world.FAR)
    monkeypatch.setattr("tenants.changes.running._put_clinic", lambda *_: None)
    refused = shipa("clinics", "rename", code, "--zh", f"远新{code}卫生院")
    assert (refused.exit_code, "nothing was changed" in refused.output) == (1, True)
    assert world.card_of(app, code).name_zh == f"远败{code}卫生院"
    assert centre(app, made) == (code, f"远败{code}卫生院")


@pytest.mark.parametrize("homes", [(world.FAR, MAIN), (MAIN, world.FAR), (world.FAR, world.FAR)])
@pytest.mark.parametrize("kind", ["merge", "move-site"])
def test_what_moves_sites_is_done_in_the_main_cell_only(
    app: Flask, shipa: Shipa, kind: str, homes: tuple[str, str]
) -> None:
    codes = [world.free_code() for _ in homes]
    made = [
        world.provision(app, code, f"远近{code}卫生院", sites=1, cell=home)
        for code, home in zip(codes, homes, strict=True)
    ]
    words = {
        "merge": (codes[0], codes[1]),
        "move-site": (f"{codes[0]}001", "--from", codes[0], "--to", codes[1]),
    }
    registry = "SELECT * FROM platform.clinic WHERE id = ANY (%s) ORDER BY id"
    before = ask(app, registry, [card.id for card in made])
    refused = shipa("clinics", kind, *words[kind])
    assert refused.exit_code == 1
    assert "lives in cell far: several institutions together" in refused.output
    assert "Traceback" not in refused.output
    assert ask(app, registry, [card.id for card in made]) == before


def test_a_clinic_on_its_way_is_not_changed(app: Flask, shipa: Shipa) -> None:
    made = world.provision(app, world.free_code(), "远路卫生院", sites=0)
    ask(app, "UPDATE platform.clinic SET moving_to = %s WHERE id = %s", world.FAR, made.id)
    refused = shipa("clinics", "rename", made.code, "--zh", "远名卫生院")
    assert (refused.exit_code != 0, "is being moved between cells" in refused.output) == (True, True)
    ask(app, "UPDATE platform.clinic SET moving_to = NULL WHERE id = %s", made.id)
    assert world.card_of(app, made.code).name_zh == "远路卫生院"


# isolation


def test_between_two_levels_of_isolation_nothing_is_moved(app: Flask, card: ClinicCard) -> None:
    tenants = world.caretaker(app)
    guard = "CREATE FUNCTION platform.guard_gate(number text) RETURNS void LANGUAGE sql AS ''"
    there(app, guard)
    try:
        with (
            tenants.logins.connect("owner", autocommit=True) as registry,
            pytest.raises(MoveRefused, match="another level of isolation"),
        ):
            Move(tenants, registry, card, MAIN).run()
    finally:
        there(app, "DROP FUNCTION platform.guard_gate(text)")
    assert world.card_of(app, card.code) == card
