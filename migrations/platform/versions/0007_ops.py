"""What a house needs to tell whether it can work: a row to write, the times of seals, where it stands.

Follows 0004_figures_that_leave. The gate may write the heartbeat and look at the standing; the times of
seals are written by the owner alone, so that a web process cannot say that it was sealed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_ops"
down_revision = "0006_closing"
branch_labels = None
depends_on = None

STANDING = """
CREATE VIEW platform.standing AS
SELECT (SELECT version_num::text FROM platform.alembic_version) AS platform_revision,
       ARRAY(SELECT DISTINCT revision FROM platform.clinic_revision ORDER BY revision) AS clinic_revisions,
       (SELECT max(at) FROM platform.seal_made) AS sealed_at,
       (SELECT min(created_at) FROM platform.clinic) AS oldest_clinic
"""

RIGHTS = (
    "GRANT SELECT, UPDATE ON platform.heartbeat TO shipa_gate",
    "GRANT SELECT ON platform.standing TO shipa_gate",
)


def upgrade() -> None:
    """Make the tables and the view, put the one row in, then give the rights."""
    op.create_table(
        "heartbeat",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_heartbeat_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_heartbeat")),
        schema="platform",
        comment="One row, written to see that the database can be written to",
    )
    op.execute("INSERT INTO platform.heartbeat DEFAULT VALUES")
    op.create_table(
        "seal_made",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_seal_made")),
        schema="platform",
        comment="Insert only: when the access logs of all clinics were sealed; the seals are elsewhere",
    )
    op.execute(STANDING)
    for right in RIGHTS:
        op.execute(right)
