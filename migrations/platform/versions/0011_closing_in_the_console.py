"""Closing, removal and the moves of devices in the operators' console.

Follows 0010_house_orders. The console closed clinics without a term and opened closed ones without taking the
term away; neither goes by ``operator_move`` any more. Terms and wishes for a removal that such a clinic still
has are taken away here; one that stands as closed without a term is closed anew by an operator, who says for
how long.
"""

from pathlib import Path

from alembic import op

revision = "0011_closing_in_the_console"
down_revision = "0010_house_orders"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).with_suffix(".sql")

REPAIRS = (
    "DELETE FROM platform.closing g USING platform.clinic c WHERE c.id = g.clinic_id AND c.state <> 'closed'",
    """
    UPDATE platform.removal r SET ended_at = now(), ended_by = 'shipa migrate' FROM platform.clinic c
    WHERE c.id = r.clinic_id AND r.ended_at IS NULL AND c.state <> 'closed'
    """,
)

FUNCTIONS = (
    "operator_device_move(bytea, uuid, text, text, uuid, text)",
    "operator_device_code(bytea, uuid, bytea)",
)
RIGHTS = (
    "GRANT SELECT ON platform.operator_closing, platform.device_move TO shipa_operator",
    *(f"REVOKE ALL ON FUNCTION platform.{name} FROM PUBLIC" for name in FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION platform.{name} TO shipa_operator" for name in FUNCTIONS),
)


def upgrade() -> None:
    """Mend what the old console left, then views, functions and rights."""
    for statement in (*REPAIRS, *STATEMENTS.read_text("utf-8").split("-- next\n"), *RIGHTS):
        op.execute(statement)
