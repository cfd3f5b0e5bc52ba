"""What operators order of the house, and what they may know of institutions to preview a change.

Follows 0009_cells. A web process has no login that could change clinics: an order is a row that a live
session of an onboarding operator inserts, and that a worker with the owner's login does, once. The views and
the function beside it tell what the pure rules of changes look at: codes, names, standings and sites.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_house_orders"
down_revision = "0009_cells"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).with_suffix(".sql")
"""The views and the functions; a revision's own, changed by the next revision only."""

READ = ("house_order", "operator_institution", "operator_code", "operator_change")
CALLS = (
    "operator_order(bytea, uuid, text, uuid, jsonb)",
    "clinic_sites(uuid)",
)


def upgrade() -> None:
    """The table, then what reads and writes it for operators."""
    _orders()
    for statement in STATEMENTS.read_text(encoding="utf-8").split("-- next\n"):
        op.execute(statement)
    for table in READ:
        op.execute(f"GRANT SELECT ON platform.{table} TO shipa_operator")
    for function in CALLS:
        op.execute(f"REVOKE ALL ON FUNCTION platform.{function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION platform.{function} TO shipa_operator")


def _orders() -> None:
    op.create_table(
        "house_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("arguments", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("of", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'refused', 'failed')", name=op.f("ck_house_order_state")
        ),
        sa.CheckConstraint("(state = 'waiting') = (ended_at is null)", name=op.f("ck_house_order_ended_at")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_house_order_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_order")),
        schema="platform",
        comment="What operators ordered of the house, how far it is, and what came out; each is done once",
    )
    op.create_index(op.f("ix_house_order_clinic_id"), "house_order", ["clinic_id"], schema="platform")
