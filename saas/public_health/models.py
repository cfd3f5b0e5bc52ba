"""What the clinic owes: who takes part in a programme, which services are due, and the figures of a month."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Key, Model, key_column


class Enrolment(Model):
    """A resident takes part in a programme, by her own consent; ended with a reason, never deleted."""

    __tablename__ = "enrolment"
    __table_args__ = (
        sa.CheckConstraint("programme in ('hypertension', 'diabetes', 'elderly')", name="programme"),
        sa.CheckConstraint(
            "end_reason in ('', 'died', 'moved', 'lost', 'withdrawn', 'not_confirmed')", name="end_reason"
        ),
        sa.CheckConstraint("(ended_on is null) = (end_reason = '')", name="ended"),
        # One "yes" is one time in the programme.
        sa.UniqueConstraint("consent_id"),
        # Nobody takes part twice at once.
        sa.Index(
            "uq_enrolment_open",
            "resident_id",
            "programme",
            unique=True,
            postgresql_where=sa.text("ended_on is null"),
        ),
        {
            "info": {
                "update": ("ended_on", "end_reason", "ended_by", "version"),
                "restore": {"set_once": [("ended_on", "end_reason", "ended_by")]},
            },
            "comment": "Who takes part in a programme, by consent",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    programme: Mapped[str]
    enrolled_on: Mapped[datetime.date]
    enrolled_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"))
    consent_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("consent.id"))
    ended_on: Mapped[datetime.date | None]
    end_reason: Mapped[str] = mapped_column(server_default="")
    ended_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"))
    created_at: Mapped[datetime.datetime]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class DueItem(Model):
    """A service that the clinic owes a resident, with its window; computed by the rules, never typed.

    ``urgency`` is its clinical rank (0 first) and ``state`` where it stood at ``computed_at``; whether it is
    overdue on a day is told by its dates.
    """

    __tablename__ = "due_item"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('upcoming', 'due', 'overdue', 'done', 'declined', 'not_applicable', 'moved', 'died')",
            name="state",
        ),
        sa.UniqueConstraint("resident_id", "event_code", "cycle"),
        sa.Index(
            "ix_due_item_open",
            "urgency",
            "due_on",
            "resident_id",
            postgresql_where=sa.text("state in ('upcoming', 'due', 'overdue')"),
        ),
        {
            "info": {"update": True, "delete": True},
            "comment": "Services that the clinic owes, as the rules say",
        },
    )

    id: Key = key_column()
    resident_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("resident.id"))
    service: Mapped[str]
    event_code: Mapped[str]
    cycle: Mapped[str]
    window_start: Mapped[datetime.date]
    due_on: Mapped[datetime.date]
    overdue_on: Mapped[datetime.date]
    state: Mapped[str]
    reason: Mapped[str]
    urgency: Mapped[int] = mapped_column(sa.SmallInteger)
    opened_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("record.id"))
    done_on: Mapped[datetime.date | None]
    done_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("record.id"))
    computed_at: Mapped[datetime.datetime]


COUNTED = ("numerator", "denominator", "numerator_ids_hash", "missing_ids", "computed_at")
"""What a new count changes in a figure."""


class IndicatorSnapshot(Model):
    """One figure of the clinic for a period, as it was computed by one version of its definition.

    ``missing_ids`` are the people of one place who are in the denominator and not in the numerator, without
    a reason: a page asks the rules for it anew. Of all places together, and of periods long past, there are
    none.
    """

    __tablename__ = "indicator_snapshot"
    __table_args__ = (
        sa.UniqueConstraint(
            "indicator_code", "period", "site_id", "rule_version", postgresql_nulls_not_distinct=True
        ),
        {
            "info": {"update": COUNTED},
            "comment": "The clinic's own figures by period and place",
        },
    )

    id: Key = key_column()
    indicator_code: Mapped[str]
    period: Mapped[str]
    site_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("site.id"))
    rule_version: Mapped[str]
    numerator: Mapped[int]
    denominator: Mapped[int | None]
    numerator_ids_hash: Mapped[bytes]
    missing_ids: Mapped[list[uuid.UUID] | None] = mapped_column(sa.ARRAY(sa.Uuid))
    computed_at: Mapped[datetime.datetime]
