"""``shipa audit seal`` and ``shipa audit verify``."""

from __future__ import annotations

import json
import sys
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import track

from saas.audit import chain, sealing
from saas.audit.verifying import Verdict, heads, verdicts
from saas.building import Building
from saas.web import clock
from saas.web.door import ClinicCard
from saas.web.formats import moment

_FILE = click.Path(path_type=Path, dir_okay=False)
_READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def audit() -> None:
    """Seal and verify the access logs."""


@audit.command()
@click.argument("file", type=_FILE, required=False)
@with_appcontext
def seal(file: Path | None) -> None:
    """Write the signed heads of all clinics' access logs to FILE.

    Without FILE into the seals folder of the data. A cut of rows newer than the last seal cannot be
    seen later: seal daily and keep the files, and a copy of seal.pub, off this server.
    """
    building, now = _building(), clock.now()
    if file and not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}", param_hint="FILE")
    known: dict[str, chain.Seal] = {}
    failed = 0
    cards = _watched(building.clinics(), "sealing")
    for code, head in heads(building, cards):
        if isinstance(head, str):
            failed += 1
            click.echo(f"{code}: {head}", err=True)
        else:
            known[code] = head
    # A seal that knows no clinic would hide a cut that the one before it shows.
    told = "there was nothing to seal; no file was written"
    if known:
        told = f"sealed {len(known)} clinics: {_sealed_into(building, file, sealing.Sealed(now, known))}"
    if not failed:
        building.record_seal(now)
    click.echo(told)
    sys.exit(1 if failed else 0)


def _sealed_into(building: Building, file: Path | None, sealed: sealing.Sealed) -> Path:
    """Write the seal to the file, or into the house's own folder; where it is."""
    path = file or _seals(building) / sealing.seal_name(sealed.at)
    try:
        if file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        sealing.write_seal(path, sealed, sealing.signing_key(_keys(building)))
    except (OSError, sealing.SealError) as error:
        raise click.ClickException(str(error)) from error
    return path


@audit.command()
@click.option("--clinic", "code", metavar="CODE", help="Only this clinic.")
@click.option("--seal", "file", type=_READABLE, help="This seal instead of the newest one.")
@click.option("--key", type=_READABLE, help="Your own copy of seal.pub instead of the server's.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@with_appcontext
def verify(code: str | None, file: Path | None, key: Path | None, form: str) -> None:
    """Check the newest seal's signature, then every access log against it.

    Exit 0: all whole. Exit 1: something was changed, deleted, put in, exchanged or cut; each row is
    named. A cut of rows newer than the seal cannot be seen.
    """
    building = _building()
    cards = building.clinics(code)
    if code is not None and not cards:
        raise click.BadParameter(f"there is no clinic {code}", param_hint="--clinic")
    path = file or sealing.newest_seal(_seals(building))
    sealed, problem = _sealed(path, key or _keys(building) / sealing.PUBLIC_KEY)
    known = sealed.heads if sealed else {}
    found = list(verdicts(building, _watched(cards, "verifying"), known))
    if code is None:
        found += _vanished(known, cards)
    report = _Report(path, sealed, problem, found)
    click.echo(report.as_json() if form == "json" else report.as_text())
    sys.exit(0 if report.whole else 1)


COMMANDS = (audit,)


class _Report(typing.NamedTuple):
    """What ``verify`` has to say."""

    path: Path | None
    sealed: sealing.Sealed | None
    problem: str
    verdicts: Sequence[Verdict]

    @property
    def whole(self) -> bool:
        return not self.problem and all(verdict.whole for verdict in self.verdicts)

    def as_text(self) -> str:
        lines = [self.problem or self._seal_line()]
        for verdict in self.verdicts:
            if verdict.problem:
                lines.append(f"{verdict.code}: {verdict.problem}")
            lines += [f"{verdict.code}: {fault.kind}: {fault.text}" for fault in verdict.faults]
        faulty = sum(not verdict.whole for verdict in self.verdicts)
        rows = sum(verdict.row_count for verdict in self.verdicts)
        lines.append(f"clinics: {len(self.verdicts)}, rows: {rows}, with faults: {faulty}")
        return "\n".join(lines)

    def _seal_line(self) -> str:
        if self.sealed is None:
            return "no seal: a cut of the newest rows cannot be seen"
        return f"seal of {moment(self.sealed.at)} (Beijing time): {self.path}"

    def as_json(self) -> str:
        told = {
            "whole": self.whole,
            "seal": {
                "file": None if self.path is None else str(self.path),
                "sealed_at": self.sealed and self.sealed.at.isoformat(),
                "problem": self.problem or None,
            },
            "clinics": [_told(verdict) for verdict in self.verdicts],
        }
        return json.dumps(told, ensure_ascii=False, indent=2)


def _told(verdict: Verdict) -> dict[str, object]:
    return {
        "code": verdict.code,
        "rows": verdict.row_count,
        "problem": verdict.problem or None,
        "faults": [fault._asdict() for fault in verdict.faults],
    }


def _building() -> Building:
    return typing.cast("Building", current_app.extensions["building"])


def _keys(building: Building) -> Path:
    return building.folder / "keys"


def _seals(building: Building) -> Path:
    return building.folder / "seals"


def _sealed(path: Path | None, key: Path) -> tuple[sealing.Sealed | None, str]:
    if path is None:
        return None, ""
    try:
        return sealing.read_seal(path, sealing.public_key(key)), ""
    except sealing.SealError as error:
        return None, str(error)


def _vanished(known: Iterable[str], cards: Iterable[ClinicCard]) -> list[Verdict]:
    """Clinics that the seal knows and the registry does not."""
    here = {card.code for card in cards}
    problem = "is in the seal and no longer in the registry"
    return [Verdict(code, 0, problem=problem) for code in known if code not in here]


def _watched(cards: Sequence[ClinicCard], what: str) -> Iterable[ClinicCard]:
    console = Console(stderr=True)
    return track(cards, what, console=console, disable=not console.is_terminal)
