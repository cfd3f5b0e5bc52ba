"""Two people changed one form: what each field was, what the other saved, what you typed."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

MINE, THEIRS = "mine", "theirs"


@dataclasses.dataclass(frozen=True)
class Difference:
    """One field on which the stored form and the typed one do not agree."""

    field: str
    before: str | None
    theirs: str
    mine: str

    @property
    def proposed(self) -> str:
        """The side that changed it, when only one did; empty when both did or nobody knows."""
        if self.before is None:
            return ""
        if self.before == self.mine:
            return THEIRS
        return MINE if self.before == self.theirs else ""


def differences(
    before: Mapping[str, str] | None, theirs: Mapping[str, str], mine: Mapping[str, str]
) -> list[Difference]:
    """The fields that differ, in the order of the form. ``before`` is None when it is not known."""
    return [
        Difference(field, None if before is None else before.get(field, ""), saved, mine[field])
        for field, saved in theirs.items()
        if saved != mine[field]
    ]


def chosen(theirs: Mapping[str, str], mine: Mapping[str, str], choices: Mapping[str, str]) -> dict[str, str]:
    """The form that follows from the choices; a field without a choice stays as typed."""
    return {
        field: theirs[field] if choices.get(field) == THEIRS and field in theirs else typed
        for field, typed in mine.items()
    }


def without_choice(found: list[Difference], choices: Mapping[str, str]) -> list[str]:
    """The fields that both changed and nobody has decided yet."""
    return [one.field for one in found if choices.get(one.field) not in {MINE, THEIRS}]
