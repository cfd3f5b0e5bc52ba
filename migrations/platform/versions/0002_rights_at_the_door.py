"""What ``shipa_gate`` may see and do in ``platform``: the cards of clinics, sessions, failures.

Follows 0001_first_tables. The table of clinics itself stays the owner's; the gate reads a view of
it and changes names only through a function that asks for a live session.
"""

from alembic import op

revision = "0002_rights_at_the_door"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

VIEW = """
CREATE VIEW platform.clinic_sign_in AS
SELECT id, number, code, kind, name_zh, name_ug, county_code, county_zh, prefecture_zh,
       township_code, state, cell
FROM platform.clinic
"""

# The names are the clinic's own from then on: an operator's roster no longer changes them.
FUNCTION = """
CREATE FUNCTION platform.rename_clinic(token_hash bytea, new_name_zh text, new_name_ug text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE platform.clinic AS c
    SET name_zh = new_name_zh,
        name_ug = new_name_ug,
        name_zh_own = c.name_zh_own OR c.name_zh IS DISTINCT FROM new_name_zh,
        name_ug_own = c.name_ug_own OR c.name_ug IS DISTINCT FROM new_name_ug
    FROM platform.web_session AS s
    WHERE s.token_hash = rename_clinic.token_hash
      AND s.clinic_id = c.id
      AND s.ended_at IS NULL
      AND s.locked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no live session' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$
"""

RIGHTS = (
    "GRANT USAGE ON SCHEMA platform TO shipa_gate",
    "GRANT SELECT ON platform.clinic_sign_in, platform.operator_act TO shipa_gate",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform.web_session TO shipa_gate",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform.sign_in_failure TO shipa_gate",
    "REVOKE ALL ON FUNCTION platform.rename_clinic(bytea, text, text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION platform.rename_clinic(bytea, text, text) TO shipa_gate",
)


def upgrade() -> None:
    """Make the view and the function, then give the gate its rights."""
    op.execute(VIEW)
    op.execute(FUNCTION)
    for right in RIGHTS:
        op.execute(right)
