"""A row that follows a chain's head, for whoever writes a clinic's log outside a request."""

from __future__ import annotations

import datetime
import typing
from collections.abc import Mapping

from saas.audit import chain
from saas.audit.canonical import canonical, parsed, plain, storable
from saas.web.keys import ClinicKeys


def following(
    head: tuple[int, bytes] | None, hash_key: bytes, values: Mapping[str, object]
) -> dict[str, object]:
    """The row after ``head`` (none: the first one of the chain), all columns.

    ``values`` hold ``at`` and ``act``, and what else is not empty. ``resident_ids`` and ``detail`` may be
    the text of a row that is there, and are text in the row that comes back.
    """
    number, previous = head or (0, chain.GENESIS)
    staff_id = values.get("staff_id")
    row = chain.Row(
        number=number + 1,
        at=typing.cast("datetime.datetime", values["at"]).astimezone(datetime.UTC),
        staff_id=None if staff_id is None else str(staff_id),
        staff_name=storable(str(values.get("staff_name", ""))),
        act=storable(str(values["act"])),
        status=int(str(values.get("status", 200))),
        resident_ids=_json(values.get("resident_ids", [])),
        purpose=storable(str(values.get("purpose", "administration"))),
        detail=_json(values.get("detail", {})),
        previous=previous,
        hash=None,
    )
    made = row._asdict()
    made["hash"] = chain.row_hash(row, ClinicKeys(b"", hash_key).log_key)
    return made | {name: canonical(made[name]) for name in ("resident_ids", "detail")}


def _json(value: object) -> object:
    return parsed(value) if isinstance(value, str) else plain(value)
