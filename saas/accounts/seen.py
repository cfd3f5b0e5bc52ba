"""What a form was filled in from, so that nobody overwrites what somebody else just saved."""

from __future__ import annotations

import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

Values = typing.Mapping[str, "str | list[str]"]


def pack(values: Values) -> str:
    """The values for a hidden field."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False)


def unpack(text: str | None) -> dict[str, str | list[str]]:
    """The values of the hidden field; empty when it was tampered with, which counts as changed."""
    try:
        values = json.loads(text or "")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def changed_fields(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The names of the fields that differ, in the order of ``after``."""
    return [name for name, value in after.items() if before.get(name) != value]
