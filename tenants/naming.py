"""Names of a clinic's schema and roles: opaque numbers, checked before they reach SQL."""

import re

_SCHEMA = re.compile(r"t_[0-9]{4}")
_ROLE = re.compile(r"t_[0-9]{4}(_gate|_fp)?")

TEMPLATE_NUMBER = 0
"""The number that stands for "this clinic" in migrations and in the compiled clinic script."""


def schema_of(number: int) -> str:
    """Schema and role of the clinic with this number, ``42 -> "t_0042"``.

    Raises ``ValueError`` outside 0..9999.
    """
    if not 0 <= number <= 9999:  # noqa: PLR2004 - four digits
        message = f"clinic number out of range: {number}"
        raise ValueError(message)
    return f"t_{number:04d}"


def gate_role_of(schema: str) -> str:
    """The role that alone may read the clinic's secrets."""
    return checked_role(f"{schema}_gate")


def checked_schema(name: str) -> str:
    """Return the name when it is a clinic's schema, raise ``ValueError`` otherwise."""
    if not _SCHEMA.fullmatch(name):
        message = "not a clinic schema"
        raise ValueError(message)
    return name


def checked_role(name: str) -> str:
    """Return the name when it is a clinic's role, raise ``ValueError`` otherwise."""
    if not _ROLE.fullmatch(name):
        message = "not a clinic role"
        raise ValueError(message)
    return name


def for_clinic(script: str, number: int) -> str:
    """The compiled script with the clinic's own role names in place of ``t_0000``."""
    return script.replace(schema_of(TEMPLATE_NUMBER), schema_of(number))
