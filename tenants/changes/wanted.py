"""What an operator asks of institutions: whom it concerns, and the rule; for the page and for the worker."""

from __future__ import annotations

import typing
import uuid

from tenants.changes import rules
from tenants.changes.rules import N_
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenants.changes.facts import Standing

    Arguments = Mapping[str, str]

_DAMAGED = N_("what was ordered cannot be read")


class Wanted(typing.NamedTuple):
    """A change that is asked for."""

    kind: str
    """As in the ledger of changes."""
    ids: list[uuid.UUID]
    rule: Callable[[Standing], Standing]


def wanted(kind: str, which: uuid.UUID, asked: Arguments) -> Wanted:
    """The change of this kind. Raises ``Refused`` for arguments that no page sends."""
    try:
        return _WANTED[kind](which, asked)
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise Refused(_DAMAGED) from error


def _renamed(which: uuid.UUID, asked: Arguments) -> Wanted:
    name_zh, name_ug = asked["name_zh"], asked["name_ug"]
    return Wanted("renamed", [which], lambda now: rules.renamed(now, which, name_zh, name_ug))


def _recoded(which: uuid.UUID, asked: Arguments) -> Wanted:
    code = asked["code"]
    return Wanted("recoded", [which], lambda now: rules.recoded(now, which, code))


def _merged(which: uuid.UUID, asked: Arguments) -> Wanted:
    into = uuid.UUID(asked["into"])
    return Wanted("merged", [which, into], lambda now: rules.merged(now, which, into))


def _site_moved(which: uuid.UUID, asked: Arguments) -> Wanted:
    site, to = asked["site"], uuid.UUID(asked["into"])
    return Wanted("site_moved", [which, to], lambda now: rules.site_moved(now, site, which, to))


_WANTED = {"renamed": _renamed, "recoded": _recoded, "merged": _merged, "site_moved": _site_moved}
