"""The second factor: time-based codes of an app on the telephone, each accepted once."""

from __future__ import annotations

import hmac
import re
import typing
import unicodedata

import pyotp
import segno

if typing.TYPE_CHECKING:
    import datetime

STEP_SECONDS = 30
TOLERANCE = 1
"""Steps before and after now that are accepted: clocks of telephones differ."""

SLOW_STEPS = 20
"""Steps of the past, ten minutes, in which a code that is too old is known again. Never accepted."""

_CODE = re.compile(r"[0-9]{6}")


def new_key() -> str:
    """A fresh key: 160 bits in base 32, as the apps expect it."""
    return pyotp.random_base32()


def typed_code(text: str) -> str:
    """The code as digits, however it was typed: wide or Arabic digits, with spaces."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (letter for letter in plain if not letter.isspace() and letter != "-")
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in kept)


def accepted_step(key: str, code: str, now: datetime.datetime, last_step: int | None) -> int | None:
    """The step that ``code`` belongs to, when it is newer than the last one used; else ``None``.

    A code seen over somebody's shoulder is worth nothing once it was used (RFC 6238, 5.2).
    """
    present = _step_at(now)
    return _fresh_step(key, code, range(present - TOLERANCE, present + TOLERANCE + 1), last_step)


def comes_late(key: str, code: str, now: datetime.datetime, last_step: int | None) -> bool:
    """Whether a code that is not accepted was right some minutes ago, and was never used: a slow clock.

    Of codes to come nothing is ever said: whoever guessed one would only have to wait.
    """
    present = _step_at(now)
    return _fresh_step(key, code, range(present - SLOW_STEPS, present - TOLERANCE), last_step) is not None


def _step_at(now: datetime.datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def _fresh_step(key: str, code: str, steps: range, last_step: int | None) -> int | None:
    if not _CODE.fullmatch(code):
        return None
    generator = pyotp.TOTP(key, interval=STEP_SECONDS)
    for step in steps:
        fresh = last_step is None or step > last_step
        if hmac.compare_digest(generator.generate_otp(step), code) and fresh:
            return step
    return None


def current_code(key: str, now: datetime.datetime) -> str:
    """The code of this moment; the demo tells it for its own accounts."""
    return pyotp.TOTP(key, interval=STEP_SECONDS).at(now)


def address_of(key: str, account: str, issuer: str) -> str:
    """The ``otpauth:`` address that an app reads from the picture."""
    return pyotp.TOTP(key, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def picture(address: str) -> str:
    """The address as a QR code in a ``data:`` URI, the only kind of image the policy lets in."""
    uri: str = segno.make(address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return uri


def key_in_groups(key: str) -> str:
    """The key for typing by hand, in groups of four."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
