"""What a resident agreed to, refused or took back."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class Consent(Model):
    """One answer to one question of consent. A later answer is a new row; a refusal is only "not given"."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.CheckConstraint(
            "purpose in ('record', 'reminders', 'sharing', 'hypertension', 'diabetes', 'elderly')",
            name="purpose",
        ),
        sa.CheckConstraint("language in ('ug', 'zh')", name="language"),
        sa.CheckConstraint("giver in ('self', 'guardian')", name="giver"),
        sa.CheckConstraint("way in ('typed', 'drawn', 'paper', 'spoken')", name="way"),
        sa.CheckConstraint("(withdrawn_at is null) = (withdrawn_by is null)", name="withdrawn"),
        sa.CheckConstraint("given or withdrawn_at is null", name="withdrawn_what_was_given"),
        # One form makes one answer, however often it is sent.
        sa.UniqueConstraint("form_id", "purpose"),
        sa.Index("ix_consent_resident_id", "resident_id", "purpose", "id"),
        {
            "info": {
                "update": ("withdrawn_at", "withdrawn_by"),
                "restore": {"set_once": [("withdrawn_at", "withdrawn_by")]},
            },
            "comment": "Answers to questions of consent; a later one is a new row",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    purpose: Mapped[str]
    given: Mapped[bool]
    edition: Mapped[str]
    language: Mapped[str]
    giver: Mapped[str] = mapped_column(server_default="self")
    way: Mapped[str]
    mark: Mapped[bytes | None]
    decided_at: Mapped[datetime.datetime]
    decided_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime.datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    form_id: Mapped[uuid.UUID]
