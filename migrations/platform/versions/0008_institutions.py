"""Institutions that change, practice clinics, and the devices that are handed out.

Follows 0007_ops. A clinic can lead to its successor and have old codes that still lead to it;
a change is kept with what was before it for as long as it can be undone. A practice clinic says whose it is
from its first row on. Devices have no place, no user and no time at which they were seen (rights N1).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_institutions"
down_revision = "0007_ops"
branch_labels = None
depends_on = None

# The new columns come last, so that the view keeps the gate's right to it.
VIEW = """
CREATE OR REPLACE VIEW platform.clinic_sign_in AS
SELECT id, number, code, kind, name_zh, name_ug, county_code, county_zh, prefecture_zh,
       township_code, state, cell, suspended_at, practice_of, successor_id
FROM platform.clinic WHERE removed_at IS NULL
"""

# The operators' list of clinics is without those for practice; each says where its own one is, and what it
# goes on as. The new columns come last here too.
OPERATORS_VIEW = """
CREATE OR REPLACE VIEW platform.operator_clinic AS
SELECT c.id, c.code, c.kind, c.name_zh, c.name_ug, c.prefecture_zh, c.county_code, c.county_zh, c.state,
       c.suspended_at, c.suspended_from, c.state_since, c.created_at, r.revision, r.applied_at,
       i.printed_at AS invited_at, i.until AS invited_until, i.used_at AS invitation_used_at,
       p.code AS practice_code, s.code AS successor_code
FROM platform.clinic c
LEFT JOIN platform.clinic_revision r ON r.clinic_id = c.id
LEFT JOIN platform.invitation i ON i.clinic_id = c.id
LEFT JOIN platform.clinic p ON p.practice_of = c.id
LEFT JOIN platform.clinic s ON s.id = c.successor_id
WHERE c.practice_of IS NULL AND c.removed_at IS NULL
"""

DEVICES_OF_OPERATORS = """
CREATE VIEW platform.operator_device AS
SELECT d.asset_number, d.kind, d.model, d.serial, d.batch, d.waybill, d.state, d.confirmed_on,
       c.code AS clinic_code, c.county_code, c.county_zh,
       c.practice_of IS NOT NULL AS is_practice
