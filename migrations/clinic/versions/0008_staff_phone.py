"""The telephone of a member of staff, as the clinic's own list of its people has it.

Follows 0007_archive_code. Empty where nobody told it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_staff_phone"
down_revision = "0007_archive_code"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("staff", sa.Column("phone", sa.Text(), server_default="", nullable=False))
