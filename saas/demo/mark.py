"""The demo's mark: the file that says a data folder was made by ``shipa demo``, and its accounts."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import typing

if typing.TYPE_CHECKING:
    from pathlib import Path

FILE = "demo.json"


class NotADemoError(RuntimeError):
    """The folder holds a database that the demo did not make; nothing was touched."""


@dataclasses.dataclass(frozen=True)
class Account:
    """One demo account, as printed: synthetic, of this folder only."""

    clinic_code: str
    clinic_name: str
    role: str
    username: str
    password: str
    totp_key: str = ""


def read_accounts(folder: Path) -> list[Account]:
    """The accounts of the demo in this folder. Raises ``NotADemoError`` when it has no mark."""
    try:
        rows = json.loads((folder / FILE).read_text())
    except FileNotFoundError as error:
        message = f"{folder} was not made by `shipa demo`"
        raise NotADemoError(message) from error
    return [Account(**row) for row in rows]


def write_accounts(folder: Path, accounts: list[Account]) -> None:
    """Set the mark, readable by this user only."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump([dataclasses.asdict(account) for account in accounts], file, indent=1)
    part.replace(folder / FILE)


def is_marked(folder: Path) -> bool:
    """True when the demo made this folder."""
    return (folder / FILE).exists()


def claim(folder: Path) -> None:
    """Mark an empty folder as the demo's; raise ``NotADemoError`` for somebody else's data."""
    if is_marked(folder):
        return
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} holds data that `shipa demo` did not make; name another SHIPA_DATA"
        raise NotADemoError(message)
    write_accounts(folder, [])


def remove(folder: Path) -> None:
    """Delete a marked folder. Raises ``NotADemoError`` for any other."""
    read_accounts(folder)
    shutil.rmtree(folder)
