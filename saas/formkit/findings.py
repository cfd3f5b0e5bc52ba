"""What a rule of a form says about answers; the rules know no language, only codes and values."""

from __future__ import annotations

import dataclasses
import enum


class Kind(enum.Enum):
    """Emergency comes first on the page; blocking refuses; asking wants one confirmation; advising tells."""

    EMERGENCY = "emergency"
    BLOCKING = "blocking"
    ASKING = "asking"
    ADVISING = "advising"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One remark about fields. ``code`` chooses the sentence, ``values`` fill its gaps.

    ``source`` names the paragraph that the rule comes from (a key of the room's sources). A value that
    begins with ``field:`` or ``choice:`` is said with the label of that field or choice.
    """

    kind: Kind
    code: str
    fields: tuple[str, ...]
    source: str
    values: tuple[tuple[str, str], ...] = ()


def emergency(code: str, *fields: str, source: str, **values: object) -> Finding:
    """Treat and refer urgently: shown before everything else, whatever else is wrong."""
    return _finding(Kind.EMERGENCY, code, fields, source, values)


def blocking(code: str, *fields: str, source: str, **values: object) -> Finding:
    """The answers contradict each other and cannot be signed so."""
    return _finding(Kind.BLOCKING, code, fields, source, values)


def asking(code: str, *fields: str, source: str, **values: object) -> Finding:
    """Asks once and gives way."""
    return _finding(Kind.ASKING, code, fields, source, values)


def advising(code: str, *fields: str, source: str, **values: object) -> Finding:
    """Tells the rule; the doctor decides and may note "not followed, because …"."""
    return _finding(Kind.ADVISING, code, fields, source, values)


def _finding(
    kind: Kind, code: str, fields: tuple[str, ...], source: str, values: dict[str, object]
) -> Finding:
    return Finding(kind, code, fields, source, tuple((name, str(value)) for name, value in values.items()))
