"""Clinics in more than one database: what a cell must know of its clinics, and of one that moves.

Follows 0008_institutions. In a further cell ``clinic_revision`` stands without the registry, which
is in the main database, so that it and the ledger lose their foreign keys. A schema that is being copied in
is ``coming``, one whose clinic has left is ``gone``; only such a one is ever removed.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0009_cells"
down_revision = "0008_institutions"
branch_labels = None
depends_on = None

# The gate's columns in their order, as 0008 has them; the new one comes last and keeps the gate's right.
VIEW = """
CREATE OR REPLACE VIEW platform.clinic_sign_in AS
SELECT id, number, code, kind, name_zh, name_ug, county_code, county_zh, prefecture_zh,
       township_code, state, cell, suspended_at, practice_of, successor_id, moving_to
FROM platform.clinic WHERE removed_at IS NULL
"""


# What operators are told of a clinic's own rows: of one in a further cell nothing, and nothing is done there.
OPERATORS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Free the two tables from the registry, add what a move needs, and show it at the door."""
    for table in ("clinic_revision", "migration_run"):
        op.drop_constraint(op.f(f"fk_{table}_clinic_id_clinic"), table, schema="platform", type_="foreignkey")
    op.add_column("clinic_revision", sa.Column("number", sa.SmallInteger(), nullable=True), schema="platform")
    op.add_column(
        "clinic_revision",
        sa.Column("standing", sa.Text(), server_default="here", nullable=False),
        schema="platform",
    )
    op.create_check_constraint(
        op.f("ck_clinic_revision_standing"),
        "clinic_revision",
        "standing in ('coming', 'here', 'gone')",
        schema="platform",
    )
    for name in ("moving_to", "left_cell"):
        op.add_column("clinic", sa.Column(name, sa.Text(), nullable=True), schema="platform")
    op.execute(VIEW)
    for statement in OPERATORS.read_text("utf-8").split("-- next\n"):
        op.execute(statement)
