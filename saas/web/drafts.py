"""Unfinished forms, and posts that came while the screen was covered: encrypted, of one person."""

from __future__ import annotations

import datetime
import json
import typing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from saas.db import Fixed, fetched, new_id
from saas.web import clock
from saas.web.models import Draft

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from saas.db import Message
    from saas.web.keys import ClinicKeys

Fields = dict[str, list[str]]

KEEP = datetime.timedelta(hours=24)
_NEW = insert(Draft).values(
    {
        name: sa.bindparam(name, required=True)
        for name in ("id", "staff_id", "kind", "page", "body", "expires_at")
    }
    | dict.fromkeys(("created_at", "updated_at"), sa.bindparam("now", required=True))
)
_KEEP = Fixed(
    _NEW.on_conflict_do_update(
        index_elements=["staff_id", "kind", "page"],
        set_={name: _NEW.excluded[name] for name in ("body", "updated_at", "expires_at")}
        | {"version": Draft.version + 1},
    )
)
_MINE = sa.and_(
    Draft.staff_id == sa.bindparam("staff_id", required=True),
    Draft.kind == sa.bindparam("kind", required=True),
    Draft.expires_at > sa.bindparam("now", required=True),
)
_SHOWN = sa.select(Draft.page, Draft.body, Draft.updated_at)
_OF_PAGE = Fixed(_SHOWN.where(_MINE, Draft.page == sa.bindparam("page", required=True)))
_ALL = Fixed(_SHOWN.where(_MINE).order_by(Draft.updated_at.desc()))
_DROP = Fixed(
    sa.delete(Draft).where(
        Draft.staff_id == sa.bindparam("staff_id", required=True),
        sa.or_(
            sa.and_(
                Draft.kind == sa.bindparam("kind", required=True),
                Draft.page == sa.bindparam("page", required=True),
            ),
            Draft.expires_at < sa.bindparam("now", required=True),
        ),
    )
)
_NEVER_KEPT = ("csrf_token", "_language", "_search")


def harmless(fields: Mapping[str, Iterable[str]]) -> Fields:
    """The fields without tokens, passwords and one-time codes."""
    return {
        name: list(values)
        for name, values in fields.items()
        if name not in _NEVER_KEPT and "password" not in name and not name.endswith("_code_once")
    }


class Drafts:
    """The drafts of one person in this clinic."""

    def __init__(self, staff_id: uuid.UUID, keys: ClinicKeys) -> None:
        self._staff_id = staff_id
        self._keys = keys

    def keep(self, page: str, fields: Mapping[str, Iterable[str]], kind: str = "form") -> None:
        """Store the fields of a page, in place of what was kept of it before; for 24 hours."""
        now = clock.now()
        body = self._keys.seal(json.dumps(harmless(fields)), self._context(kind, page))
        about = {"staff_id": self._staff_id, "kind": kind, "page": page, "body": body}
        fetched(_KEEP.of(id=new_id(), now=now, expires_at=now + KEEP, **about))

    def fetch(self, page: str, kind: str = "form") -> Fields | None:
        """What was kept of a page, unless it is older than 24 hours."""
        (rows,) = fetched(_OF_PAGE.of(page=page, **self._mine(kind)))
        return self._open(rows[0], kind) if rows else None

    def kept_at(self, page: str, kind: str = "form") -> datetime.datetime | None:
        """When the page was last kept."""
        (rows,) = fetched(_OF_PAGE.of(page=page, **self._mine(kind)))
        return typing.cast("datetime.datetime", rows[0].updated_at) if rows else None

    def held(self) -> list[tuple[str, datetime.datetime, Fields]]:
        """Posts that were held back: address, time, fields; newest first."""
        (rows,) = fetched(_ALL.of(**self._mine("held")))
        return [(row.page, row.updated_at, self._open(row, "held")) for row in rows]

    def drop(self, page: str, kind: str = "form") -> None:
        """Forget a page's draft, and whatever of this person has expired."""
        fetched(self.dropping(page, kind))

    def dropping(self, page: str, kind: str = "form") -> Message:
        """What ``drop`` sends, for whoever sends it together with something else."""
        return _DROP.of(staff_id=self._staff_id, kind=kind, page=page, now=clock.now())

    def _mine(self, kind: str) -> dict[str, object]:
        return {"staff_id": self._staff_id, "kind": kind, "now": clock.now()}

    def _open(self, row: typing.Any, kind: str) -> Fields:  # noqa: ANN401 - a row of ``_SHOWN``
        text = self._keys.open(row.body, self._context(kind, row.page))
        return typing.cast("Fields", json.loads(text))

    def _context(self, kind: str, page: str) -> str:
        return f"draft:{self._staff_id}:{kind}:{page}"
