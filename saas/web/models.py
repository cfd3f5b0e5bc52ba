"""The clinic's own settings and the unfinished forms."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class ClinicSetting(Model):
    """The one row that says who this clinic is and how it works; its keys are wrapped."""

    __tablename__ = "clinic_setting"
    __table_args__ = (
        sa.CheckConstraint("paper in ('A4', 'A5')", name="paper"),
        sa.CheckConstraint("default_language in ('ug', 'zh')", name="default_language"),
        sa.CheckConstraint("lock_minutes between 3 and 10", name="lock_minutes"),
        sa.CheckConstraint("(archive_key is null) = (archive_key_at is null)", name="archive_key"),
        {
            "info": {
                "update": (
                    "rooms",
                    "paper",
                    "default_language",
                    "lock_minutes",
                    "import_until",
                    "computed_on",
                    "archive_key",
                    "archive_key_at",
                    "version",
                ),
                "restore": {"newest": [("archive_key_at", "archive_key")], "reset": ["computed_on"]},
            },
            "comment": "One row: the clinic's own id, wrapped keys and choices",
        },
    )

    id: Key = mapped_column(primary_key=True)
    wrapped_data_key: Mapped[bytes]
    wrapped_hash_key: Mapped[bytes]
    rooms: Mapped[list[str]] = mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))
    paper: Mapped[str] = mapped_column(server_default="A4")
    default_language: Mapped[str] = mapped_column(server_default="ug")
    lock_minutes: Mapped[int] = mapped_column(sa.SmallInteger, server_default="5")
    import_until: Mapped[datetime.datetime | None]
    computed_on: Mapped[datetime.date | None]
    archive_key: Mapped[bytes | None]
    archive_key_at: Mapped[datetime.datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Draft(Model):
    """An unfinished form, or a post that came while the screen was locked; encrypted, of one person."""

    __tablename__ = "draft"
    __table_args__ = (
        sa.CheckConstraint("kind in ('form', 'held')", name="kind"),
        sa.UniqueConstraint("staff_id", "kind", "page"),
        {"info": {"update": True, "delete": True}, "comment": "Unfinished forms and held posts"},
    )

    id: Key = key_column()
    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    kind: Mapped[str]
    page: Mapped[str]
    body: Mapped[bytes]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime.datetime]
    updated_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
