"""Figures that left the clinics, with small cells hidden, and the two logins that may touch them.

Follows 0003_time_of_a_suspension. ``shipa_agg`` writes and ``shipa_region`` reads schema ``agg``, which
`shipa init` makes; neither has any other right. The table refuses a cell under 10 (rights I8).
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_figures_that_leave"
down_revision = "0003_time_of_a_suspension"
branch_labels = None
depends_on = None

RIGHTS = (
    "REVOKE ALL ON agg.indicator FROM PUBLIC",
    "GRANT USAGE ON SCHEMA agg TO shipa_agg, shipa_region",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON agg.indicator TO shipa_agg",
    "GRANT SELECT ON agg.indicator TO shipa_region",
)


def upgrade() -> None:
    """Make the table, then give the rights."""
    op.create_table(
        "indicator",
        sa.Column("clinic_code", sa.Text(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("county_zh", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "numerator is not null or denominator is null", name=op.f("ck_indicator_hidden_together")
        ),
        sa.CheckConstraint(
            "numerator >= 10 and denominator - numerator >= 10", name=op.f("ck_indicator_no_small_cell")
        ),
        sa.PrimaryKeyConstraint(
            "clinic_code", "indicator_code", "rule_version", "period", name=op.f("pk_indicator")
        ),
        schema="agg",
        comment="Figures that left the clinics, small cells hidden: no numbers where one would be under 10",
    )
    for right in RIGHTS:
        op.execute(right)
