"""Conditions of readiness, and where the further cells stand: whether they answer, and at which revisions."""

from __future__ import annotations

import contextlib
import typing

import psycopg

from tenants.cell_desk import CellSilent, CellStrange
from tenants.embedded import EmbeddedError
from tenants.placing import MAIN
from tenants.trees import CLINIC, PLATFORM

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tenants.cell_desk import CellDesk
    from tenants.connecting import Logins
    from tenants.trees import Tree

_ASK = "SELECT * FROM platform.cell_standing()"
_MIGRATE = "run `shipa migrate`"


class Check(typing.NamedTuple):
    """One condition: whether it holds (nothing: this machine cannot tell) and words for the operator."""

    name: str
    holds: bool | None
    words: str
    degraded: bool = False
    """Some clinics cannot work as they should and all others can: no reason to send everybody away."""


class CellStanding(typing.NamedTuple):
    """One further cell; what is not known is nothing."""

    cell: str
    answers: bool
    """It takes connections, and where it can be asked a row could be written."""
    platform: bool | None
    """Its platform's tables are at this release, or a newer one's."""
    clinics: bool | None
    """All its clinics are."""
    words: str
    """What is wrong and what to do; empty when nothing is."""

    @property
    def holds(self) -> bool:
        """Whether its clinics can work as they should, as far as is known."""
        return self.answers and self.platform is not False and self.clinics is not False


def at_head(name: str, tree: Tree, revisions: Sequence[str]) -> Check:
    """Whether everything is at the head; a revision that this release does not know is a newer one.

    That is so after a roll-back: old code runs on the new schema, which only grew.
    """
    known = {script.revision for script in tree.scripts.walk_revisions()}
    behind = [revision for revision in revisions if revision in known and revision != tree.head]
    if behind or (name == "platform" and not revisions):
        return Check(name, holds=False, words=f"behind this release: {_MIGRATE}")
    newer = any(revision not in known for revision in revisions)
    return Check(name, holds=True, words="newer than this release" if newer else "at this release")


def cell_standings(desk: CellDesk, away: Collection[str] = ()) -> list[CellStanding]:
    """Every further cell; those that are known to be ``away`` are not asked."""
    return [_silent(cell) if cell in away else cell_standing(desk, cell) for cell in desk.cells]


def cell_standing(desk: CellDesk, cell: str) -> CellStanding:
    """One further cell, asked now."""
    if not desk.can_ask(cell):
        words = f"revisions of cell {cell} are not known without {desk.variable(cell)}"
        return CellStanding(cell, True, None, None, words)  # noqa: FBT003 - fields
    try:
        (row,) = desk.rows(cell, _ASK)
    except CellStrange:
        # The function came with a revision, so the platform is older, or was never made.
        return CellStanding(cell, True, False, None, f"cell {cell}: behind this release: {_MIGRATE}")  # noqa: FBT003
    except (CellSilent, EmbeddedError):
        return _silent(cell)
    except psycopg.Error as error:
        words = f"cell {cell} takes no rows: {type(error).__name__}"
        return CellStanding(cell, False, None, None, words)  # noqa: FBT003
    return _judged(cell, row["platform_revision"], row["clinic_revisions"])


def main_standing(logins: Logins) -> CellStanding:
    """The main cell, asked as the gate. Raises ``psycopg.Error``."""
    with contextlib.closing(logins.connect("gate", autocommit=True)) as connection:
        query = "SELECT platform_revision, clinic_revisions FROM platform.standing"
        return _judged(MAIN, *(connection.execute(query).fetchone() or (None, [])))


def _judged(cell: str, platform: str | None, clinics: Sequence[str]) -> CellStanding:
    checks = (
        at_head("platform", PLATFORM, [platform] if platform else []),
        at_head("clinics", CLINIC, clinics),
    )
    words = ", ".join(f"{one.name} of cell {cell} {one.words}" for one in checks if not one.holds)
    return CellStanding(cell, True, checks[0].holds, checks[1].holds, words)  # noqa: FBT003


def _silent(cell: str) -> CellStanding:
    return CellStanding(cell, False, None, None, f"cell {cell} cannot be reached")  # noqa: FBT003


def cells_check(standings: Sequence[CellStanding]) -> Check:
    """The one line of readiness: of a cell that is away or behind only its own clinics suffer."""
    told = ", ".join(one.words for one in standings if one.words)
    wrong = any(not one.holds for one in standings)
    return Check("cells", None if told else True, told or "all answer, at this release", degraded=wrong)
