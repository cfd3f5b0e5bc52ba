"""Who has to do with a resident: contacts for care, and openings of a record with a reason."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class Visit(Model):
    """One contact for care, from coming in to going; the open ones of a site are its queue.

    One that ended in the moment it began was begun by mistake: no row is ever deleted.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.CheckConstraint("kind in ('outpatient', 'home', 'phone', 'observation')", name="kind"),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
        # One form makes one visit, however often it is sent.
        sa.UniqueConstraint("form_id"),
        sa.Index("ix_visit_site_id", "site_id", "started_at"),
        sa.Index("ix_visit_resident_id", "resident_id", "started_at"),
        {
            "info": {"update": ("ended_at", "ended_by", "version")},
            "comment": "One contact for care; the open ones are the queue",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(server_default="outpatient")
    started_at: Mapped[datetime.datetime]
    started_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    ended_at: Mapped[datetime.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    form_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Opening(Model):
    """A record opened outside the care relationship, with its reason (rights I7); ends by itself.

    A visit that was begun for somebody outside it makes one too, with the visit's ``form_id`` and an
    empty reason: it is shown and reviewed alike.
    """

    __tablename__ = "opening"
    __table_args__ = (
        sa.CheckConstraint(
            "category in ('emergency', 'came_for_care', 'referral', 'correction', 'asked_by_resident')",
            name="category",
        ),
        sa.CheckConstraint(
            "ends_at >= opened_at and ends_at <= opened_at + interval '60 minutes'", name="lasts"
        ),
        sa.CheckConstraint("verdict in ('', 'accepted', 'questioned')", name="verdict"),
        sa.CheckConstraint("(reviewed_at is null) = (verdict = '')", name="reviewed"),
        sa.CheckConstraint("reviewed_by <> staff_id", name="reviewed_by_someone_else"),
        # One form makes one opening, however often it is sent.
        sa.UniqueConstraint("form_id"),
        sa.Index("ix_opening_resident_id", "resident_id", "staff_id"),
        sa.Index("ix_opening_unreviewed", "id", postgresql_where=sa.text("reviewed_at is null")),
        {
            "info": {
                "update": ("ends_at", "reviewed_at", "reviewed_by", "verdict", "verdict_note"),
                "restore": {
                    "later_rows": {},
                    "set_once": [("reviewed_at", "reviewed_by", "verdict", "verdict_note")],
                },
            },
            "comment": "Records opened with a reason, and what a reviewer said",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    category: Mapped[str]
    reason: Mapped[bytes]
    opened_at: Mapped[datetime.datetime]
    ends_at: Mapped[datetime.datetime]
    reviewed_at: Mapped[datetime.datetime | None]
    reviewed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    verdict: Mapped[str] = mapped_column(server_default="")
    verdict_note: Mapped[str] = mapped_column(server_default="")
    form_id: Mapped[uuid.UUID]
