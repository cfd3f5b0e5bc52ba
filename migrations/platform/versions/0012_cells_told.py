"""Clinics in further cells for the operators: told of, invited to, their rooms switched.

Follows 0009_cells. In each cell the operators' login asks for facts and standing; what one cell tells another
to do is sealed with a key that the owner keeps in all of them, so that neither an order without an operator's
session nor a count that no clinic gave is believed, whatever SQL reaches the login (rights N12).
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012_cells_told"
down_revision = "0011_closing_in_the_console"
branch_labels = None
depends_on = None

FUNCTIONS = Path(__file__).with_suffix(".sql")
OWNERS = (
    "place_of(uuid)",
    "cell_seal(text)",
    "check_seal(text, bigint, bytea)",
    "keep_invitation(text, uuid, text, text)",
)
"""For other functions of the owner's alone."""
CALLS = (
    "cell_word(uuid[])",
    "cell_standing()",
    "cell_room(uuid, text[], bigint, bytea)",
    "operator_room_order(bytea, uuid, text[], text, boolean)",
    "operator_invite_told(bytea, uuid, text, text, bigint, bigint, bytea)",
)
"""For the operators' login."""


def upgrade() -> None:
    """Make the table of the key, then the functions, then give the rights."""
    op.create_table(
        "cell_key",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inside", sa.LargeBinary(), nullable=False),
        sa.Column("outside", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_cell_key_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_cell_key")),
        schema="platform",
        comment="The owner's alone: what the cells of one house seal their words to each other with",
    )
    for statement in FUNCTIONS.read_text(encoding="utf-8").split("-- next\n"):
        op.execute(statement)
    for function in OWNERS + CALLS:
        op.execute(f"REVOKE ALL ON FUNCTION platform.{function} FROM PUBLIC")
    for function in CALLS:
        op.execute(f"GRANT EXECUTE ON FUNCTION platform.{function} TO shipa_operator")
