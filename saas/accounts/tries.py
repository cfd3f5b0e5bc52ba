"""Counting wrong passwords and codes at the door, and how long to wait after them."""

from __future__ import annotations

import typing

from flask import current_app, request
from flask_babel import ngettext

from saas.accounts import slow_down
from saas.accounts.slow_down import FORGOTTEN_AFTER, Failures
from saas.web import clock, metering
from saas.web.door import door

if typing.TYPE_CHECKING:
    import uuid


class Tries:
    """The tries for one account from this request's address."""

    def __init__(self, clinic_id: uuid.UUID, username: str) -> None:
        secret = typing.cast("bytes", current_app.secret_key)
        self._account = slow_down.account_key(secret, clinic_id, username)
        self._address = slow_down.address_key(secret, request.remote_addr or "")

    def wait(self) -> int:
        """Seconds until a try is looked at."""
        return slow_down.wait(_known(self._account), _known(self._address), clock.now())

    def failed(self) -> None:
        """Count a wrong password or code."""
        now = clock.now()
        metering.sign_in_failures.inc()
        door().failed(self._account, now, FORGOTTEN_AFTER)
        door().failed(self._address, now, FORGOTTEN_AFTER)

    def forgive(self) -> int:
        """Forget the account's failures after a whole sign-in; how many there were."""
        times = _known(self._account).times
        if times:
            door().forgive(self._account)
        return times


def _known(key: bytes) -> Failures:
    found = door().failures(key)
    return Failures(0, None) if found is None else Failures(found[0], found[2])


def wait_text(seconds: int) -> str:
    """What a person who must wait is told."""
    return str(
        ngettext(
            "Too many wrong tries. Wait %(num)s second and try again.",
            "Too many wrong tries. Wait %(num)s seconds and try again.",
            seconds,
        )
    )
