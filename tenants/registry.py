"""The tables of schema ``platform``: which clinics there are, who is signed in, what was migrated."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    schema="platform",
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

KINDS = (
    "township_health_centre",
    "community_health_centre",
    "community_health_station",
)

STATES = ("provisioned", "configured", "trained", "pilot", "live", "suspended", "closed")
"""The standing of a clinic, in order. What was uploaded and not yet provisioned (`applied`) is a line of a
roster and no clinic: it has no schema, no keys and nobody who could sign in."""

WORKING = STATES[:5]
"""Standings in which people sign in and work."""

_now = sa.text("now()")


def _time(name: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **more)  # type: ignore[arg-type]


clinic = sa.Table(
    "clinic",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.SmallInteger, nullable=False, unique=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_ug", sa.Text, nullable=False, server_default=""),
    sa.Column("name_zh_own", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("name_ug_own", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("prefecture_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("county_code", sa.Text, nullable=False, server_default=""),
    sa.Column("county_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("township_code", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False, server_default="live"),
    _time("suspended_at"),
    sa.Column("suspended_from", sa.Text),
    _time("state_since", nullable=False, server_default=_now),
    sa.Column("cell", sa.Text, nullable=False, server_default="main"),
    _time("created_at", nullable=False, server_default=_now),
    _time("removed_at"),
    sa.Column("practice_of", sa.ForeignKey("platform.clinic.id"), unique=True),
    sa.Column("successor_id", sa.ForeignKey("platform.clinic.id")),
    sa.CheckConstraint(
        "practice_of is null or (practice_of <> id and successor_id is null)", name="practice_apart"
    ),
    sa.CheckConstraint(
        "state in ('provisioned', 'configured', 'trained', 'pilot', 'live', 'suspended', 'closed')",
        name="state",
    ),
    sa.CheckConstraint(
        "(state in ('suspended', 'closed')) = (suspended_at is not null)", name="suspended_at"
    ),
    sa.CheckConstraint("removed_at is null or state = 'closed'", name="removed_at"),
    sa.CheckConstraint("number between 1 and 9999", name="number"),
    comment="One row per clinic; the one home of its names",
)

clinic_revision = sa.Table(
    "clinic_revision",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    sa.Column("revision", sa.Text, nullable=False),
    _time("applied_at", nullable=False, server_default=_now),
    comment="The revision of the clinic tree that a clinic's schema is at",
)

migration_run = sa.Table(
    "migration_run",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), nullable=False, index=True),
    sa.Column("from_revision", sa.Text, nullable=False),
    sa.Column("to_revision", sa.Text, nullable=False),
    sa.Column("error", sa.Text),
    _time("at", nullable=False, server_default=_now),
    comment="Ledger: each migration of a clinic, done (error empty) or refused",
)

closing = sa.Table(
    "closing",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    _time("closed_at", nullable=False, server_default=_now),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.CheckConstraint("keep_days >= 30", name="keep_days"),
    comment="Clinics that are closed: since when, what for, and how long at least their rows stay",
)

removal = sa.Table(
    "removal",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), nullable=False),
    _time("asked_at", nullable=False, server_default=_now),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    _time("ended_at"),
    sa.Column("ended_by", sa.Text),
    sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
    sa.CheckConstraint("not done or ended_by <> asked_by", name="two_operators"),
    sa.Index("uq_removal_open", "clinic_id", unique=True, postgresql_where=sa.text("ended_at is null")),
    comment="Who asked to remove a clinic, and who confirmed or called it off: two operators",
)

web_session = sa.Table(
    "web_session",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), nullable=False),
    sa.Column("staff_id", sa.Uuid, nullable=False),
    sa.Column("csrf_secret", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("data", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    sa.Column("browser", sa.Text, nullable=False, server_default=""),
    _time("created_at", nullable=False),
    _time("last_seen", nullable=False),
    _time("second_factor_at"),
    _time("locked_at"),
    _time("ended_at"),
    sa.Index("ix_web_session_clinic_id_staff_id", "clinic_id", "staff_id"),
    sa.Index("ix_web_session_last_seen", "last_seen"),
    comment="Who is signed in; the cookie holds a token whose SHA-256 is the key",
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    _time("first_at", nullable=False),
    _time("last_at", nullable=False),
    sa.Index("ix_sign_in_failure_last_at", "last_at"),
    comment="Failed sign-ins per account and per address, as keyed hashes; bounded",
)

indicator = sa.Table(
    "indicator",
    metadata,
    sa.Column("clinic_code", sa.Text, primary_key=True),
    sa.Column("indicator_code", sa.Text, primary_key=True),
    sa.Column("rule_version", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("county_zh", sa.Text, nullable=False),
    sa.Column("numerator", sa.Integer),
    sa.Column("denominator", sa.Integer),
    _time("computed_at", nullable=False),
    # Whatever writes here: a cell under 10 cannot be stored (rights I8).
    sa.CheckConstraint("numerator is not null or denominator is null", name="hidden_together"),
    sa.CheckConstraint("numerator >= 10 and denominator - numerator >= 10", name="no_small_cell"),
    schema="agg",
    comment="Figures that left the clinics, small cells hidden: no numbers where one would be under 10",
)

heartbeat = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("one", sa.Boolean, primary_key=True, server_default=sa.true()),
    _time("at", nullable=False, server_default=_now),
    sa.CheckConstraint("one", name="one"),
    comment="One row, written to see that the database can be written to",
)

seal_made = sa.Table(
    "seal_made",
    metadata,
    _time("at", primary_key=True),
    comment="Insert only: when the access logs of all clinics were sealed; the seals are elsewhere",
)

operator_act = sa.Table(
    "operator_act",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), nullable=False, index=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
    _time("at", nullable=False, server_default=_now),
    comment="Insert only: what the platform's people did to a clinic; shown to its staff",
)

operator = sa.Table(
    "operator",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    _time("disabled_at"),
    _time("created_at", nullable=False, server_default=_now),
    # One column, one word: nobody can hold both roles (rights I11).
    sa.CheckConstraint("role in ('onboarding', 'viewer')", name="role"),
    sa.CheckConstraint("name = lower(name)", name="name"),
    comment="People of the platform; a register apart from every clinic's staff",
)

operator_secret = sa.Table(
    "operator_secret",
    metadata,
    sa.Column("operator_id", sa.ForeignKey(operator.c.id), primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("password_is_temporary", sa.Boolean, nullable=False, server_default=sa.true()),
    _time("password_set_at", nullable=False, server_default=_now),
    sa.Column("totp_key", sa.LargeBinary),
    sa.Column("totp_last_step", sa.BigInteger),
    comment="What proves who an operator is; the second factor's key is sealed",
)

operator_session = sa.Table(
    "operator_session",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("operator_id", sa.ForeignKey(operator.c.id), nullable=False, index=True),
    sa.Column("csrf_secret", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("data", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    _time("created_at", nullable=False),
    _time("last_seen", nullable=False),
    _time("ended_at"),
    comment="Operators who are signed in; the cookie holds a token whose SHA-256 is the key",
)

operator_failure = sa.Table(
    "operator_failure",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    _time("first_at", nullable=False),
    _time("last_at", nullable=False),
    comment="Failed sign-ins of operators per account and per address, as keyed hashes; bounded",
)

roster_run = sa.Table(
    "roster_run",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("sites_name", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False, server_default="checking"),
    sa.Column("failure", sa.Text, nullable=False, server_default=""),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("of", sa.Integer, nullable=False, server_default="0"),
    sa.Column("report", JSONB),
    sa.Column("planned", JSONB),
    _time("created_at", nullable=False, server_default=_now),
    _time("changed_at", nullable=False, server_default=_now),
    sa.CheckConstraint(
        "state in ('checking', 'checked', 'refused', 'running', 'stopping', 'stopped', 'done', 'failed')",
        name="state",
    ),
    comment="Rosters that operators uploaded: what a dry run found, how far the import is",
)

roster_file = sa.Table(
    "roster_file",
    metadata,
    sa.Column("run_id", sa.ForeignKey(roster_run.c.id), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("part in ('clinics', 'sites')", name="part"),
    comment="The bytes of an uploaded roster and its file of sites",
)

roster_fault = sa.Table(
    "roster_fault",
    metadata,
    sa.Column("run_id", sa.ForeignKey(roster_run.c.id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    comment="What is wrong with the lines of an uploaded roster, in their order",
)

clinic_tick = sa.Table(
    "clinic_tick",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("operator", sa.Text, nullable=False),
    _time("at", nullable=False, server_default=_now),
    comment="Items of a clinic's checklist that an operator has seen to",
)

clinic_day = sa.Table(
    "clinic_day",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("sign_ins", sa.Integer, nullable=False, server_default="0"),
    sa.Column("conflicts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    comment="Per clinic and day: sign-ins, saves refused by a conflict, saves that broke; numbers only",
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    _time("printed_at", nullable=False, server_default=_now),
    _time("until", nullable=False),
    _time("used_at"),
    comment="The printed invitation of a clinic's first administrator: for one use (rights N12)",
)
