"""Every completed form in one table: signed, chained, insert only.

Follows 0002_people_and_care.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_records"
down_revision = "0002_people_and_care"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, then its grant."""
    op.create_table(
        "record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("computed", postgresql.JSONB(), nullable=False),
        sa.Column("notes", postgresql.JSONB(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("amends", sa.Uuid(), nullable=True),
        sa.Column("void", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(amends is null) = (reason = '')", name=op.f("ck_record_reason")),
        sa.CheckConstraint("not void or amends is not null", name=op.f("ck_record_void_amends")),
        sa.ForeignKeyConstraint(["amends"], ["record.id"], name=op.f("fk_record_amends_record")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_record_resident_id_resident")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_record_signed_by_staff")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_record_site_id_site")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_record_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("amends", name=op.f("uq_record_amends")),
        sa.UniqueConstraint("form_id", "form_code", name=op.f("uq_record_form_id_form_code")),
        comment="Every completed form, signed and chained, insert only",
    )
    op.create_index(
        "ix_record_form_code", "record", ["form_code", "resident_id", "service_date"], unique=False
    )
    op.create_index("ix_record_resident_id", "record", ["resident_id", "service_date"], unique=False)
    op.execute("""
GRANT SELECT, INSERT ON record TO t_0000
""")
