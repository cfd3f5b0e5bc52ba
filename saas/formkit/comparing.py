"""Two versions of one form, field by field: what differs, which is proposed, and what was chosen."""

from __future__ import annotations

import typing

from saas.formkit import posting
from saas.formkit.declaring import fields_of

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.formkit.declaring import Form
    from saas.formkit.posting import Posted

THEIRS, MINE = "theirs", "mine"
CHOICE_PREFIX = "choose-"


class Difference(typing.NamedTuple):
    """A field that is not the same; ``proposed`` is the side that alone changed it, or nothing."""

    name: str
    proposed: str


def differences(
    form: type[Form], before: Posted | None, theirs: Posted, mine: Posted, hidden: frozenset[str]
) -> list[Difference]:
    """The fields in which two versions differ. Without what was before, nothing is proposed."""
    found = []
    for name, field in fields_of(form).items():
        if name in hidden or field.kind in {"calculated", "reference"}:
            continue
        stored, typed = posting.parts_of(theirs, name), posting.parts_of(mine, name)
        if stored != typed:
            was = None if before is None else posting.parts_of(before, name)
            found.append(Difference(name, THEIRS if was == typed else MINE if was == stored else ""))
    return found


def choices(sent: Posted) -> dict[str, str]:
    """The side that was chosen for each field."""
    return {
        key.removeprefix(CHOICE_PREFIX): texts[0]
        for key, texts in sent.items()
        if key.startswith(CHOICE_PREFIX) and texts and texts[0] in {THEIRS, MINE}
    }


def merged(form: type[Form], theirs: Posted, mine: Posted, chosen: Mapping[str, str]) -> dict[str, list[str]]:
    """What follows from the choices: my version, with the fields in which theirs is taken."""
    found = {key: list(texts) for key, texts in mine.items() if not key.startswith(CHOICE_PREFIX)}
    for name in fields_of(form):
        if chosen.get(name) == THEIRS:
            for key in posting.parts_of(found, name):
                del found[key]
            found |= posting.parts_of(theirs, name)
    return found
