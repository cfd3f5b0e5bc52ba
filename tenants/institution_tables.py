"""Further tables of ``platform``: old codes and changes of clinics, and the devices that they have."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenants.registry import clinic, metadata


def _time(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)


clinic_code = sa.Table(
    "clinic_code",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), nullable=False, index=True),
    comment="Codes that a clinic had, or that lead to its successor; they never lead nowhere",
)

clinic_change = sa.Table(
    "clinic_change",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("before", JSONB, nullable=False),
    sa.Column("after", JSONB, nullable=False),
    _time("at", now=True),
    _time("undone_at"),
    comment="Changes of institutions, with what was before and after; undoable for 7 days",
)

device = sa.Table(
    "device",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("asset_number", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("serial", sa.Text, nullable=False, unique=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("batch", sa.Text, nullable=False, server_default=""),
    sa.Column("waybill", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False, server_default="stock"),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), index=True),
    sa.Column("token_hash", sa.LargeBinary, unique=True),
    _time("token_until"),
    sa.Column("confirmed_on", sa.Date),
    sa.CheckConstraint(
        "state in ('stock', 'shipped', 'received', 'enrolled', 'in_use', 'repair', 'lost', 'retired')",
        name="state",
    ),
    sa.CheckConstraint("state <> 'stock' or clinic_id is null", name="stock_is_nobodys"),
    sa.CheckConstraint(
        "state not in ('shipped', 'received', 'enrolled', 'in_use', 'repair') or clinic_id is not null",
        name="belongs",
    ),
    comment="Devices that are handed out; no place, no user, no time at which one was seen",
)

device_move = sa.Table(
    "device_move",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("device_id", sa.ForeignKey(device.c.id), nullable=False, index=True),
    sa.Column("old_state", sa.Text, nullable=False),
    sa.Column("new_state", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    _time("at", now=True),
    comment="Insert only: each move of a device; by an operator, or by the clinic without a name",
)

device_target = sa.Table(
    "device_target",
    metadata,
    sa.Column("county_code", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.CheckConstraint("count >= 0", name="count"),
    comment="How many devices of a kind a county is to get",
)

__all__ = ["clinic_change", "clinic_code", "device", "device_move", "device_target", "metadata"]
