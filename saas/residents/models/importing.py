"""A list of residents that the clinic brings along, on its way in."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class ImportBatch(Model):
    """One file: uploaded, mapped, checked without writing, run as a whole or not at all, taken back.

    ``body`` is the sealed file and is emptied when the batch has ended. ``faults`` name line, column
    and code of what cannot be read; no figure depends on who is already in the clinic (rights N5).
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'dropped', 'undone')",
            name="state",
        ),
        {
            "info": {
                "update": (
                    "state",
                    "body",
                    "mapping",
                    "lines_read",
                    "faults",
                    "progress",
                    "message",
                    "started_at",
                    "finished_at",
                    "undone_at",
                    "undone_by",
                    "version",
                )
            },
            "comment": "Lists of residents that were brought along, and their undo",
        },
    )

    id: Key = key_column()
    state: Mapped[str] = mapped_column(server_default="uploaded")
    file_name: Mapped[str]
    body: Mapped[bytes | None]
    mapping: Mapped[dict[str, typing.Any]] = mapped_column(JSONB, server_default=sa.text("'{}'::jsonb"))
    lines_read: Mapped[int | None]
    faults: Mapped[list[typing.Any]] = mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))
    progress: Mapped[int] = mapped_column(server_default="0")
    message: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime.datetime]
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    started_at: Mapped[datetime.datetime | None]
    finished_at: Mapped[datetime.datetime | None]
    undone_at: Mapped[datetime.datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
