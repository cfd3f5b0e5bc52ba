"""Closing a clinic for good, and removing it when two operators say so.

Follows 0005_operators. A closed clinic reads for 30 days as a suspended one does (rights I12), so it
has that time too. The row of a removed clinic stays and is at no door any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_closing"
down_revision = "0005_operators"
branch_labels = None
depends_on = None

# The same columns in the same order, so that the views keep the rights to them.
VIEW = """
CREATE OR REPLACE VIEW platform.clinic_sign_in AS
SELECT id, number, code, kind, name_zh, name_ug, county_code, county_zh, prefecture_zh,
       township_code, state, cell, suspended_at
FROM platform.clinic WHERE removed_at IS NULL
"""

CONSOLE = """
CREATE OR REPLACE VIEW platform.operator_clinic AS
SELECT c.id, c.code, c.kind, c.name_zh, c.name_ug, c.prefecture_zh, c.county_code, c.county_zh, c.state,
       c.suspended_at, c.suspended_from, c.state_since, c.created_at, r.revision, r.applied_at,
       i.printed_at AS invited_at, i.until AS invited_until, i.used_at AS invitation_used_at
FROM platform.clinic c
LEFT JOIN platform.clinic_revision r ON r.clinic_id = c.id
LEFT JOIN platform.invitation i ON i.clinic_id = c.id
WHERE c.removed_at IS NULL
"""


def upgrade() -> None:
    """Mark what is removed, then the two tables."""
    op.add_column(
        "clinic", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True), schema="platform"
    )
    op.create_check_constraint(
        op.f("ck_clinic_removed_at"), "clinic", "removed_at is null or state = 'closed'", schema="platform"
    )
    op.execute(VIEW)
    op.execute(CONSOLE)
    _closing()
    _removal()


def _closing() -> None:
    op.create_table(
        "closing",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("keep_days >= 30", name=op.f("ck_closing_keep_days")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_closing_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_closing")),
        schema="platform",
        comment="Clinics that are closed: since when, what for, and how long at least their rows stay",
    )


def _removal() -> None:
    op.create_table(
        "removal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_removal_ended")),
        sa.CheckConstraint("not done or ended_by <> asked_by", name=op.f("ck_removal_two_operators")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_removal_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
        schema="platform",
        comment="Who asked to remove a clinic, and who confirmed or called it off: two operators",
    )
    op.create_index(
        "uq_removal_open",
        "removal",
        ["clinic_id"],
        unique=True,
        schema="platform",
        postgresql_where=sa.text("ended_at is null"),
    )
