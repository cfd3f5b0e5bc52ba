"""Tables of ``platform`` for the operators: who they are, their rosters, what they saw to, invitations."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenants.registry import NOW, clinic, metadata, time_column

operator = sa.Table(
    "operator",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    time_column("disabled_at"),
    time_column("created_at", nullable=False, server_default=NOW),
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
    time_column("password_set_at", nullable=False, server_default=NOW),
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
    time_column("created_at", nullable=False),
    time_column("last_seen", nullable=False),
    time_column("ended_at"),
    comment="Operators who are signed in; the cookie holds a token whose SHA-256 is the key",
)

operator_failure = sa.Table(
    "operator_failure",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    time_column("first_at", nullable=False),
    time_column("last_at", nullable=False),
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
    time_column("created_at", nullable=False, server_default=NOW),
    time_column("changed_at", nullable=False, server_default=NOW),
    time_column("put_aside_at"),
    sa.CheckConstraint(
        "state in ('checking', 'checked', 'refused', 'running', 'stopping', 'stopped', 'done', 'failed')",
        name="state",
    ),
    comment="Rosters that operators uploaded: what a dry run found, how far the import is",
)

roster_order = sa.Table(
    "roster_order",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("run_id", sa.ForeignKey(roster_run.c.id), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    time_column("at", nullable=False, server_default=NOW),
    sa.CheckConstraint("kind in ('start', 'stop', 'go_on', 'put_aside', 'show_again')", name="kind"),
    comment="Insert only: what operators ordered of a roster",
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

house_order = sa.Table(
    "house_order",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), index=True),
    sa.Column("arguments", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("operator", sa.Text, nullable=False),
    time_column("ordered_at", nullable=False, server_default=NOW),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("of", sa.Integer, nullable=False, server_default="0"),
    sa.Column("outcome", JSONB),
    time_column("ended_at"),
    sa.CheckConstraint("state in ('waiting', 'done', 'refused', 'failed')", name="state"),
    sa.CheckConstraint("(state = 'waiting') = (ended_at is null)", name="ended_at"),
    comment="What operators ordered of the house, how far it is, and what came out; each is done once",
)

clinic_tick = sa.Table(
    "clinic_tick",
    metadata,
    sa.Column("clinic_id", sa.ForeignKey(clinic.c.id), primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("operator", sa.Text, nullable=False),
    time_column("at", nullable=False, server_default=NOW),
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
    time_column("printed_at", nullable=False, server_default=NOW),
    time_column("until", nullable=False),
    time_column("used_at"),
    comment="The printed invitation of a clinic's first administrator: for one use (rights N12)",
)

cell_key = sa.Table(
    "cell_key",
    metadata,
    sa.Column("one", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("inside", sa.LargeBinary, nullable=False),
    sa.Column("outside", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("one", name="one"),
    comment="The owner's alone: what the cells of one house seal their words to each other with",
)
