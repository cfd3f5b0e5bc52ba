"""An opening can be closed before its time, and never lasts longer than 60 minutes.

Follows 0002_people_and_care.
"""

from alembic import op

revision = "0003_openings_close"
down_revision = "0002_people_and_care"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hold the bound in the database, then allow the end to be moved within it."""
    op.create_check_constraint(
        op.f("ck_opening_lasts"),
        "opening",
        "ends_at >= opened_at and ends_at <= opened_at + interval '60 minutes'",
    )
    op.execute("""
GRANT UPDATE (ends_at) ON opening TO t_0000
""")
