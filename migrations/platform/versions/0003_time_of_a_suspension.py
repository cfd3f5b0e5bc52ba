"""A suspended clinic always has the time of its suspension, and the gate sees it.

Follows 0002_rights_at_the_door. A suspended clinic may read for 30 days (rights I12); without the
time nobody could say when they are over. Where it is missing, the 30 days begin now.
"""

from alembic import op

revision = "0003_time_of_a_suspension"
down_revision = "0002_rights_at_the_door"
branch_labels = None
depends_on = None

TIMES = """
UPDATE platform.clinic
SET suspended_at = CASE WHEN state = 'suspended' THEN coalesce(suspended_at, now()) END
WHERE (state = 'suspended') IS DISTINCT FROM (suspended_at IS NOT NULL)
"""

# The new column comes last, so that the view keeps the gate's right to it.
VIEW = """
CREATE OR REPLACE VIEW platform.clinic_sign_in AS
SELECT id, number, code, kind, name_zh, name_ug, county_code, county_zh, prefecture_zh,
       township_code, state, cell, suspended_at
FROM platform.clinic
"""


def upgrade() -> None:
    """Fill in the times, have the database keep them, and show them at the door."""
    op.execute(TIMES)
    op.create_check_constraint(
        op.f("ck_clinic_suspended_at"),
        "clinic",
        "(state = 'suspended') = (suspended_at is not null)",
        schema="platform",
    )
    op.execute(VIEW)
