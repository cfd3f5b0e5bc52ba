"""How long somebody must wait after wrong passwords: pure, per account and per address."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import ipaddress
import typing

if typing.TYPE_CHECKING:
    import uuid

FREE_TRIES = 3
LONGEST = 60
FORGOTTEN_AFTER = datetime.timedelta(hours=1)
ADDRESS_TRIES = 100
ADDRESS_SPACING = 36
"""Seconds between tries of an address that has used up its 100: 100 an hour, and never a lock."""

_IPV6_NETWORK_BITS = 64


class Failures(typing.NamedTuple):
    """How often a key failed and when it last did; ``last_at`` is ``None`` for no failure."""

    times: int
    last_at: datetime.datetime | None


def account_delay(times: int) -> int:
    """Seconds after the latest of ``times`` failures of one account: 0, 0, 1, 2, 4 … 60."""
    if times < FREE_TRIES:
        return 0
    return int(min(LONGEST, 2 ** min(times - FREE_TRIES, 6)))


def address_delay(times: int) -> int:
    """Seconds after the latest of ``times`` failures from one address, whoever was tried.

    Many clinics may stand behind one address of their provider, so it is slowed and never shut.
    """
    return ADDRESS_SPACING if times >= ADDRESS_TRIES else 0


def wait(account: Failures, address: Failures, now: datetime.datetime) -> int:
    """Whole seconds until the next try is looked at; 0 when it may be looked at now."""
    return max(
        _left(account_delay(account.times), account.last_at, now),
        _left(address_delay(address.times), address.last_at, now),
    )


def _left(delay: int, last_at: datetime.datetime | None, now: datetime.datetime) -> int:
    if last_at is None or now - last_at >= FORGOTTEN_AFTER:
        return 0
    left = (last_at + datetime.timedelta(seconds=delay) - now).total_seconds()
    if left > 2 * delay:
        # A failure of the future is one of before the clock was set back; its wait would last for days.
        return 0
    return max(0, min(delay, -int(-left // 1)))


def account_key(secret: bytes, clinic_id: uuid.UUID, username: str) -> bytes:
    """The key under which failures of an account are counted; tells nothing without ``secret``."""
    return _keyed(secret, f"account:{clinic_id}:{username.casefold()}")


def address_key(secret: bytes, address: str) -> bytes:
    """The key of an address; of IPv6 the network, because one customer owns all of it."""
    return _keyed(secret, f"address:{_network(address)}")


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK_BITS), strict=False))
    return str(parsed)


def _keyed(secret: bytes, text: str) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
