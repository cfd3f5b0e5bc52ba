"""The places and the people of the clinic, and what proves who they are."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class Site(Model):
    """A place of work of the clinic: the centre itself or one of its village clinics."""

    __tablename__ = "site"
    __table_args__ = (
        sa.CheckConstraint("kind in ('centre', 'village_clinic')", name="kind"),
        {"info": {"update": True}, "comment": "Places of work: the centre and its village clinics"},
    )

    id: Key = key_column()
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(server_default="village_clinic")
    name_zh: Mapped[str]
    name_ug: Mapped[str] = mapped_column(server_default="")
    name_zh_own: Mapped[bool] = mapped_column(server_default=sa.false())
    closed_at: Mapped[datetime.datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


# A restored clinic knows whoever came after the archive, without access; whoever left stays away.
_WHO_CAME_LATER = {
    "set_once": [("disabled_at",)],
    "later_rows": {
        "disabled_at": "coalesce(o.disabled_at, now())",
        "username": "CASE WHEN EXISTS (SELECT FROM {new} WHERE username = o.username) "
        "THEN o.username || '.' || right(o.id::text, 8) ELSE o.username END",
    },
}


# An archive that another clinic takes brings names under what they signed, and nobody who may sign in.
_WHO_CAME_ALONG = {
    "theirs": {
        "disabled_at": "coalesce(n.disabled_at, now())",
        "username": "CASE WHEN EXISTS (SELECT FROM {old_table} o WHERE o.username = n.username) "
        "THEN n.username || '.' || right(n.id::text, 8) ELSE n.username END",
    },
    "sites": "site_ids",
}


class Staff(Model):
    """A person who works in the clinic, with one or several roles."""

    __tablename__ = "staff"
    __table_args__ = (
        sa.CheckConstraint("username = lower(username)", name="username"),
        {
            "info": {"update": True, "restore": _WHO_CAME_LATER, "moves_in": _WHO_CAME_ALONG},
            "comment": "People who work here, with their roles and sites",
        },
    )

    id: Key = key_column()
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_other: Mapped[str] = mapped_column(server_default="")
    roles: Mapped[list[str]] = mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))
    site_ids: Mapped[list[str]] = mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))
    phone: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str | None]
    disabled_at: Mapped[datetime.datetime | None]
    acts_seen_at: Mapped[datetime.datetime | None]
    recovered_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class StaffSecret(Model):
    """Password hash, second factor and one-time codes; read by the gate role alone."""

    __tablename__ = "staff_secret"
    __table_args__ = (
        {
            "info": {
                "role": "gate",
                "moves_in": {"theirs": None},
                # A password or second factor that was given up since must not open the door again.
                "restore": {
                    "newest": [
                        (
                            *("password_set_at", "password_hash", "password_is_temporary"),
                            *("temporary_until", "sheet_hash", "sheet_printed_at"),
                        ),
                        ("totp_confirmed_at", "totp_key", "totp_last_step", "recovery_hashes"),
                    ]
                },
            },
            "comment": "Hashes and second factor; the gate role alone",
        },
    )

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    password_hash: Mapped[str]
    password_is_temporary: Mapped[bool] = mapped_column(server_default=sa.false())
    password_set_at: Mapped[datetime.datetime]
    temporary_until: Mapped[datetime.datetime | None]
    totp_key: Mapped[bytes | None] = mapped_column(info={"sealed": "totp:{staff_id}"})
    totp_confirmed_at: Mapped[datetime.datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    recovery_hashes: Mapped[list[str]] = mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))
    sheet_hash: Mapped[str | None]
    sheet_printed_at: Mapped[datetime.datetime | None]
