"""Links between residents, consent, visits, openings with a reason, lists brought along.

Follows 0001_first_tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_people_and_care"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables, extend the old ones, then the grants."""
    make_import_batch()
    make_consent()
    make_opening()
    make_resident_link()
    make_visit()
    extend_clinic_setting()
    extend_resident()
    extend_resident_key()
    grant()


def make_import_batch() -> None:
    """Lists of residents that were brought along, and their undo."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="uploaded", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "mapping",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("lines_read", sa.Integer(), nullable=True),
        sa.Column(
            "faults",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state in ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'dropped', 'undone')",
            name=op.f("ck_import_batch_state"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_import_batch_created_by_staff")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_import_batch_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        comment="Lists of residents that were brought along, and their undo",
    )


def make_consent() -> None:
    """Answers to questions of consent; a later one is a new row."""
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("giver", sa.Text(), server_default="self", nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("giver in ('self', 'guardian')", name=op.f("ck_consent_giver")),
        sa.CheckConstraint("language in ('ug', 'zh')", name=op.f("ck_consent_language")),
        sa.CheckConstraint("purpose in ('record', 'reminders', 'sharing')", name=op.f("ck_consent_purpose")),
        sa.CheckConstraint("way in ('typed', 'drawn', 'paper', 'spoken')", name=op.f("ck_consent_way")),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null)", name=op.f("ck_consent_withdrawn")
        ),
        sa.CheckConstraint("given or withdrawn_at is null", name=op.f("ck_consent_withdrawn_what_was_given")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_consent_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_consent_resident_id_resident")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["staff.id"], name=op.f("fk_consent_withdrawn_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("form_id", "purpose", name=op.f("uq_consent_form_id_purpose")),
        comment="Answers to questions of consent; a later one is a new row",
    )
    op.create_index("ix_consent_resident_id", "consent", ["resident_id", "purpose", "id"], unique=False)


def make_opening() -> None:
    """Records opened with a reason, and what a reviewer said."""
    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), server_default="", nullable=False),
        sa.Column("verdict_note", sa.Text(), server_default="", nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(reviewed_at is null) = (verdict = '')", name=op.f("ck_opening_reviewed")),
        sa.CheckConstraint(
            "category in ('emergency', 'came_for_care', 'referral', 'correction', 'asked_by_resident')",
            name=op.f("ck_opening_category"),
        ),
        sa.CheckConstraint("verdict in ('', 'accepted', 'questioned')", name=op.f("ck_opening_verdict")),
        sa.CheckConstraint("reviewed_by <> staff_id", name=op.f("ck_opening_reviewed_by_someone_else")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_opening_resident_id_resident")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name=op.f("fk_opening_reviewed_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_opening_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("form_id", name=op.f("uq_opening_form_id")),
        comment="Records opened with a reason, and what a reviewer said",
    )
    op.create_index("ix_opening_resident_id", "opening", ["resident_id", "staff_id"], unique=False)
    op.create_index(
        "ix_opening_unreviewed",
        "opening",
        ["id"],
        unique=False,
        postgresql_where=sa.text("reviewed_at is null"),
    )


def make_resident_link() -> None:
    """Two residents: different, to be looked at, merged, household."""
    op.create_table(
        "resident_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "detail",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('different', 'later', 'merge', 'household')", name=op.f("ck_resident_link_kind")
        ),
        sa.CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null)", name=op.f("ck_resident_link_confirmed")
        ),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_resident_link_ended")),
        sa.CheckConstraint("resident_id <> other_id", name=op.f("ck_resident_link_two_people")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_resident_link_confirmed_by_staff")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_resident_link_created_by_staff")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_resident_link_ended_by_staff")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["resident.id"], name=op.f("fk_resident_link_other_id_resident")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_resident_link_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_link")),
        comment="Two residents: different, to be looked at, merged, household",
    )
    op.create_index("ix_resident_link_other_id", "resident_link", ["other_id"], unique=False)
    op.create_index("ix_resident_link_resident_id", "resident_link", ["resident_id"], unique=False)
    op.create_index(
        "uq_resident_link_open",
        "resident_link",
        ["kind", "resident_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )


def make_visit() -> None:
    """One contact for care; the open ones are the queue."""
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="outpatient", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind in ('outpatient', 'home', 'phone', 'observation')", name=op.f("ck_visit_kind")
        ),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_visit_ended")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_visit_ended_by_staff")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_visit_resident_id_resident")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_site_id_site")),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_visit_started_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("form_id", name=op.f("uq_visit_form_id")),
        comment="One contact for care; the open ones are the queue",
    )
    op.create_index("ix_visit_resident_id", "visit", ["resident_id", "started_at"], unique=False)
    op.create_index("ix_visit_site_id", "visit", ["site_id", "started_at"], unique=False)


def extend_clinic_setting() -> None:
    """Until when a list may be brought along."""
    op.add_column("clinic_setting", sa.Column("import_until", sa.DateTime(timezone=True), nullable=True))


def extend_resident() -> None:
    """Where a person stands with the clinic."""
    op.add_column("resident", sa.Column("standing", sa.Text(), server_default="here", nullable=False))
    op.add_column("resident", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("resident", sa.Column("ended_note", sa.Text(), server_default="", nullable=False))
    op.add_column("resident", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("resident", sa.Column("import_batch_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_resident_import_batch_id",
        "resident",
        ["import_batch_id"],
        unique=False,
        postgresql_where=sa.text("import_batch_id is not null"),
    )
    op.create_index(
        "ix_resident_merged_into_id",
        "resident",
        ["merged_into_id"],
        unique=False,
        postgresql_where=sa.text("merged_into_id is not null"),
    )
    op.create_foreign_key(
        op.f("fk_resident_import_batch_id_import_batch"),
        "resident",
        "import_batch",
        ["import_batch_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_resident_merged_into_id_resident"), "resident", "resident", ["merged_into_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_resident_standing"),
        "resident",
        "standing in ('here', 'moved', 'died', 'left', 'merged', 'undone')",
    )
    op.create_check_constraint(
        op.f("ck_resident_merged_into"), "resident", "(standing = 'merged') = (merged_into_id is not null)"
    )


def extend_resident_key() -> None:
    """Record numbers and cards beside documents and phones; the keyed ends of all."""
    op.add_column("resident_key", sa.Column("tail_four", sa.LargeBinary(), nullable=True))
    op.add_column("resident_key", sa.Column("tail_six", sa.LargeBinary(), nullable=True))
    op.add_column("resident_key", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("resident_key", sa.Column("voided_by", sa.Uuid(), nullable=True))
    op.create_index("ix_resident_key_tail_four", "resident_key", ["tail_four"], unique=False)
    op.create_index("ix_resident_key_tail_six", "resident_key", ["tail_six"], unique=False)
    op.create_foreign_key(
        op.f("fk_resident_key_voided_by_staff"), "resident_key", "staff", ["voided_by"], ["id"]
    )
    op.create_table_comment(
        "resident_key",
        "Documents, phones, record numbers and health cards, encrypted",
        existing_comment="Documents and phones, encrypted",
        schema=None,
    )
    op.drop_constraint(op.f("ck_resident_key_kind"), "resident_key")
    op.create_check_constraint(
        op.f("ck_resident_key_kind"),
        "resident_key",
        "kind in ('document', 'phone', 'contact_phone', 'record', 'card')",
    )


def grant() -> None:
    """Give the clinic's role its rights."""
    op.execute("""
GRANT SELECT, INSERT, UPDATE (state, body, mapping, lines_read, faults, progress, message,
started_at, finished_at, undone_at, undone_by, version) ON import_batch TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by) ON consent TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (reviewed_at, reviewed_by, verdict, verdict_note) ON opening
TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (reason, detail, confirmed_at, confirmed_by, ended_at,
ended_by), DELETE ON resident_link TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, version) ON visit TO t_0000
""")
    op.execute("""
GRANT UPDATE (standing, ended_on, ended_note, merged_into_id) ON resident TO t_0000
""")
    op.execute("""
GRANT UPDATE (tail_four, tail_six, voided_at, voided_by) ON resident_key TO t_0000
""")
    op.execute("""
GRANT UPDATE (import_until) ON clinic_setting TO t_0000
""")
