"""What a person must still do between the right password and her work: pure, in a fixed order."""

from __future__ import annotations

import dataclasses

SECOND_FACTOR = "second_factor"
NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a page
ENROL = "enrol"
SHEET = "sheet"
NOTICE = "notice"
FULL = "full"

STAGES = (SECOND_FACTOR, NEW_PASSWORD, ENROL, SHEET, NOTICE, FULL)


@dataclasses.dataclass(frozen=True)
class Standing:
    """What decides about the next stage of one person's sign-in."""

    has_second_factor: bool
    password_is_temporary: bool
    is_administrator: bool
    has_sheet: bool
    has_notices: bool = False


def next_stage(standing: Standing, after: str | None) -> str:
    """The stage that follows ``after`` (``None``: the password was right just now).

    The second factor comes first: nobody sets a password or sees a notice without it.
    """
    due = {
        SECOND_FACTOR: standing.has_second_factor and after is None,
        NEW_PASSWORD: standing.password_is_temporary,
        ENROL: standing.is_administrator and not standing.has_second_factor,
        SHEET: standing.is_administrator and not standing.has_sheet,
        NOTICE: standing.has_notices,
    }
    return next((stage for stage in STAGES if due.get(stage)), FULL)
