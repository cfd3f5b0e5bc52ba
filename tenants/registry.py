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

NOW = sa.text("now()")


def time_column(name: str, **more: object) -> sa.Column[object]:
    """A moment, with its zone."""
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
    time_column("suspended_at"),
    sa.Column("suspended_from", sa.Text),
    time_column("state_since", nullable=False, server_default=NOW),
    sa.Column("cell", sa.Text, nullable=False, server_default="main"),
    sa.Column("moving_to", sa.Text),
    sa.Column("left_cell", sa.Text),
    time_column("created_at", nullable=False, server_default=NOW),
    time_column("removed_at"),
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
    # No foreign key: in a further cell the registry is in another database.
    sa.Column("clinic_id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Text, nullable=False),
    time_column("applied_at", nullable=False, server_default=NOW),
    sa.Column("number", sa.SmallInteger),
    sa.Column("standing", sa.Text, nullable=False, server_default="here"),
    sa.CheckConstraint("standing in ('coming', 'here', 'gone')", name="standing"),
    comment="The revision of the clinic tree that a clinic's schema is at",
)

migration_run = sa.Table(
    "migration_run",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("clinic_id", sa.Uuid, nullable=False, index=True),
    sa.Column("from_revision", sa.Text, nullable=False),
    sa.Column("to_revision", sa.Text, nullable=False),
    sa.Column("error", sa.Text),
    time_column("at", nullable=False, server_default=NOW),
    comment="Ledger: each migration of a clinic, done (error empty) or refused",
)

closing = sa.Table(
    "closing",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    time_column("closed_at", nullable=False, server_default=NOW),
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
    time_column("asked_at", nullable=False, server_default=NOW),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    time_column("ended_at"),
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
    time_column("created_at", nullable=False),
    time_column("last_seen", nullable=False),
    time_column("second_factor_at"),
    time_column("locked_at"),
    time_column("ended_at"),
    sa.Index("ix_web_session_clinic_id_staff_id", "clinic_id", "staff_id"),
    sa.Index("ix_web_session_last_seen", "last_seen"),
    comment="Who is signed in; the cookie holds a token whose SHA-256 is the key",
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    time_column("first_at", nullable=False),
    time_column("last_at", nullable=False),
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
    time_column("computed_at", nullable=False),
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
    time_column("at", nullable=False, server_default=NOW),
    sa.CheckConstraint("one", name="one"),
    comment="One row, written to see that the database can be written to",
)

seal_made = sa.Table(
    "seal_made",
    metadata,
    time_column("at", primary_key=True),
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
    time_column("at", nullable=False, server_default=NOW),
    comment="Insert only: what the platform's people did to a clinic; shown to its staff",
)
