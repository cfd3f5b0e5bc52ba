"""The operators' register, their rosters, the clinics' way to work, and what ``shipa_operator`` may.

Follows 0004_figures_that_leave. Existing clinics stay live. ``shipa_operator`` has no right on the table of
clinics, on any clinic's schema, on sessions, failures or keys: it reads a view of names and standings, and
whatever it changes goes through a function that asks for its live session and writes the operator's act.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_operators"
down_revision = "0004_figures_that_leave"
branch_labels = None
depends_on = None

FUNCTIONS = Path(__file__).with_suffix(".sql")
"""The view and the functions; a revision's own, changed by the next revision only."""

RIGHTS = (
    "GRANT USAGE ON SCHEMA platform TO shipa_operator",
    "GRANT SELECT ON platform.operator, platform.operator_act, platform.operator_clinic TO shipa_operator",
    "GRANT SELECT, UPDATE ON platform.operator_secret TO shipa_operator",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform.operator_session TO shipa_operator",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform.operator_failure TO shipa_operator",
    "GRANT SELECT, INSERT ON platform.roster_run TO shipa_operator",
    "GRANT INSERT ON platform.roster_file TO shipa_operator",
    "GRANT SELECT ON platform.roster_fault, platform.clinic_tick, platform.clinic_day TO shipa_operator",
    "GRANT SELECT, INSERT, UPDATE ON platform.clinic_day TO shipa_gate",
    "GRANT SELECT ON platform.invitation TO shipa_gate",
)
CALLS = {
    "operator_move(bytea, uuid, text, text, text)": "shipa_operator",
    "operator_tick(bytea, uuid, text, boolean)": "shipa_operator",
    "operator_room(bytea, uuid, text[], text, boolean)": "shipa_operator",
    "operator_invite(bytea, uuid, text, text)": "shipa_operator",
    "operator_steer(bytea, uuid, text)": "shipa_operator",
    "clinic_facts(uuid)": "shipa_operator",
    "use_invitation(uuid, text)": "shipa_gate",
    "operator_of(bytea)": "",
}


def upgrade() -> None:
    """Widen the standings, make the tables, the view and the functions, then give the rights."""
    widen_states()
    make_operators()
    make_rosters()
    make_way_to_work()
    for statement in FUNCTIONS.read_text(encoding="utf-8").split("\n-- next\n"):
        op.execute(statement)
    for right in RIGHTS:
        op.execute(right)
    for function, role in CALLS.items():
        op.execute(f"REVOKE ALL ON FUNCTION platform.{function} FROM PUBLIC")
        if role:
            op.execute(f"GRANT EXECUTE ON FUNCTION platform.{function} TO {role}")


def _time(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def widen_states() -> None:
    """Eight standings, of which seven are a clinic's; since when, and from where it was suspended."""
    op.add_column("clinic", sa.Column("suspended_from", sa.Text(), nullable=True), schema="platform")
    op.add_column("clinic", _time("state_since", now=True), schema="platform")
    for name in ("state", "suspended_at"):
        op.drop_constraint(op.f(f"ck_clinic_{name}"), "clinic", schema="platform")
    op.create_check_constraint(
        op.f("ck_clinic_state"),
        "clinic",
        "state in ('provisioned', 'configured', 'trained', 'pilot', 'live', 'suspended', 'closed')",
        schema="platform",
    )
    op.create_check_constraint(
        op.f("ck_clinic_suspended_at"),
        "clinic",
        "(state in ('suspended', 'closed')) = (suspended_at is not null)",
        schema="platform",
    )


def make_operators() -> None:
    """People of the platform, what proves them, their sessions, their failures."""
    op.create_table(
        "operator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        _time("disabled_at", nullable=True),
        _time("created_at", now=True),
        sa.CheckConstraint("role in ('onboarding', 'viewer')", name=op.f("ck_operator_role")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_operator_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_name")),
        schema="platform",
        comment="People of the platform; a register apart from every clinic's staff",
    )
    op.create_table(
        "operator_secret",
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_is_temporary", sa.Boolean(), server_default=sa.true(), nullable=False),
        _time("password_set_at", now=True),
        sa.Column("totp_key", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["platform.operator.id"], name=op.f("fk_operator_secret_operator_id_operator")
        ),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_operator_secret")),
        schema="platform",
        comment="What proves who an operator is; the second factor's key is sealed",
    )
    make_operator_sessions()


def make_operator_sessions() -> None:
    """Who is signed in as an operator, and who failed to."""
    op.create_table(
        "operator_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_secret", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        _time("created_at"),
        _time("last_seen"),
        _time("ended_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["platform.operator.id"], name=op.f("fk_operator_session_operator_id_operator")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_session")),
        sa.UniqueConstraint("id", name=op.f("uq_operator_session_id")),
        schema="platform",
        comment="Operators who are signed in; the cookie holds a token whose SHA-256 is the key",
    )
    op.create_index(
        op.f("ix_operator_session_operator_id"), "operator_session", ["operator_id"], schema="platform"
    )
    op.create_table(
        "operator_failure",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _time("first_at"),
        _time("last_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_operator_failure")),
        schema="platform",
        comment="Failed sign-ins of operators per account and per address, as keyed hashes; bounded",
    )


def make_rosters() -> None:
    """What operators uploaded, its bytes and its faults."""
    op.create_table(
        "roster_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sites_name", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="checking", nullable=False),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("of", sa.Integer(), server_default="0", nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("planned", postgresql.JSONB(), nullable=True),
        _time("created_at", now=True),
        _time("changed_at", now=True),
        sa.CheckConstraint(
            "state in ('checking', 'checked', 'refused', 'running', 'stopping', 'stopped', 'done', 'failed')",
            name=op.f("ck_roster_run_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_run")),
        schema="platform",
        comment="Rosters that operators uploaded: what a dry run found, how far the import is",
    )
    op.create_table(
        "roster_file",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("part in ('clinics', 'sites')", name=op.f("ck_roster_file_part")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["platform.roster_run.id"], name=op.f("fk_roster_file_run_id_roster_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "part", name=op.f("pk_roster_file")),
        schema="platform",
        comment="The bytes of an uploaded roster and its file of sites",
    )
    make_roster_faults()


def make_roster_faults() -> None:
    """One row for each thing that is wrong with a line."""
    op.create_table(
        "roster_fault",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["platform.roster_run.id"], name=op.f("fk_roster_fault_run_id_roster_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_roster_fault")),
        schema="platform",
        comment="What is wrong with the lines of an uploaded roster, in their order",
    )


def make_way_to_work() -> None:
    """The checklist's ticks, the days' counts, and the invitation of the first administrator."""
    clinic = ["clinic_id"], ["platform.clinic.id"]
    op.create_table(
        "clinic_tick",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        _time("at", now=True),
        sa.ForeignKeyConstraint(*clinic, name=op.f("fk_clinic_tick_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "item", name=op.f("pk_clinic_tick")),
        schema="platform",
        comment="Items of a clinic's checklist that an operator has seen to",
    )
    op.create_table(
        "clinic_day",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sign_ins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conflicts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(*clinic, name=op.f("fk_clinic_day_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", "day", name=op.f("pk_clinic_day")),
        schema="platform",
        comment="Per clinic and day: sign-ins, saves refused by a conflict, saves that broke; numbers only",
    )
    op.create_table(
        "invitation",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        _time("printed_at", now=True),
        _time("until"),
        _time("used_at", nullable=True),
        sa.ForeignKeyConstraint(*clinic, name=op.f("fk_invitation_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_invitation")),
        schema="platform",
        comment="The printed invitation of a clinic's first administrator: for one use (rights N12)",
    )
