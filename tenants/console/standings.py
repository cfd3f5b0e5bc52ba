"""Institutions as an operator may read them, for the same pure rules that the worker asks."""

from __future__ import annotations

import typing

from tenants.changes.facts import Institution, Site, Standing
from tenants.changes.rules import refuse_elsewhere
from tenants.console.blueprint import console
from tenants.console.order_words import said
from tenants.refusals import Refused

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from tenants.console.desk import Row

_INSTITUTIONS = (
    "SELECT id, code, name_zh, name_ug, state, name_zh_own, name_ug_own, successor_id, "
    "practice_of IS NOT NULL AS is_practice, cell, between_cells FROM platform.operator_institution "
    "WHERE id = ANY (%(ids)s)"
)


def read(ids: Sequence[uuid.UUID]) -> Standing:
    """These institutions with their sites and every code in use; of their people nothing.

    Raises ``Refused`` for one that is not in this database, ``LookupError`` for one that is nowhere.
    """
    desk = console().desk
    found = {row["id"]: _institution(row) for row in desk.rows(_INSTITUTIONS, ids=list(ids))}
    if found.keys() != set(ids):
        message = "an institution is not there"
        raise LookupError(message)
    codes = desk.rows("SELECT code, clinic_id, is_old FROM platform.operator_code")
    mine = {row["code"]: row["clinic_id"] for row in codes if row["is_old"] and row["clinic_id"] in found}
    taken = frozenset(row["code"] for row in codes if row["clinic_id"] not in found)
    return Standing({key: found[key] for key in ids}, mine, taken)


def refusal(clinic: Row) -> str:
    """Why an institution cannot be changed from the console, in words; empty when it can."""
    try:
        refuse_elsewhere(clinic["code"], clinic["cell"], None)
    except Refused as refused:
        return said(refused.told())
    return ""


def sites_of(clinic_id: uuid.UUID) -> list[Site]:
    """The sites of one institution; none of one in a further cell."""
    rows = console().desk.rows("SELECT * FROM platform.clinic_sites(%(id)s)", id=clinic_id)
    return [Site(**row) for row in rows]


def _institution(row: Row) -> Institution:
    refuse_elsewhere(row["code"], row.pop("cell"), row.pop("between_cells"))
    row["successor"] = row.pop("successor_id")
    return Institution(**row, sites={site.code: site for site in sites_of(row["id"])})
