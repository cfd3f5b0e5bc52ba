"""The access log: one chained row for every answer that showed or refused a resident."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Model


class AccessLog(Model):
    """One row of the chain; insert only. ``hash`` covers ``previous`` and every other column."""

    __tablename__ = "access_log"
    __table_args__ = (
        sa.Index("ix_access_log_resident_ids", "resident_ids", postgresql_using="gin"),
        {
            "info": {"restore": {"later_rows": {}}, "grows_by": "number"},
            "comment": "Chained, insert only: who saw or changed what, when and why",
        },
    )

    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime.datetime]
    staff_id: Mapped[uuid.UUID | None]
    staff_name: Mapped[str]
    act: Mapped[str]
    status: Mapped[int] = mapped_column(sa.SmallInteger)
    resident_ids: Mapped[list[str]] = mapped_column(JSONB)
    purpose: Mapped[str]
    detail: Mapped[dict[str, object]] = mapped_column(JSONB)
    previous: Mapped[bytes]
    hash: Mapped[bytes]
