"""The kinds of fields that are numbers: whole, decimal, computed; with what is possible and plausible."""

from __future__ import annotations

import dataclasses
import decimal
import typing

from saas.formkit import limits as ranges
from saas.formkit import values
from saas.formkit.declaring import Field, Read
from saas.formkit.values import Fault, fault

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

ANY_NUMBER = ranges.between("0", "999999")


@dataclasses.dataclass(eq=False, kw_only=True)
class Measured:
    """What whole numbers and decimals share: limits of the file by their name, or of the form's own."""

    limits: str | ranges.Limits = ANY_NUMBER

    @property
    def bounds(self) -> ranges.Limits:
        """The limits themselves."""
        return ranges.table()[self.limits] if isinstance(self.limits, str) else self.limits

    @property
    def places(self) -> int:
        """How many decimals the field has."""
        return self.bounds.places

    def read(self, raw: object) -> Read:
        """A number with at most the field's decimals and inside what is possible."""
        value = values.number(raw)
        if isinstance(value, Fault):
            return Read(None, (value,))
        bounds = self.bounds
        if bounds.refuses(value):
            low, high = values.plain(bounds.low), values.plain(bounds.high)
            return Read(None, (fault("impossible", value=value, low=low, high=high),))
        if values.decimals(value) > self.places:
            code = "too-many-decimals" if self.places else "not-whole"
            return Read(None, (fault(code, value=value, places=self.places),))
        return Read(self.made(value))

    def made(self, value: decimal.Decimal) -> object:
        """The value in the field's own type."""
        return value

    def doubts(self, value: object) -> Iterator[tuple[str, str]]:
        """The plausible limits, when the value lies outside of them."""
        bounds = self.bounds
        if isinstance(value, int | decimal.Decimal) and bounds.doubts(value):
            yield values.plain(bounds.ask_low), values.plain(bounds.ask_high)

    def described(self) -> dict[str, object]:
        """The limits for other programs."""
        bounds = self.bounds
        names = {"low": "impossible_below", "high": "impossible_above"}
        names |= {"ask_low": "ask_to_confirm_below", "ask_high": "ask_to_confirm_above"}
        numbers: dict[str, object] = {key: float(getattr(bounds, name)) for name, key in names.items()}
        return {"limits": numbers | {"decimals": bounds.places, "source": bounds.source}}


@dataclasses.dataclass(eq=False, kw_only=True)
class Whole(Measured, Field[int | None]):
    """A whole number."""

    kind: typing.ClassVar[str] = "whole"

    def made(self, value: decimal.Decimal) -> int:
        return int(value)


@dataclasses.dataclass(eq=False, kw_only=True)
class Number(Measured, Field[decimal.Decimal | None]):
    """A number with as many decimals as its limits say."""

    kind: typing.ClassVar[str] = "decimal"

    def made(self, value: decimal.Decimal) -> decimal.Decimal:
        return value.quantize(decimal.Decimal(1).scaleb(-self.places))

    def written(self, value: object) -> object:
        return str(value)


@dataclasses.dataclass(eq=False, kw_only=True)
class Calculated(Number):
    """A number that the form computes. One that is sent along is only compared."""

    kind: typing.ClassVar[str] = "calculated"
