"""What people of the platform do to a clinic: written down, and shown to its staff (rights N12)."""

from __future__ import annotations

import functools
import getpass
import os
import typing

import uuid_utils.compat

if typing.TYPE_CHECKING:
    import uuid

    from tenants.connecting import Connection


@functools.cache
def operator() -> str:
    """The account of the operating system that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # An account without a name, as in some containers.
        return f"uid {os.getuid()}"


def act_row(clinic_id: uuid.UUID, act: str, detail: str, who: str | None = None) -> dict[str, object]:
    """A row of ``platform.operator_act``; ``who`` an operator of the console, else who runs the command."""
    return {
        "id": uuid_utils.compat.uuid7(),
        "clinic_id": clinic_id,
        "act": act,
        "operator": who or operator(),
        "detail": detail,
    }


def write_act(
    connection: Connection, clinic_id: uuid.UUID, act: str, detail: str = "", who: str | None = None
) -> None:
    """Write the row in the transaction of what was done."""
    connection.execute(
        "INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail) "
        "VALUES (%(id)s, %(clinic_id)s, %(act)s, %(operator)s, %(detail)s)",
        act_row(clinic_id, act, detail, who),
    )
