"""Every completed form in one table, signed and chained; programmes, what the clinic owes, its figures.

Follows 0004_search_keys.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_records_and_programmes"
down_revision = "0004_search_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then their grants."""
    records()
    programmes()
    figures()
    op.add_column("clinic_setting", sa.Column("computed_on", sa.Date(), nullable=True))
    grant()


def records() -> None:
    """Forms."""
    op.create_table(
        "record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("computed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
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


def programmes() -> None:
    """Who takes part by her own wish, and what is owed."""
    op.drop_constraint(op.f("ck_consent_purpose"), "consent")
    op.create_check_constraint(
        op.f("ck_consent_purpose"),
        "consent",
        "purpose in ('record', 'reminders', 'sharing', 'hypertension', 'diabetes', 'elderly')",
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(ended_on is null) = (end_reason = '')", name=op.f("ck_enrolment_ended")),
        sa.CheckConstraint(
            "end_reason in ('', 'died', 'moved', 'lost', 'withdrawn', 'not_confirmed')",
            name=op.f("ck_enrolment_end_reason"),
        ),
        sa.CheckConstraint(
            "programme in ('hypertension', 'diabetes', 'elderly')", name=op.f("ck_enrolment_programme")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_enrolment_consent_id_consent")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_enrolment_ended_by_staff")),
        sa.ForeignKeyConstraint(["enrolled_by"], ["staff.id"], name=op.f("fk_enrolment_enrolled_by_staff")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_enrolment_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_enrolment_consent_id")),
        comment="Who takes part in a programme, by consent",
    )
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        ["resident_id", "programme"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "due_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("event_code", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("overdue_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('upcoming', 'due', 'overdue', 'done', 'declined', 'not_applicable', 'moved', 'died')",
            name=op.f("ck_due_item_state"),
        ),
        sa.ForeignKeyConstraint(["done_by"], ["record.id"], name=op.f("fk_due_item_done_by_record")),
        sa.ForeignKeyConstraint(["opened_by"], ["record.id"], name=op.f("fk_due_item_opened_by_record")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_due_item_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_item")),
        sa.UniqueConstraint(
            "resident_id", "event_code", "cycle", name=op.f("uq_due_item_resident_id_event_code_cycle")
        ),
        comment="Services that the clinic owes, as the rules say",
    )
    op.create_index(
        "ix_due_item_open",
        "due_item",
        ["urgency", "due_on", "resident_id"],
        unique=False,
        postgresql_where=sa.text("state in ('upcoming', 'due', 'overdue')"),
    )


def figures() -> None:
    """The clinic's own counts."""
    op.create_table(
        "indicator_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("numerator_ids_hash", sa.LargeBinary(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_indicator_snapshot_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_snapshot")),
        sa.UniqueConstraint(
            "indicator_code",
            "period",
            "site_id",
            "rule_version",
            name=op.f("uq_indicator_snapshot_indicator_code_period_site_id_rule_version"),
            postgresql_nulls_not_distinct=True,
        ),
        comment="The clinic's own figures by period and place",
    )


def grant() -> None:
    """Give the clinic's role its rights."""
    op.execute("""
GRANT SELECT, INSERT ON record TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (ended_on, end_reason, ended_by, version) ON enrolment TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE, DELETE ON due_item TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (numerator, denominator, numerator_ids_hash, computed_at)
ON indicator_snapshot TO t_0000
""")
    op.execute("""
GRANT UPDATE (computed_on) ON clinic_setting TO t_0000
""")
