"""``shipa staff add``: the first administrator, and never anybody else (rights N12)."""

from __future__ import annotations

import typing

import pytest

from saas.accounts.models import Site
from saas.accounts.permissions import ROLES
from tests.support import world
from tests.support.signing_in import browser_of, enter, staff_of, text_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.integration.accounts.conftest import West

PASSWORD = "carried to the clinic"


@pytest.fixture
def empty(app: Flask) -> ClinicCard:
    """A clinic without anybody."""
    code = world.free_code()
    return world.provision(app, code, f"空{code}卫生院", sites=0)


def add(app: Flask, card: ClinicCard, *more: str, password: str = PASSWORD) -> Result:
    """Run the command."""
    words = ["staff", "add", "--clinic", card.code, "--username", "head", *more]
    if "--role" not in more:
        words += ["--role", "clinic_admin"]
    return app.test_cli_runner().invoke(args=words, input=password + "\n")


def test_the_first_administrator_changes_her_password_at_once(app: Flask, empty: ClinicCard) -> None:
    result = add(app, empty, "--name", "ئايگۈل سىناق")
    assert result.exit_code == 0, result.output
    head = staff_of(app, empty, "head")
    assert head is not None
    assert (head.name, head.roles) == ("ئايگۈل سىناق", ["clinic_admin"])
    with world.inside(app, empty) as session:
        centre = session.query(Site).one()
    assert head.site_ids == [str(centre.id)], "without a place no record would open to her"
    browser = browser_of(app)
    assert enter(browser, empty, "head", PASSWORD).headers["Location"] == "/new-password"


def test_the_act_is_shown_to_the_clinic(app: Flask, empty: ClinicCard) -> None:
    add(app, empty)
    doctor = world.add_staff(app, empty, "doctor", "village_doctor")
    with world.inside(app, empty) as session:
        from saas.accounts.models import Staff  # noqa: PLC0415

        row = session.get(Staff, doctor.staff_id)
        assert row is not None
        row.acts_seen_at = None
    browser = browser_of(app)
    enter(browser, empty, "doctor")
    assert "head (clinic_admin)" in text_of(browser.get("/notices"))


@pytest.mark.parametrize("role", [role for role in ROLES if role != "clinic_admin"])
def test_no_other_role_is_given(app: Flask, empty: ClinicCard, role: str) -> None:
    result = add(app, empty, "--role", role)
    assert result.exit_code == 1
    assert staff_of(app, empty, "head") is None


def test_only_while_the_clinic_has_no_administrator(app: Flask, empty: ClinicCard) -> None:
    assert add(app, empty).exit_code == 0
    result = app.test_cli_runner().invoke(
        args=["staff", "add", "--clinic", empty.code, "--username", "again", "--role", "clinic_admin"],
        input=PASSWORD,
    )
    assert result.exit_code == 1
    assert staff_of(app, empty, "again") is None


def test_a_live_clinic_is_not_entered(west: West) -> None:
    assert add(west.app, west.card).exit_code == 1
    assert staff_of(west.app, west.card, "head") is None


def test_the_password_works_for_seven_days(
    app: Flask, empty: ClinicCard, moved_clock: Callable[..., None]
) -> None:
    add(app, empty)
    moved_clock(days=7, seconds=1)
    assert enter(browser_of(app), empty, "head", PASSWORD).status_code == 422


def test_an_invitation_that_ran_out_unused_is_given_again(
    app: Flask, empty: ClinicCard, moved_clock: Callable[..., None]
) -> None:
    add(app, empty)
    assert add(app, empty, password="before it ran out").exit_code == 1
    moved_clock(days=7, seconds=1)
    assert add(app, empty, "--username", "another").exit_code == 1
    assert add(app, empty, password="a second invitation").exit_code == 0
    assert enter(browser_of(app), empty, "head", PASSWORD).status_code == 422
    answer = enter(browser_of(app), empty, "head", "a second invitation")
    assert answer.headers["Location"] == "/new-password"


def test_it_is_not_given_again_to_a_clinic_in_which_somebody_works(
    app: Flask, empty: ClinicCard, moved_clock: Callable[..., None]
) -> None:
    add(app, empty)
    world.add_staff(app, empty, "doctor", "village_doctor")
    moved_clock(days=8)
    assert add(app, empty, password="a second invitation").exit_code == 1


@pytest.mark.parametrize(
    ("more", "password"),
    [
        (["--username", "Head Of"], PASSWORD),
        (["--name", "x" * 101], PASSWORD),
        ([], "short"),
        ([], ""),
        (["--clinic", "999999999"], PASSWORD),
    ],
)
def test_what_does_not_hold_adds_nobody(
    app: Flask, empty: ClinicCard, more: list[str], password: str
) -> None:
    result = add(app, empty, *more, password=password)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert staff_of(app, empty, "head") is None
