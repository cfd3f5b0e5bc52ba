"""Onboarding the roster that ships with the product, whole or a few of its clinics."""

from __future__ import annotations

import csv
import tempfile
import typing
from pathlib import Path

from tenants.commands.progress import progress
from tenants.importing import Import
from tenants.tidying import tidy

if typing.TYPE_CHECKING:
    from collections.abc import Collection

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
