"""``shipa demo``: make three clinics with synthetic people, print their accounts, serve."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.accounts import second_factor
from saas.accounts.models import Staff
from saas.demo import mark, records, residents, staff
from saas.residents.commands import rekeyed
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from saas.building import Building
    from saas.web.clinic import Clinic

CLINICS = ("653101210", "650102003", "650102002002")
"""Of the roster: a township health centre with village clinics, a community centre, a station."""

RESIDENTS_EACH = 120
OPERATOR = "operator1"


@dataclasses.dataclass(frozen=True)
class DemoParts:
    """What the demo needs of the caretaker; handed over by ``create_app``."""

    embedded: bool
    prepare: Callable[[], Sequence[str]]
    onboard: Callable[[Sequence[str] | None], None]
    serve: Callable[[str | None], None]
    stop: Callable[[], bool]
    employ: Callable[[str], tuple[str, str] | None]
    """Make the demo's operator; password and second factor's key, or nothing when there is one."""


@click.group(invoke_without_command=True)
@click.option("--clinics", default="demo", help="demo: the three demo clinics; all: the whole roster.")
@click.option("--bind", default=None, help="Address to serve on; by default that of SHIPA_URL.")
@click.option("--no-serve", is_flag=True, help="Make the demo and stop.")
@click.pass_context
@with_appcontext
def demo(context: click.Context, clinics: str, bind: str | None, *, no_serve: bool) -> None:
    """Make the demo's clinics, staff and residents, print the accounts, and serve."""
    if context.invoked_subcommand:
        return
    building, parts = _building(), _parts()
    _claim(building, parts)
    for change in parts.prepare():
        click.echo(f"  {change}")
    parts.onboard(None if clinics == "all" else CLINICS)
    _furnish(building)
    _employ(building, parts)
    _print(mark.read_accounts(building.folder))
    if not no_serve:
        parts.serve(bind)


@demo.command()
@click.argument("username")
@with_appcontext
def code(username: str) -> None:
    """Print the current code of a demo administrator's second factor."""
    for account in _marked(_building().folder):
        if account.username == username and account.totp_key:
            click.echo(second_factor.current_code(account.totp_key, clock.now()))
            return
    message = f"no demo account {username} with a second factor"
    raise click.ClickException(message)


@demo.command()
@with_appcontext
def clean() -> None:
    """Stop the demo's database and delete its folder; refuses any folder the demo did not make."""
    building, parts = _building(), _parts()
    if not building.folder.exists():
        click.echo(f"nothing to remove: {building.folder}")
        return
    _marked(building.folder)
    if not parts.stop():
        message = "the demo is still being served; stop it first"
        raise click.ClickException(message)
    mark.remove(building.folder)
    click.echo(f"removed {building.folder}")


def _building() -> Building:
    return typing.cast("Building", current_app.extensions["building"])


def _parts() -> DemoParts:
    return typing.cast("DemoParts", current_app.extensions["demo"])


def _claim(building: Building, parts: DemoParts) -> None:
    if not parts.embedded:
        message = "a database is configured; `shipa demo` uses only the embedded one that it made"
        raise click.ClickException(message)
    try:
        mark.claim(building.folder)
    except mark.NotADemoError as error:
        raise click.ClickException(str(error)) from error


def _marked(folder: Path) -> list[mark.Account]:
    try:
        return mark.read_accounts(folder)
    except mark.NotADemoError as error:
        raise click.ClickException(str(error)) from error


def _furnish(building: Building) -> None:
    """Add staff and residents to each demo clinic that has none yet."""
    for number, clinic_code in enumerate(CLINICS, start=1):
        card = building.clinics(clinic_code)[0]
        with building.inside(card) as session:
            if session.query(Staff).first() is None:
                _people(building, clinic_of(card, session.query(ClinicSetting).one()), number)
            # Data kept from an earlier release has names without their keys.
            while rekeyed(session):
                session.flush()


def _people(building: Building, clinic: Clinic, number: int) -> None:
    """The accounts are written down before the commit: a half-made demo is made anew, not locked out."""
    made = staff.add_staff(clinic, number, clock.now())
    residents.add_residents(clinic, RESIDENTS_EACH, clock.now())
    signed = records.add_records(clinic, clock.now())
    others = [row for row in mark.read_accounts(building.folder) if row.clinic_code != clinic.code]
    mark.write_accounts(building.folder, others + made)
    click.echo(f"  {clinic.name_zh}: {len(made)} staff, {RESIDENTS_EACH} residents, {signed} records")


def _employ(building: Building, parts: DemoParts) -> None:
    """One operator of the console, so that it can be tried out."""
    made = parts.employ(OPERATOR)
    if made is None:
        return
    password, key = made
    account = mark.Account("operators", "/operators", "onboarding", OPERATOR, password, key)
    mark.write_accounts(building.folder, [*mark.read_accounts(building.folder), account])


def _print(accounts: Sequence[mark.Account]) -> None:
    click.echo("\nDemo accounts (synthetic; every password is of this folder only):")
    clinic_code = ""
    for account in accounts:
        if account.clinic_code != clinic_code:
            clinic_code = account.clinic_code
            click.echo(f"\n  {clinic_code}  {account.clinic_name}")
        click.echo(f"    {account.username:<22}{account.password}")
        if account.totp_key:
            click.echo(f"    {'':<22}second factor {account.totp_key}")
    click.echo("\n  An administrator's code now: .venv/bin/shipa demo code admin1\n")
