"""The second factor of the signed-in person: proving it, setting it up, taking it away."""

from __future__ import annotations

import typing

from saas.accounts import codes, second_factor, staff_secrets
from saas.accounts.passwords import hasher
from saas.web import clock
from saas.web.keys import SealBrokenError
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from saas.accounts.staff_secrets import Secret


def key_context(staff_id: uuid.UUID) -> str:
    """The place of a second factor's key, which its seal is bound to."""
    return f"totp:{staff_id}"


def takes(secret: Secret, typed: str) -> bool:
    """Whether this is a code of her app, or a recovery code; either is used up by it."""
    code = second_factor.typed_code(typed)
    place = codes.recovery_place(code)
    if place is not None:
        return _takes_recovery(secret, code, place)
    if secret.totp_key is None:
        return False
    key = here.clinic.keys.open(secret.totp_key, key_context(secret.staff_id))
    step = second_factor.accepted_step(key, code, clock.now(), secret.totp_last_step)
    return step is not None and staff_secrets.use_step(secret.staff_id, step)


def comes_late(secret: Secret, typed: str) -> bool:
    """Whether the code that was refused is one of some minutes ago: the telephone's clock seems wrong."""
    if secret.totp_key is None:
        return False
    key = here.clinic.keys.open(secret.totp_key, key_context(secret.staff_id))
    return second_factor.comes_late(key, second_factor.typed_code(typed), clock.now(), secret.totp_last_step)


def _takes_recovery(secret: Secret, code: str, place: int) -> bool:
    hashes = secret.recovery_hashes
    stored = hashes[place] if place < len(hashes) else ""
    right = hasher().verify(stored or None, code).right
    return right and staff_secrets.use_recovery(secret, place)


def seal_offer(key: str) -> str:
    """A fresh key for the page that shows it; bound to this person and session."""
    return here.clinic.keys.seal(key, _offer_context()).hex()


def open_offer(sealed: str) -> str | None:
    """The key that the page showed; ``None`` when it is not one that we gave this session."""
    try:
        return here.clinic.keys.open(bytes.fromhex(sealed), _offer_context())
    except (ValueError, SealBrokenError):
        return None


def _offer_context() -> str:
    return f"totp-offer:{here.staff.id}:{here.session.id}"


def proved_step(key: str, typed: str) -> int | None:
    """The step of the first code of a key that is being set up."""
    code = second_factor.typed_code(typed)
    return second_factor.accepted_step(key, code, clock.now(), None)


def set_up(key: str, step: int) -> list[str]:
    """Take the key for good; returns the ten recovery codes, to be shown once."""
    made = codes.recovery_codes()
    staff_secrets.change(
        here.staff.id,
        totp_key=here.clinic.keys.seal(key, key_context(here.staff.id)),
        totp_confirmed_at=clock.now(),
        totp_last_step=step,
        recovery_hashes=[hasher().hash(code) for code in made],
    )
    return made


def renew_recovery_codes() -> list[str]:
    """Ten new codes in place of the old ones, to be shown once."""
    made = codes.recovery_codes()
    hashes = [hasher().hash(code) for code in made]
    staff_secrets.change(here.staff.id, recovery_hashes=hashes)
    return made


def make_sheet() -> str:
    """A new recovery sheet's code in place of the old one, to be printed once."""
    code = codes.sheet_code()
    staff_secrets.change(here.staff.id, sheet_hash=hasher().hash(code), sheet_printed_at=None)
    return code
