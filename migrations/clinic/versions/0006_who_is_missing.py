"""Who is missing beside each figure of a place, so that the list is there when it is asked for.

Follows 0005_records_and_programmes. Rows that were there before have no list until they are counted again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_who_is_missing"
down_revision = "0005_records_and_programmes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty; then the grant."""
    op.add_column("indicator_snapshot", sa.Column("missing_ids", sa.ARRAY(sa.Uuid()), nullable=True))
    op.execute("GRANT UPDATE (missing_ids) ON indicator_snapshot TO t_0000")
