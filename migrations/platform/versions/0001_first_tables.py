"""The tables of the platform. Written by `shipa revision --first`; not edited by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the grants."""
    make_clinic()
    make_sign_in_failure()
    make_clinic_revision()
    make_migration_run()
    make_operator_act()
    make_web_session()


def make_clinic() -> None:
    """One row per clinic; the one home of its names."""
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), server_default="", nullable=False),
        sa.Column("name_zh_own", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("name_ug_own", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("prefecture_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("county_code", sa.Text(), server_default="", nullable=False),
        sa.Column("county_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("township_code", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cell", sa.Text(), server_default="main", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('live', 'suspended')", name=op.f("ck_clinic_state")),
        sa.CheckConstraint("number between 1 and 9999", name=op.f("ck_clinic_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("code", name=op.f("uq_clinic_code")),
        sa.UniqueConstraint("number", name=op.f("uq_clinic_number")),
        schema="platform",
        comment="One row per clinic; the one home of its names",
    )


def make_sign_in_failure() -> None:
    """Failed sign-ins per account and per address, as keyed hashes; bounded."""
    op.create_table(
        "sign_in_failure",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failure")),
        schema="platform",
        comment="Failed sign-ins per account and per address, as keyed hashes; bounded",
    )
    op.create_index(
        "ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"], unique=False, schema="platform"
    )


def make_clinic_revision() -> None:
    """The revision of the clinic tree that a clinic's schema is at."""
    op.create_table(
        "clinic_revision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_clinic_revision_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic_revision")),
        schema="platform",
        comment="The revision of the clinic tree that a clinic's schema is at",
    )


def make_migration_run() -> None:
    """Ledger: each migration of a clinic, done (error empty) or refused."""
    op.create_table(
        "migration_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("from_revision", sa.Text(), nullable=False),
        sa.Column("to_revision", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_migration_run_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_run")),
        schema="platform",
        comment="Ledger: each migration of a clinic, done (error empty) or refused",
    )
    op.create_index(
        op.f("ix_migration_run_clinic_id"), "migration_run", ["clinic_id"], unique=False, schema="platform"
    )


def make_operator_act() -> None:
    """Insert only: what the platform's people did to a clinic; shown to its staff."""
    op.create_table(
        "operator_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_operator_act_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_act")),
        schema="platform",
        comment="Insert only: what the platform's people did to a clinic; shown to its staff",
    )
    op.create_index(
        op.f("ix_operator_act_clinic_id"), "operator_act", ["clinic_id"], unique=False, schema="platform"
    )


def make_web_session() -> None:
    """Who is signed in; the cookie holds a token whose SHA-256 is the key."""
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_secret", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_web_session_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
        sa.UniqueConstraint("id", name=op.f("uq_web_session_id")),
        schema="platform",
        comment="Who is signed in; the cookie holds a token whose SHA-256 is the key",
    )
    op.create_index(
        "ix_web_session_clinic_id_staff_id",
        "web_session",
        ["clinic_id", "staff_id"],
        unique=False,
        schema="platform",
    )
    op.create_index("ix_web_session_last_seen", "web_session", ["last_seen"], unique=False, schema="platform")
