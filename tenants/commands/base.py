"""What every command of the caretaker needs: who he is, and how it says that it cannot."""

from __future__ import annotations

import contextlib
import json
import os
import typing
from pathlib import Path

import click
import psycopg
from flask import current_app

from tenants.archives.refusals import ArchiveRefused
from tenants.conditions import ConditionError
from tenants.connecting import NotConfigured
from tenants.embedded_account import EmbeddedError
from tenants.initialising import InitialisingError
from tenants.keys import MasterKeyError
from tenants.times import with_zone
from tenants.turns import Busy

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

CANNOT = 2
"""Exit code of a command that could not begin: nothing has changed."""

REPORT = click.Path(path_type=Path, dir_okay=False)


def caretaker() -> Tenants:
    """The application's own."""
    found: Tenants = current_app.extensions["building"]
    return found


def stop(message: str, code: int = CANNOT) -> typing.NoReturn:
    """End the command with a message on standard error; what was typed turns no line of it."""
    click.echo("\n".join(map(shown, f"shipa: {message}".splitlines())), err=True)
    raise click.exceptions.Exit(code)


@contextlib.contextmanager
def cannot_begin() -> Iterator[None]:
    """Turn what says that there is no usable database or key into exit code 2."""
    try:
        yield
    except (
        ArchiveRefused,
        Busy,
        ConditionError,
        EmbeddedError,
        InitialisingError,
        LookupError,
        MasterKeyError,
        NotConfigured,
    ) as error:
        stop(str(error))
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        stop("this database has no platform yet; run `shipa init` first")
    except psycopg.Error as error:
        stop(f"no usable database: {(str(error).splitlines() or [''])[0]}")


def found(code: str) -> ClinicCard:
    """The clinic with this code; ends the command when there is none."""
    with cannot_begin():
        cards = caretaker().clinics(code)
        gone = None if cards else caretaker().removed_at(code)
    if not cards:
        stop(f"clinic {code} was removed on {with_zone(gone)}" if gone else f"no clinic has the code {code}")
    return cards[0]


def check_report(path: Path | None) -> None:
    """End the command before it begins when its report could not be written."""
    if path and not os.access(path.absolute().parent, os.W_OK):
        stop(f"the report cannot be written to {path}")


def write_report(path: Path | None, report: dict[str, object]) -> None:
    """Write a report as JSON, wholly or not at all; direction marks in it are escaped."""
    if path is None:
        return
    text = "".join(map(_visible, json.dumps(report, ensure_ascii=False, indent=2)))
    # A link or a device, /dev/stdout say, is written to and not replaced.
    replaced = not path.is_symlink() and (path.is_file() or not path.exists())
    draft = path.with_name(f".{path.name}.{os.getpid()}") if replaced else path
    try:
        draft.write_text(f"{text}\n", encoding="utf-8")
        if replaced:
            draft.replace(path)
    except OSError as error:
        stop(f"the report cannot be written to {path}: {error.strerror}", code=1)


def _visible(character: str) -> str:
    harmless = character.isprintable() or character == "\n"
    return character if harmless else json.dumps(character)[1:-1]


def shown(text: str) -> str:
    """The text of a file as it may stand on a terminal: nothing in it moves or turns the line."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
