"""The tables of a clinic. Written by `shipa revision --first`; not edited by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the grants."""
    make_access_log()
    make_clinic_setting()
    make_counter()
    make_site()
    make_staff()
    make_draft()
    make_resident()
    make_staff_secret()
    make_resident_key()
    make_resident_name()
    grant()


def make_access_log() -> None:
    """Chained, insert only: who saw or changed what, when and why."""
    op.create_table(
        "access_log",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("resident_ids", postgresql.JSONB(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_access_log")),
        comment="Chained, insert only: who saw or changed what, when and why",
    )
    op.create_index(
        "ix_access_log_resident_ids", "access_log", ["resident_ids"], unique=False, postgresql_using="gin"
    )


def make_clinic_setting() -> None:
    """One row: the clinic's own id, wrapped keys and choices."""
    op.create_table(
        "clinic_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_data_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_hash_key", sa.LargeBinary(), nullable=False),
        sa.Column("rooms", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("paper", sa.Text(), server_default="A4", nullable=False),
        sa.Column("default_language", sa.Text(), server_default="ug", nullable=False),
        sa.Column("lock_minutes", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "default_language in ('ug', 'zh')", name=op.f("ck_clinic_setting_default_language")
        ),
        sa.CheckConstraint("paper in ('A4', 'A5')", name=op.f("ck_clinic_setting_paper")),
        sa.CheckConstraint("lock_minutes between 3 and 10", name=op.f("ck_clinic_setting_lock_minutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_setting")),
        comment="One row: the clinic's own id, wrapped keys and choices",
    )


def make_counter() -> None:
    """Last number per prefix."""
    op.create_table(
        "counter",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_counter")),
        comment="Last number per prefix",
    )


def make_site() -> None:
    """Places of work: the centre and its village clinics."""
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="village_clinic", nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), server_default="", nullable=False),
        sa.Column("name_zh_own", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind in ('centre', 'village_clinic')", name=op.f("ck_site_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
        comment="Places of work: the centre and its village clinics",
    )


def make_staff() -> None:
    """People who work here, with their roles and sites."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_other", sa.Text(), server_default="", nullable=False),
        sa.Column("roles", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("site_ids", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acts_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_staff_username")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
        comment="People who work here, with their roles and sites",
    )


def make_draft() -> None:
    """Unfinished forms and held posts."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('form', 'held')", name=op.f("ck_draft_kind")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_draft_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("staff_id", "kind", "page", name=op.f("uq_draft_staff_id_kind_page")),
        comment="Unfinished forms and held posts",
    )


def make_resident() -> None:
    """The person; nothing is ever deleted."""
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sex_code", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.Text(), server_default="day", nullable=False),
        sa.Column("placeholder", sa.Text(), server_default="", nullable=False),
        sa.Column("placeholder_number", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("province", sa.Text(), server_default="", nullable=False),
        sa.Column("prefecture", sa.Text(), server_default="", nullable=False),
        sa.Column("county", sa.Text(), server_default="", nullable=False),
        sa.Column("township", sa.Text(), server_default="", nullable=False),
        sa.Column("village", sa.Text(), server_default="", nullable=False),
        sa.Column("address_detail", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_name", sa.Text(), server_default="", nullable=False),
        sa.Column("print_language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(placeholder = '') = (placeholder_number is null)", name=op.f("ck_resident_placeholder_number")
        ),
        sa.CheckConstraint(
            "birth_precision in ('day', 'month', 'year')", name=op.f("ck_resident_birth_precision")
        ),
        sa.CheckConstraint("placeholder in ('', 'newborn', 'unknown')", name=op.f("ck_resident_placeholder")),
        sa.CheckConstraint("print_language in ('ug', 'zh')", name=op.f("ck_resident_print_language")),
        sa.CheckConstraint("sex_code in ('0', '1', '2', '9')", name=op.f("ck_resident_sex_code")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_resident_created_by_staff")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_resident_site_id_site")),
        sa.ForeignKeyConstraint(["updated_by"], ["staff.id"], name=op.f("fk_resident_updated_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("form_id", name=op.f("uq_resident_form_id")),
        comment="The person; nothing is ever deleted",
    )
    op.create_index("ix_resident_site_id_id", "resident", ["site_id", "id"], unique=False)


def make_staff_secret() -> None:
    """Hashes and second factor; the gate role alone."""
    op.create_table(
        "staff_secret",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_is_temporary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("temporary_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_key", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column(
            "recovery_hashes", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("sheet_hash", sa.Text(), nullable=True),
        sa.Column("sheet_printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_secret_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_secret")),
        comment="Hashes and second factor; the gate role alone",
    )


def make_resident_key() -> None:
    """Documents and phones, encrypted."""
    op.create_table(
        "resident_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("type_code", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind in ('document', 'phone', 'contact_phone')", name=op.f("ck_resident_key_kind")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_resident_key_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_key")),
        sa.UniqueConstraint(
            "resident_id", "kind", "position", name=op.f("uq_resident_key_resident_id_kind_position")
        ),
        comment="Documents and phones, encrypted",
    )
    op.create_index("ix_resident_key_hash", "resident_key", ["hash"], unique=False)


def make_resident_name() -> None:
    """Every written form of a name."""
    op.create_table(
        "resident_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.CheckConstraint("position between 0 and 2", name=op.f("ck_resident_name_position")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_resident_name_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_name")),
        sa.UniqueConstraint("resident_id", "position", name=op.f("uq_resident_name_resident_id_position")),
        comment="Every written form of a name",
    )
    op.create_index(
        "ix_resident_name_search_key",
        "resident_name",
        ["search_key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
    )


def grant() -> None:
    """Give the clinic's roles their rights."""
    op.execute("""
GRANT USAGE ON SCHEMA t_0000 TO t_0000, t_0000_gate
""")
    op.execute("""
GRANT SELECT, INSERT ON access_log TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (rooms, paper, default_language, lock_minutes,
version) ON clinic_setting TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (last) ON counter TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE ON site, staff TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (sex_code, birth_date, birth_precision,
placeholder, placeholder_number, site_id, province, prefecture, county,
township, village, address_detail, contact_name, print_language, updated_at,
updated_by, version) ON resident TO t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE ON staff_secret TO t_0000_gate
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (type_code, value, hash), DELETE ON resident_key TO
t_0000
""")
    op.execute("""
GRANT SELECT, INSERT, UPDATE (text, search_key), DELETE ON resident_name TO
t_0000
""")
