"""A clinic in a further cell: practised, told of in the console as not known, and changed nowhere else."""

from __future__ import annotations

import re
import typing

import pytest

from tenants.moving.move import Move
from tenants.moving.rules import MoveRefused
from tenants.placing import MAIN
from tests.support import operating, world
from tests.support.rosters import ask
from tests.support.signing_in import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk

    Shipa = Callable[..., Result]

NOT_KNOWN = re.compile("بۇ يەردە مەلۇم ئەمەس|此处未知")
ROOMS = "SELECT version, rooms FROM {}.clinic_setting"


@pytest.fixture(scope="module")
def card(app: Flask) -> ClinicCard:
    """A clinic of the far cell, provisioned and nothing more."""
    code = world.free_code()
    made = world.provision(app, code, f"远{code}卫生院", cell=world.FAR)
    ask(app, "UPDATE platform.clinic SET state = 'provisioned' WHERE id = %s", made.id)
    return world.card_of(app, code)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return operating.sign_in(app, operating.add(app))


def there(app: Flask, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    """As the owner of the far cell."""
    with world.caretaker(app).logins.of(world.FAR).connect("owner", autocommit=True) as connection:
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def acts(app: Flask, card: ClinicCard) -> list[str]:
    query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at"
    return [act for (act,) in ask(app, query, card.id)]


# the console


def test_the_console_says_what_it_does_not_know(card: ClinicCard, desk: Desk) -> None:
    answer = desk.at(f"/clinics/{card.id}")
    assert answer.status_code == 200
    told = text_of(answer)
    # Seven items of the list that the system finds, and every room that can be switched.
    assert len(NOT_KNOWN.findall(told)) > 7
    assert world.FAR in told
    assert f"/clinics/{card.id}/room" not in answer.get_data(as_text=True)


def test_no_room_is_switched_and_no_step_forward_is_taken(app: Flask, card: ClinicCard, desk: Desk) -> None:
    before = there(app, ROOMS.format(card.binding.schema)), acts(app, card)
    room = next(name for name, _ in operating.console_of(app).shell.rooms)
    assert desk.do(f"/clinics/{card.id}/room", {"room": room, "on": "0"}).status_code == 303
    way = {"was": "provisioned", "goes_to": "configured", "reason": ""}
    assert desk.do(f"/clinics/{card.id}/move", way).status_code == 422
    assert (there(app, ROOMS.format(card.binding.schema)), acts(app, card)) == before
    assert world.card_of(app, card.code).state == "provisioned"


def test_an_administrator_that_nobody_can_see_is_not_taken_for_none(
    app: Flask, card: ClinicCard, desk: Desk
) -> None:
    """Rights N12: an invitation goes only to a clinic of which it is known that it has no administrator."""
    world.add_staff(app, card, "head", "clinic_admin")
    where = {"prefecture": "试验地区", "county": "试验县"}
    assert desk.do("/slips", where).status_code in {200, 303}
    assert ask(app, "SELECT count(*) FROM platform.invitation WHERE clinic_id = %s", card.id) == [(0,)]
    token = ask(app, "SELECT token_hash FROM platform.operator_session ORDER BY created_at DESC LIMIT 1")[0][
        0
    ]
    call = b"SELECT platform.operator_invite(%s, %s, 'x', 'head')"
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:
        assert connection.execute(call, (token, card.id)).fetchone() == (False,)
    assert "invitation.printed" not in acts(app, card)


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


@pytest.mark.parametrize("kind", ["rename", "recode", "merge"])
def test_institutions_are_changed_in_the_main_cell_only(
    app: Flask, card: ClinicCard, shipa: Shipa, kind: str
) -> None:
    other = world.provision(app, world.free_code(), "远近卫生院", sites=0)
    words = {
        "rename": (card.code, "--zh", "远名卫生院"),
        "recode": (card.code, world.free_code()),
        "merge": (other.code, card.code),
    }
    registry = "SELECT * FROM platform.clinic WHERE id = ANY (%s) ORDER BY id"
    before = ask(app, registry, [card.id, other.id])
    refused = shipa("clinics", kind, *words[kind])
    assert refused.exit_code != 0
    assert f"{card.code} lives in cell far: institutions are changed in cell main only" in refused.output
    assert "Traceback" not in refused.output
    assert ask(app, registry, [card.id, other.id]) == before


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
