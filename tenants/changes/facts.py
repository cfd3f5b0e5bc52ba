"""What a change of institutions is about: clinics with their codes, names, sites; nobody's name or record."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing
import uuid

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIVE, SUSPENDED = "live", "suspended"
READS_ONLY = frozenset({SUSPENDED, "closed"})
"""States in which nothing new begins (rights I12)."""
CENTRE, VILLAGE = "centre", "village_clinic"


@dataclasses.dataclass(frozen=True)
class Site:
    """A place of work as the change sees it."""

    code: str
    kind: str
    name_zh: str
    name_ug: str = ""
    closed: bool = False


@dataclasses.dataclass(frozen=True)
class Institution:
    """A clinic as the change sees it; its people are numbers only, and no change alters them."""

    id: uuid.UUID
    code: str
    name_zh: str
    name_ug: str
    state: str = LIVE
    name_zh_own: bool = False
    name_ug_own: bool = False
    successor: uuid.UUID | None = None
    is_practice: bool = False
    sites: Mapping[str, Site] = dataclasses.field(default_factory=dict)
    people_here: int = dataclasses.field(default=0, compare=False)
    residents: int = dataclasses.field(default=0, compare=False)

    def with_sites(self, *changed: Site) -> Institution:
        """The same with these sites added or in place of those of their code."""
        return dataclasses.replace(self, sites={**self.sites, **{site.code: site for site in changed}})

    def as_dict(self) -> dict[str, typing.Any]:
        """For the ledger."""
        told = dataclasses.asdict(self)
        successor = None if self.successor is None else str(self.successor)
        return told | {"id": str(self.id), "successor": successor}

    @classmethod
    def of(cls, told: Mapping[str, typing.Any]) -> Institution:
        """From the ledger."""
        successor = told["successor"]
        return cls(
            **{
                **told,
                "id": uuid.UUID(told["id"]),
                "successor": None if successor is None else uuid.UUID(successor),
                "sites": {code: Site(**site) for code, site in told["sites"].items()},
            }
        )


@dataclasses.dataclass(frozen=True)
class Standing:
    """The institutions of a change, every old code that leads to one of them, and all codes in use."""

    institutions: Mapping[uuid.UUID, Institution]
    old_codes: Mapping[str, uuid.UUID] = dataclasses.field(default_factory=dict)
    taken: frozenset[str] = dataclasses.field(default=frozenset(), compare=False)
    """Codes of all clinics of the platform and old codes that lead to others."""

    def with_institutions(self, *changed: Institution) -> Standing:
        """The same with these in place of what they were."""
        new = {one.id: one for one in changed}
        return dataclasses.replace(self, institutions={**self.institutions, **new})

    def with_old_codes(self, codes: Iterable[str], to: uuid.UUID) -> Standing:
        """The same with these codes leading to a clinic."""
        return dataclasses.replace(self, old_codes={**self.old_codes, **dict.fromkeys(codes, to)})

    def without_old_codes(self, *codes: str) -> Standing:
        """The same without these."""
        left = {code: to for code, to in self.old_codes.items() if code not in codes}
        return dataclasses.replace(self, old_codes=left)

    def as_dict(self) -> dict[str, typing.Any]:
        """For the ledger."""
        return {
            "institutions": [one.as_dict() for one in self.institutions.values()],
            "old_codes": {code: str(to) for code, to in self.old_codes.items()},
        }

    @classmethod
    def of(cls, told: Mapping[str, typing.Any]) -> Standing:
        """From the ledger."""
        found = [Institution.of(one) for one in told["institutions"]]
        codes = {code: uuid.UUID(to) for code, to in told["old_codes"].items()}
        return cls({one.id: one for one in found}, codes)


def digest(before: Standing, after: Standing) -> str:
    """Of what a change finds and what it makes of it, so that what is done is what was shown.

    How many people there are is no part of it: they come and go between the two.
    """
    told = [_bare(one) for one in (before, after)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _bare(standing: Standing) -> dict[str, typing.Any]:
    told = standing.as_dict()
    institutions = sorted(told["institutions"], key=lambda one: str(one["id"]))
    for one in institutions:
        del one["people_here"], one["residents"]
    return told | {"institutions": institutions}
