"""What is known about two residents: the same person, two different ones, a household."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class ResidentLink(Model):
    """Two residents and what was decided about them.

    ``different``: looked at and two people, never asked again. ``later``: somebody is to look.
    ``merge``: one person; ``resident_id`` stays, ``other_id`` goes into it once a second member of
    staff has confirmed; undone within 30 days. ``household``: wished by the two, no head, no list;
    its row is removed on request. Of ``different`` and ``later`` the smaller id stands first.
    """

    __tablename__ = "resident_link"
    __table_args__ = (
        sa.CheckConstraint("kind in ('different', 'later', 'merge', 'household')", name="kind"),
        sa.CheckConstraint("resident_id <> other_id", name="two_people"),
        sa.CheckConstraint("(confirmed_at is null) = (confirmed_by is null)", name="confirmed"),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
        sa.Index("ix_resident_link_resident_id", "resident_id"),
        sa.Index("ix_resident_link_other_id", "other_id"),
        # One open decision per pair and kind; what has ended stays as it was.
        sa.Index(
            "uq_resident_link_open",
            "kind",
            "resident_id",
            "other_id",
            unique=True,
            postgresql_where=sa.text("ended_at is null"),
        ),
        {
            "info": {
                "update": (
                    "reason",
                    "detail",
                    "confirmed_at",
                    "confirmed_by",
                    "ended_at",
                    "ended_by",
                ),
                "delete": True,
            },
            "comment": "Two residents: different, to be looked at, merged, household",
        },
    )

    id: Key = key_column()
    kind: Mapped[str]
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    other_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    reason: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, typing.Any]] = mapped_column(JSONB, server_default=sa.text("'{}'::jsonb"))
    created_at: Mapped[datetime.datetime]
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime.datetime | None]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    ended_at: Mapped[datetime.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
