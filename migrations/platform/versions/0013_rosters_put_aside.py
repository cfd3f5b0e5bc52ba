"""Rosters that are put aside, and what operators ordered of each.

Follows 0012_cells_told. A roster with faults that nobody will bring in stood in the list for ever. What an
operator orders of a roster (start, stop, go on, put aside, show again) is a row that only the function
writes, with a live session; before, nothing said who had started it.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0013_rosters_put_aside"
down_revision = "0012_cells_told"
branch_labels = None
depends_on = None

FUNCTION = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """The column, the table of orders, and the function that writes both."""
    op.add_column(
        "roster_run", sa.Column("put_aside_at", sa.DateTime(timezone=True), nullable=True), schema="platform"
    )
    op.create_table(
        "roster_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('start', 'stop', 'go_on', 'put_aside', 'show_again')", name=op.f("ck_roster_order_kind")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["platform.roster_run.id"], name=op.f("fk_roster_order_run_id_roster_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_order")),
        schema="platform",
        comment="Insert only: what operators ordered of a roster",
    )
    op.create_index(op.f("ix_roster_order_run_id"), "roster_order", ["run_id"], schema="platform")
    op.execute(FUNCTION.read_text(encoding="utf-8"))
    op.execute("GRANT SELECT ON platform.roster_order TO shipa_operator")
