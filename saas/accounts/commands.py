"""``shipa staff add``: the first administrator of a clinic that has none."""

from __future__ import annotations

import datetime
import sys
import typing

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.accounts import first_administrator, permissions, staff_secrets
from saas.accounts.passwords import SHORTEST, canonical, hasher
from saas.accounts.staff_forms import LONGEST_NAME, USERNAME
from saas.web import clock
from saas.web.formats import moment

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from saas.accounts.models import Staff
    from saas.building import Building
    from saas.web.door import ClinicCard

FIRST_SIGN_IN = datetime.timedelta(days=7)
"""How long the password of the command works; the invitation is carried to the clinic."""


@click.group()
def staff() -> None:
    """The first administrator of a clinic."""


@staff.command()
@click.option("--clinic", "code", required=True, help="Code of the institution.")
@click.option("--username", required=True, help="Small Latin letters and digits.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(permissions.ROLES),
    help="Only clinic_admin: everybody else is added by the clinic itself.",
)
@click.option("--name", help="The person's name; the user name until it is known.")
@with_appcontext
def add(code: str, username: str, role: str, name: str | None) -> None:
    """Add the first administrator; the password is read from standard input.

    It must be changed at the first sign-in, within seven days. Works only while the clinic has no
    administrator who can sign in; afterwards the clinic itself adds its staff. When the seven days passed
    before the only person of a clinic came, the same command gives her a new password.
    """
    building = typing.cast("Building", current_app.extensions["building"])
    if role != permissions.CLINIC_ADMIN:
        _refuse("no command gives a role in care or in review; the clinic's administrator does")
    name = (name or username).strip()
    if not USERNAME.fullmatch(username) or len(name) > LONGEST_NAME:
        _refuse("a user name is 2 to 32 small Latin letters and digits, a name at most 100 signs")
    card = next(iter(building.clinics(code)), None)
    if card is None:
        _refuse(f"no clinic has the code {code}")
    password = _password()
    with building.inside(card) as session:
        _add_first(session, card, username, name, password)
        building.record_act(card, "staff.added", f"{username} ({role})")
    click.echo(f"{code}: {username} may sign in until {moment(clock.now() + FIRST_SIGN_IN)} (Beijing time)")


def _add_first(session: Session, card: ClinicCard, username: str, name: str, password: str) -> None:
    people, now = first_administrator.everybody_held(session, card), clock.now()
    if _never_came(people, username, now):
        again = {"password_hash": hasher().hash(password), "password_set_at": now}
        staff_secrets.change(people[0].id, **again, temporary_until=now + FIRST_SIGN_IN)
        return
    if first_administrator.is_there(people):
        _refuse("this clinic has an administrator, who adds its staff (rights N12)")
    if any(who.username == username for who in people):
        _refuse(f"somebody in this clinic has the user name {username}")
    until = now + FIRST_SIGN_IN
    first_administrator.add(session, username, name, hasher().hash(password), now, temporary_until=until)


def _never_came(people: Sequence[Staff], username: str, now: datetime.datetime) -> bool:
    """Nobody is in the clinic but the first administrator, whose invitation ran out before it was used."""
    if [who.username for who in people] != [username] or people[0].disabled_at:
        return False
    secret = staff_secrets.find(people[0].id)
    return (
        secret is not None and secret.has_run_out(now) and not (secret.has_second_factor or secret.has_sheet)
    )


def _password() -> str:
    if sys.stdin.isatty():
        text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if len(canonical(text)) < SHORTEST:
        _refuse(f"the password must have at least {SHORTEST} characters")
    return text


def _refuse(message: str) -> typing.NoReturn:
    raise click.ClickException(message)


COMMANDS = (staff,)
