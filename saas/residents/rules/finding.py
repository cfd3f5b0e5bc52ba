"""What a rule says about answers."""

from __future__ import annotations

import dataclasses
import enum
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(enum.Enum):
    """Blocking: cannot be saved so. Asking: saved when sent a second time. Advising: only told."""

    BLOCKING = "blocking"
    ASKING = "asking"
    ADVISING = "advising"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One remark about one field. ``code`` chooses the sentence, ``values`` fill its gaps.

    ``about`` is the answer that the remark is about; it is never shown and only tells the same
    remark about another answer apart.
    """

    kind: Kind
    code: str
    field: str
    about: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """The text of one gap; empty when the finding has none of this name."""
        return dict(self.values).get(name, "")

    @property
    def identity(self) -> str:
        """Equal for the same remark about the same answer only."""
        gaps = (f"{name}={text}" for name, text in self.values)
        return "\0".join([self.code, self.field, self.about, *gaps])


def blocking(code: str, field: str, **values: str) -> Finding:
    """A finding that refuses."""
    return Finding(Kind.BLOCKING, code, field, values=tuple(values.items()))


def asking(code: str, field: str, about: str, **values: str) -> Finding:
    """A finding that asks once about an answer and gives way."""
    return Finding(Kind.ASKING, code, field, about, tuple(values.items()))


def of_kind(kind: Kind, findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one kind, in their order."""
    return [finding for finding in findings if finding.kind is kind]
