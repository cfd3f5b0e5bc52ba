"""``shipa operators``: the register of the console's people."""

from __future__ import annotations

import json
import re
import sys
import typing
import uuid

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from tenants.commands.base import cannot_begin, caretaker, stop

if typing.TYPE_CHECKING:
    from tenants.console.shell import Shell

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_ROLES = ("onboarding", "viewer")


@click.group()
def operators() -> None:
    """People of the platform: add, list, disable, give a new first password."""


@operators.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(_ROLES), help="One of the two, never both.")
@with_appcontext
def add(name: str, role: str) -> None:
    """Add an operator; the first password is read from standard input.

    It is changed at the first sign-in, where the second factor is set up too. Nobody is both: who brings
    clinics to work does not read regional figures, and the other way round.
    """
    if not _NAME.fullmatch(name):
        stop("a name is 2 to 32 small Latin letters, digits, dots or hyphens, and begins with a letter", 1)
    hashed = _shell().hash_password(_password([name]))
    with cannot_begin(), caretaker().logins.connect("owner") as connection:
        try:
            operator_id = uuid.uuid4()
            connection.execute(
                "INSERT INTO platform.operator (id, name, role) VALUES (%s, %s, %s)",
                (operator_id, name, role),
            )
        except psycopg.errors.UniqueViolation:
            stop(f"there is an operator {name} already", 1)
        connection.execute(
            "INSERT INTO platform.operator_secret (operator_id, password_hash) VALUES (%s, %s)",
            (operator_id, hashed),
        )
    click.echo(f"{name} ({role}) may sign in at {_shell().url}/operators")


@operators.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@with_appcontext
def list_operators(form: str) -> None:
    """List all operators, with whether they have a second factor."""
    with cannot_begin(), caretaker().logins.connect("owner") as connection:
        rows = connection.execute(
            "SELECT name, role, CASE WHEN disabled_at IS NULL THEN 'may sign in' ELSE 'disabled' END, "
            "totp_key IS NOT NULL FROM platform.operator JOIN platform.operator_secret ON operator_id = id "
            "ORDER BY name"
        ).fetchall()
    if form == "json":
        names = ("name", "role", "state", "second_factor")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=2))
        return
    for name, role, state, factor in rows:
        click.echo(
            f"{name:32}  {role:10}  {state:11}  {'second factor' if factor else 'no second factor yet'}"
        )
    click.echo(f"{len(rows)} operators")


@operators.command()
@click.argument("name")
@with_appcontext
def disable(name: str) -> None:
    """End an operator's access at once; what she did stays in the clinics' logs under her name."""
    _change(
        name,
        "UPDATE platform.operator SET disabled_at = coalesce(disabled_at, now()) WHERE name = %(name)s "
        "RETURNING id",
    )
    click.echo(f"{name} cannot sign in any more")


@operators.command()
@click.argument("name")
@with_appcontext
def renew(name: str) -> None:
    """Password or telephone lost: a new first password from standard input, and no second factor yet."""
    hashed = _shell().hash_password(_password([name]))
    _change(
        name,
        "UPDATE platform.operator_secret SET password_hash = %(hash)s, password_is_temporary = true, "
        "password_set_at = now(), totp_key = NULL, totp_last_step = NULL FROM platform.operator "
        "WHERE operator_id = id AND name = %(name)s RETURNING id",
        hash=hashed,
    )
    click.echo(f"{name} changes the password and sets up the second factor at the next sign-in")


def _change(name: str, query: str, **values: str) -> None:
    """Change one operator and end every session of hers."""
    with cannot_begin(), caretaker().logins.connect("owner") as connection:
        row = connection.execute(query.encode(), {"name": name, **values}).fetchone()
        if row is None:
            stop(f"there is no operator {name}", 1)
        connection.execute(
            "UPDATE platform.operator_session SET ended_at = now() "
            "WHERE operator_id = %s AND ended_at IS NULL",
            (row[0],),
        )


def _shell() -> Shell:
    return typing.cast("Shell", current_app.extensions["shell"])


def _password(own_words: list[str]) -> str:
    if sys.stdin.isatty():
        text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    with force_locale("en"):
        why = _shell().weakness(text, own_words)
    if why:
        stop(f"this password will not do: {why}", 1)
    return text
