"""Onboarding the roster that ships with the product, whole or a few of its clinics."""

from __future__ import annotations

import csv
import secrets
import tempfile
import typing
import uuid
from pathlib import Path

from tenants.commands.progress import progress
from tenants.console.sealing import Seal, factor_place
from tenants.importing import Import
from tenants.tidying import tidy

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tenants.extension import Tenants

DATA = Path(__file__).resolve().parent / "data"
CLINICS = DATA / "institutions.csv"
SITES = DATA / "village-clinics.csv"

MANY = 50
"""New clinics from which on it is worth tidying the server's catalogues at once."""


def onboard(tenants: Tenants, codes: Collection[str] | None) -> None:
    """Import the shipped roster, or only the clinics with these codes; repeating changes nothing."""
    with tempfile.TemporaryDirectory() as folder, progress("clinics") as told:
        if codes is None:
            task = Import(CLINICS, SITES)
        else:
            task = Import(
                _only(CLINICS, "code", codes, Path(folder)),
                _only(SITES, "institution_code", codes, Path(folder)),
            )
        report = task.run(tenants, told=told)
    if report.faults:
        message = f"the shipped roster was refused: {report.faults[0].message}"
        raise RuntimeError(message)
    if report.clinics.created >= MANY:
        tidy(tenants)


def _only(source: Path, column: str, codes: Collection[str], folder: Path) -> Path:
    target = folder / source.name
    with (
        source.open(newline="", encoding="utf-8") as read,
        target.open("w", newline="", encoding="utf-8") as write,
    ):
        reader = csv.DictReader(read)
        writer = csv.DictWriter(write, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(row for row in reader if row[column] in codes)
    return target


def employ(
    tenants: Tenants, name: str, hash_password: Callable[[str], str], key: str
) -> tuple[str, str] | None:
    """The demo's operator, past her first sign-in; ``None`` when there is one. Returns password and key."""
    password, operator_id = f"demo {secrets.token_hex(4)} {secrets.token_hex(4)}", uuid.uuid4()
    sealed = Seal(tenants.master).close(key, factor_place(operator_id))
    with tenants.logins.connect("owner") as connection:
        if connection.execute("SELECT 1 FROM platform.operator WHERE name = %s", [name]).fetchone():
            return None
        connection.execute(
            "INSERT INTO platform.operator (id, name, role) VALUES (%s, %s, 'onboarding')",
            [operator_id, name],
        )
        connection.execute(
            "INSERT INTO platform.operator_secret (operator_id, password_hash, password_is_temporary, "
            "totp_key) VALUES (%s, %s, false, %s)",
            [operator_id, hash_password(password), sealed],
        )
    return password, key
