"""The public half of the clinic's archive code, and since when.

Follows 0006_who_is_missing. Empty until the administrator makes a code; without one there is no archive.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_archive_code"
down_revision = "0006_who_is_missing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty; then the grant."""
    op.add_column("clinic_setting", sa.Column("archive_key", sa.LargeBinary(), nullable=True))
    op.add_column("clinic_setting", sa.Column("archive_key_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_clinic_setting_archive_key"),
        "clinic_setting",
        "(archive_key is null) = (archive_key_at is null)",
    )
    op.execute("GRANT UPDATE (archive_key, archive_key_at) ON clinic_setting TO t_0000")
