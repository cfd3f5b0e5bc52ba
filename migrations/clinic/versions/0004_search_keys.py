"""Keys by which a name is found whatever script it is written in.

Follows 0003_openings_close. The keys are computed in Python; rows that were there before get theirs
from `shipa residents rekey`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_search_keys"
down_revision = "0003_openings_close"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty, with their indexes; then the grants."""
    for name in ("sounds", "find_keys"):
        op.add_column(
            "resident_name",
            sa.Column(name, postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        )
    op.add_column(
        "resident_name", sa.Column("key_version", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_resident_name_find_keys",
        "resident_name",
        ["find_keys"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index(
        "ix_resident_name_sounds", "resident_name", ["sounds"], unique=False, postgresql_using="gin"
    )
    op.execute("GRANT UPDATE (sounds, find_keys, key_version) ON resident_name TO t_0000")