FROM platform.device d LEFT JOIN platform.clinic c ON c.id = d.clinic_id
"""

DEVICES_OF_CLINICS = """
CREATE VIEW platform.clinic_device AS
SELECT id, clinic_id, asset_number, kind, model, serial, state, confirmed_on
FROM platform.device WHERE clinic_id IS NOT NULL
"""

# What the clinic may do with its devices; the pure table of moves in tenants/devices/moves.py says the same,
# and a test holds the two together. The clinic is that of a live session, never a word of the caller's.
MOVE = """
CREATE FUNCTION platform.move_device(session bytea, which uuid, goal text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine uuid := platform.clinic_of_session(session);
    was text;
BEGIN
    SELECT d.state INTO was FROM platform.device AS d
    WHERE d.id = which AND d.clinic_id = mine FOR UPDATE;
    IF NOT FOUND OR (was || '>' || goal) <> ALL (ARRAY[
        'shipped>received', 'enrolled>in_use', 'in_use>repair', 'repair>in_use',
        'received>lost', 'enrolled>lost', 'in_use>lost', 'repair>lost', 'lost>received'
    ]) THEN
        RETURN false;
    END IF;
    UPDATE platform.device SET state = goal, token_hash = NULL, token_until = NULL WHERE id = which;
    INSERT INTO platform.device_move (id, device_id, old_state, new_state, by)
    VALUES (gen_random_uuid(), which, was, goal, 'clinic');
    RETURN true;
END
$$
"""

ENROL = """
CREATE FUNCTION platform.enrol_device(session bytea, code bytea)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine uuid := platform.clinic_of_session(session);
    found_id uuid;
    found_number text;
BEGIN
    UPDATE platform.device AS d SET state = 'enrolled', token_hash = NULL, token_until = NULL
    WHERE d.token_hash = code AND d.clinic_id = mine AND d.state = 'received' AND d.token_until > now()
    RETURNING d.id, d.asset_number INTO found_id, found_number;
    IF found_id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO platform.device_move (id, device_id, old_state, new_state, by)
    VALUES (gen_random_uuid(), found_id, 'received', 'enrolled', 'clinic');
    RETURN found_number;
END
$$
"""

CONFIRM = """
CREATE FUNCTION platform.confirm_devices(session bytea, which uuid[], day date)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine uuid := platform.clinic_of_session(session);
    counted integer;
BEGIN
    UPDATE platform.device AS d SET confirmed_on = day
    WHERE d.id = ANY (which) AND d.clinic_id = mine AND d.state IN ('enrolled', 'in_use', 'repair');
    GET DIAGNOSTICS counted = ROW_COUNT;
    RETURN counted;
END
$$
"""

SESSION = """
CREATE FUNCTION platform.clinic_of_session(session bytea)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine uuid;
BEGIN
    SELECT s.clinic_id INTO mine FROM platform.web_session AS s
    WHERE s.token_hash = session AND s.stage = 'full' AND s.ended_at IS NULL AND s.locked_at IS NULL;
    IF mine IS NULL THEN
        RAISE EXCEPTION 'no live session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN mine;
END
$$
"""

FUNCTIONS = {
    "move_device(bytea, uuid, text)": MOVE,
    "enrol_device(bytea, bytea)": ENROL,
    "confirm_devices(bytea, uuid[], date)": CONFIRM,
}
RIGHTS = (
    "REVOKE ALL ON FUNCTION platform.clinic_of_session(bytea) FROM PUBLIC",
    "GRANT SELECT ON platform.clinic_code, platform.clinic_device TO shipa_gate",
    "GRANT SELECT ON platform.operator_device, platform.device_target TO shipa_operator",
    *(f"REVOKE ALL ON FUNCTION platform.{name} FROM PUBLIC" for name in FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION platform.{name} TO shipa_gate" for name in FUNCTIONS),
)


def upgrade() -> None:
    """Mark clinics, keep their changes, register devices."""
    _clinics()
    _devices()
    op.execute(VIEW)
    op.execute(OPERATORS_VIEW)
    op.execute(DEVICES_OF_CLINICS)
    op.execute(DEVICES_OF_OPERATORS)
    for function in (SESSION, *FUNCTIONS.values()):
        op.execute(function)
    for right in RIGHTS:
        op.execute(right)


def _time(name: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **more)  # type: ignore[arg-type]


def _clinics() -> None:
    for name in ("practice_of", "successor_id"):
        op.add_column("clinic", sa.Column(name, sa.Uuid(), nullable=True), schema="platform")
        op.create_foreign_key(
            op.f(f"fk_clinic_{name}_clinic"), "clinic", "clinic", [name], ["id"],
            source_schema="platform", referent_schema="platform",
        )  # fmt: skip
    op.create_unique_constraint(op.f("uq_clinic_practice_of"), "clinic", ["practice_of"], schema="platform")
    op.create_check_constraint(
        op.f("ck_clinic_practice_apart"),
        "clinic",
        "practice_of is null or (practice_of <> id and successor_id is null)",
        schema="platform",
    )
    op.create_table(
        "clinic_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_clinic_code_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_clinic_code")),
        schema="platform",
        comment="Codes that a clinic had, or that lead to its successor; they never lead nowhere",
    )
    op.create_index(op.f("ix_clinic_code_clinic_id"), "clinic_code", ["clinic_id"], schema="platform")
    op.create_table(
        "clinic_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        _time("at", server_default=sa.text("now()"), nullable=False),
        _time("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_change")),
        schema="platform",
        comment="Changes of institutions, with what was before and after; undoable for 7 days",
    )


def _devices() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), server_default="", nullable=False),
        sa.Column("waybill", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="stock", nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        _time("token_until", nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state in ('stock', 'shipped', 'received', 'enrolled', 'in_use', 'repair', 'lost', 'retired')",
            name=op.f("ck_device_state"),
        ),
        sa.CheckConstraint("state <> 'stock' or clinic_id is null", name=op.f("ck_device_stock_is_nobodys")),
        sa.CheckConstraint(
            "state not in ('shipped', 'received', 'enrolled', 'in_use', 'repair') or clinic_id is not null",
            name=op.f("ck_device_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["platform.clinic.id"], name=op.f("fk_device_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("asset_number", name=op.f("uq_device_asset_number")),
        sa.UniqueConstraint("serial", name=op.f("uq_device_serial")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
        schema="platform",
        comment="Devices that are handed out; no place, no user, no time at which one was seen",
    )
    op.create_index(op.f("ix_device_clinic_id"), "device", ["clinic_id"], schema="platform")
    op.create_table(
        "device_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("old_state", sa.Text(), nullable=False),
        sa.Column("new_state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        _time("at", server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["platform.device.id"], name=op.f("fk_device_move_device_id_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_move")),
        schema="platform",
        comment="Insert only: each move of a device; by an operator, or by the clinic without a name",
    )
    op.create_index(op.f("ix_device_move_device_id"), "device_move", ["device_id"], schema="platform")
    op.create_table(
        "device_target",
        sa.Column("county_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_device_target_count")),
        sa.PrimaryKeyConstraint("county_code", "kind", name=op.f("pk_device_target")),
        schema="platform",
        comment="How many devices of a kind a county is to get",
    )
