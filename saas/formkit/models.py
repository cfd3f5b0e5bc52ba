"""The one table of all filled-in forms."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class Record(Model):
    """One completed form, signed. Never changed, never deleted: what was wrong is said by a new row.

    ``amends`` names the row that this one takes the place of; ``void`` says that the earlier one was
    entered in error. ``notes`` hold why a finding was not followed, by its code. ``hash`` chains the
    records of one resident (of the clinic where there is none), and stands in the access log's row too.
    """

    __tablename__ = "record"
    __table_args__ = (
        sa.CheckConstraint("not void or amends is not null", name="void_amends"),
        sa.CheckConstraint("(amends is null) = (reason = '')", name="reason"),
        # A record is taken the place of once; of two at a time the slower one is shown both.
        sa.UniqueConstraint("amends"),
        # One form makes one record, however often it is sent; a joint visit makes one of each kind.
        sa.UniqueConstraint("form_id", "form_code"),
        sa.Index("ix_record_form_code", "form_code", "resident_id", "service_date"),
        sa.Index("ix_record_resident_id", "resident_id", "service_date"),
        {"comment": "Every completed form, signed and chained, insert only"},
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("resident.id"))
    visit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("visit.id"))
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    form_code: Mapped[str]
    edition: Mapped[str]
    service_date: Mapped[datetime.date]
    answers: Mapped[dict[str, typing.Any]] = mapped_column(JSONB)
    computed: Mapped[dict[str, typing.Any]] = mapped_column(JSONB)
    notes: Mapped[dict[str, typing.Any]] = mapped_column(JSONB)
    next_due_on: Mapped[datetime.date | None]
    amends: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("record.id"))
    void: Mapped[bool] = mapped_column(server_default=sa.false())
    reason: Mapped[str] = mapped_column(server_default="")
    signed_at: Mapped[datetime.datetime]
    signed_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    form_id: Mapped[uuid.UUID]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
