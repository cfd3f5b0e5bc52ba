"""A clinic is moved to another database while its doctor is in the middle of a form."""

from __future__ import annotations

import typing

import pytest
import sqlalchemy as sa

from tenants.moving.move import Move
from tenants.placing import MAIN
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.e2e.people import somebody
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.cards import ClinicCard
    from tests.e2e.house import House

MOVED = {"ug": "بۇ ئاپپارات يۆتكىلىۋاتىدۇ", "zh": "此机构正在迁移"}
VILLAGE = "试验村 7 يېزا"
READS = {"ug": "باشقا مۇلازىمېتىرغا يۆتكىلىۋاتىدۇ", "zh": "正在迁移到另一台服务器"}


def count(house: House, card: ClinicCard, name: str) -> int:
    """How many residents of the clinic have this name."""
    with world.inside(house.app, card) as session:
        query = sa.text("SELECT count(*) FROM resident_name WHERE text = :name")
        return int(session.scalar(query, {"name": name}) or 0)


def move(house: House, card: ClinicCard, to: str, meanwhile: Callable[[], None]) -> None:
    """As the command does; when all rows were copied once, something is done by somebody else."""
    tenants, steps = world.caretaker(house.app), 0

    def told() -> None:
        nonlocal steps
        steps += 1
        if steps == len(tenants.metadata.tables):
            meanwhile()

    with tenants.logins.connect("owner", autocommit=True) as registry:
        assert Move(tenants, registry, card, to).run(told).done == "moved"


def begin(hands: Hands, house: House, here: str) -> tuple[ClinicCard, str]:
    """A doctor of a new clinic has filled in a new resident; returns the clinic and the resident's name."""
    code, new = world.free_code(), somebody(hands.language)
    card = world.provision(house.app, code, f"迁移中{code}卫生院", cell=here)
    sit_down(hands, house, world.add_staff(house.app, card, "doctor", "village_doctor"))
    hands.go("/residents/new")
    fill(hands, new.name)
    return card, new.name


def fill(hands: Hands, name: str) -> None:
    hands.page.fill("#name_0", name)
    hands.page.fill("#birth", "1990")
    hands.page.check("#sex_code-0")
    hands.page.fill("#village", VILLAGE)


def save_and_be_told(hands: Hands) -> None:
    """She saves, and reads that her institution is being moved."""
    hands.click("main form[data-main] .submit-bar .btn-primary")
    hands.wait(f"text={MOVED[hands.language]}")


def look_around(hands: Hands) -> None:
    """Meanwhile her pages can be read, and say what is going on."""
    answer = hands.page.goto(f"{hands.url}/residents")
    assert answer is not None
    assert answer.status == 200
    check_page(answer.text(), "ug" if hands.language == "ug" else "zh")
    assert READS[hands.language] in hands.text()


BOTH_WAYS = [(MAIN, world.FAR), (world.FAR, MAIN)]


@pytest.mark.parametrize(("here", "there"), BOTH_WAYS)
def test_a_doctor_in_the_middle_of_a_form_reads_on_and_saves_it_once_after_the_move(
    hands: Hands, house: House, here: str, there: str
) -> None:
    card, name = begin(hands, house, here)

    def meanwhile() -> None:
        save_and_be_told(hands)
        hands.picture(f"moving-to-{there}")
        assert violations(hands.page) == []
        assert count(house, card, name) == 0
        look_around(hands)
        hands.picture(f"moving-to-{there}-read")

    move(house, card, there, meanwhile)
    moved = world.card_of(house.app, card.code)
    assert (moved.cell, moved.moving_to, count(house, moved, name)) == (there, None, 0)
    hands.go("/")
    hands.at("/held")
    hands.click("main .card summary")
    assert name in hands.text()
    hands.picture(f"moved-to-{there}-held")
    hands.follow("main .card .btn-primary")
    hands.at("/residents/{id}")
    assert VILLAGE in hands.text()
    hands.go("/")
    assert "/held" not in hands.page.url, "it is offered once"
    assert count(house, moved, name) == 1


def test_without_scripts_what_was_held_back_is_saved_once_too(bare: Hands, house: House) -> None:
    """She sends it twice while it moves, and is offered it once."""
    card, name = begin(bare, house, MAIN)

    def meanwhile() -> None:
        save_and_be_told(bare)
        bare.go("/residents/new")
        fill(bare, name)
        save_and_be_told(bare)

    move(house, card, world.FAR, meanwhile)
    bare.go("/")
    bare.at("/held")
    bare.follow("main .card .btn-primary")
    bare.at("/residents/{id}")
    bare.go("/")
    assert "/held" not in bare.page.url
    moved = world.card_of(house.app, card.code)
    assert (moved.cell, count(house, moved, name)) == (world.FAR, 1)
