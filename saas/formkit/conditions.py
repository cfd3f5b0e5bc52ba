"""When a field is asked or needed, as data: another answer, an age, or that it is due."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping


class Condition:
    """Something that holds or not for the answers so far (``scope``: names to values)."""

    def holds(self, scope: Mapping[str, object]) -> bool:
        """True when the field is asked."""
        raise NotImplementedError

    def described(self) -> dict[str, object]:
        """The condition for other programs."""
        raise NotImplementedError

    def names(self) -> set[str]:
        """The fields and facts that it reads."""
        raise NotImplementedError

    def __or__(self, other: Condition) -> Condition:
        return Either((self, other))

    def __and__(self, other: Condition) -> Condition:
        return Both((self, other))

    def __invert__(self) -> Condition:
        return Not(self)


@dataclasses.dataclass(frozen=True)
class Chosen(Condition):
    """One of these codes is the answer, or among the answers."""

    field: str
    codes: tuple[str, ...]

    def holds(self, scope: Mapping[str, object]) -> bool:
        answer = scope.get(self.field)
        return bool(set(answer if isinstance(answer, tuple) else (answer,)) & set(self.codes))

    def described(self) -> dict[str, object]:
        return {"field": self.field, "in": list(self.codes)}

    def names(self) -> set[str]:
        return {self.field}


@dataclasses.dataclass(frozen=True)
class Given(Condition):
    """The field has any answer."""

    field: str

    def holds(self, scope: Mapping[str, object]) -> bool:
        return scope.get(self.field) not in (None, (), "")

    def described(self) -> dict[str, object]:
        return {"field": self.field, "given": True}

    def names(self) -> set[str]:
        return {self.field}


@dataclasses.dataclass(frozen=True)
class AtLeast(Condition):
    """A fact about the person is known and not below a number, like completed years."""

    fact: str
    least: int

    def holds(self, scope: Mapping[str, object]) -> bool:
        value = scope.get(self.fact)
        return isinstance(value, int) and value >= self.least

    def described(self) -> dict[str, object]:
        return {"fact": self.fact, "at_least": self.least}

    def names(self) -> set[str]:
        return {self.fact}


@dataclasses.dataclass(frozen=True)
class Due(Condition):
    """A rule of the form (one of its computed values) says that this is due."""

    computed: str

    def holds(self, scope: Mapping[str, object]) -> bool:
        return bool(scope.get(f"computed_{self.computed}"))

    def described(self) -> dict[str, object]:
        return {"due": self.computed}

    def names(self) -> set[str]:
        return {f"computed_{self.computed}"}


@dataclasses.dataclass(frozen=True)
class Either(Condition):
    """At least one of them."""

    parts: tuple[Condition, ...]

    def holds(self, scope: Mapping[str, object]) -> bool:
        return any(part.holds(scope) for part in self.parts)

    def described(self) -> dict[str, object]:
        return {"any": [part.described() for part in self.parts]}

    def names(self) -> set[str]:
        return {name for part in self.parts for name in part.names()}


@dataclasses.dataclass(frozen=True)
class Both(Condition):
    """All of them."""

    parts: tuple[Condition, ...]

    def holds(self, scope: Mapping[str, object]) -> bool:
        return all(part.holds(scope) for part in self.parts)

    def described(self) -> dict[str, object]:
        return {"all": [part.described() for part in self.parts]}

    def names(self) -> set[str]:
        return {name for part in self.parts for name in part.names()}


@dataclasses.dataclass(frozen=True)
class Not(Condition):
    """The opposite."""

    part: Condition

    def holds(self, scope: Mapping[str, object]) -> bool:
        return not self.part.holds(scope)

    def described(self) -> dict[str, object]:
        return {"not": self.part.described()}

    def names(self) -> set[str]:
        return self.part.names()


def chosen(field: str, *codes: str) -> Condition:
    """The answer is, or holds, one of these codes."""
    return Chosen(field, codes)
