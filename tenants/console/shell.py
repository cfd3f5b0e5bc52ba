"""What the console gets from the application: passwords, second factor, slow-down, languages, marks."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Iterable, Mapping, Sequence

View = typing.TypeVar("View", bound="Callable[..., object]")


class SecondFactor(typing.Protocol):
    """Time-based codes. Meanings: ``saas.accounts.second_factor``."""

    def new_key(self) -> str:
        """A fresh key."""

    def typed_code(self, text: str) -> str:
        """The code as digits, however it was typed."""

    def accepted_step(self, key: str, code: str, now: datetime.datetime, last_step: int | None) -> int | None:
        """The step of a right code that is newer than the last one used."""

    def comes_late(self, key: str, code: str, now: datetime.datetime, last_step: int | None) -> bool:
        """Whether a refused code was right some minutes ago, and was never used."""

    def address_of(self, key: str, account: str, issuer: str) -> str:
        """The address that an app reads from the picture."""

    def picture(self, address: str) -> str:
        """An address as a QR code, a ``data:`` URI."""

    def key_in_groups(self, key: str) -> str:
        """The key for typing by hand."""


class SlowDown(typing.Protocol):
    """How long somebody waits after wrong tries. Meanings: ``saas.accounts.slow_down``."""

    def account_delay(self, times: int) -> int:
        """Seconds after the latest of so many failures of one account."""

    def address_delay(self, times: int) -> int:
        """Seconds after the latest of so many failures from one address."""

    def account_key(self, secret: bytes, clinic_id: uuid.UUID, username: str) -> bytes:
        """The keyed hash under which an account's failures are counted."""

    def address_key(self, secret: bytes, address: str) -> bytes:
        """The keyed hash of an address, of IPv6 the network."""


class Tongue(typing.Protocol):
    """One language of the pages."""

    @property
    def locale(self) -> str:
        """Babel's name."""

    @property
    def html_lang(self) -> str:
        """The page's."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""


class FigureWords(typing.Protocol):
    """What a figure is called, who is counted, out of whom; lazy texts."""

    @property
    def name(self) -> object:
        """Its name."""

    @property
    def numerator(self) -> object:
        """Who is counted."""

    @property
    def denominator(self) -> object:
        """Out of whom; empty of a count."""


@dataclasses.dataclass(frozen=True)
class Shell:
    """The application's own means, handed over by ``saas.app``; the console knows nothing else of it."""

    url: str
    """What people type."""
    secure: bool
    """Whether it is https."""
    now: Callable[[], datetime.datetime]
    admit: Callable[[Callable[..., object], Sequence[str]], object]
    """Tell the application's guard that a view has a register of its own, and whom it lets in."""
    takes_file: Callable[[int], Callable[[typing.Any], typing.Any]]
    """Mark a view that may be sent so many megabytes."""
    hash_password: Callable[[str], str]
    password_is_right: Callable[[str | None, str], bool]
    """Against a stored hash; ``None`` costs as much and is wrong."""
    weakness: Callable[[str, Iterable[str]], str]
    """Why a password will not do, in words; empty when it will. The words given count for nothing."""
    new_code: Callable[[], str]
    """The digits of a printed code for one use."""
    in_groups: Callable[[str], str]
    factor: SecondFactor
    refused_code: Callable[[bool], str]
    """What is said of a code of the telephone that is not accepted; True: it was right some minutes ago."""
    slow_down: SlowDown
    wait_text: Callable[[int], str]
    tongues: Mapping[str, Tongue]
    act_words: Callable[[str], object]
    """An operator's act in plain words, as the clinic's own people read it."""
    rooms: Sequence[tuple[str, object]]
    """Rooms that can be switched per clinic, with what they are called."""
    figures: Mapping[str, FigureWords] = dataclasses.field(default_factory=dict)
    """Published figures by their codes, in the house's order."""
