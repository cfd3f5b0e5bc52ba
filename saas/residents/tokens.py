"""Texts that travel through a page or an address unread: search words, the form as it was."""

from __future__ import annotations

import base64
import binascii
import json
import typing

from saas.web.keys import SealBrokenError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.web.keys import ClinicKeys

_SHORTEST = 28  # nonce and tag of an empty text


def sealed(text: str, place: str, keys: ClinicKeys) -> str:
    """The text for a URL or a hidden field; only this clinic can open it, only for this place."""
    return base64.urlsafe_b64encode(keys.seal(text, place)).decode().rstrip("=")


def opened(token: str, place: str, keys: ClinicKeys) -> str | None:
    """The text of a token; None for anything else than an untouched token of this place."""
    try:
        blob = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(blob) < _SHORTEST:
        return None
    try:
        return keys.open(blob, place)
    except SealBrokenError:
        return None


def sealed_fields(fields: Mapping[str, str], place: str, keys: ClinicKeys) -> str:
    """A whole form for a hidden field."""
    return sealed(json.dumps(dict(fields)), place, keys)


def opened_fields(token: str, place: str, keys: ClinicKeys) -> dict[str, str] | None:
    """The form of such a field; None when it was touched."""
    text = opened(token, place, keys)
    return None if text is None else typing.cast("dict[str, str]", json.loads(text))
