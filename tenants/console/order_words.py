"""What the console says of each kind of order: its name, when it is done, and what came out of it."""

from __future__ import annotations

import dataclasses
import typing

from flask_babel import gettext, lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenants.console.desk import Row


def _nothing(_: Row) -> str:
    return ""


@dataclasses.dataclass(frozen=True)
class About:
    """One kind of order."""

    name: object
    """What was ordered, in a few words; a lazy text."""
    done: object = lazy_gettext("It is done. The institution's people read it at their next sign-in.")
    shown: Callable[[Row], str] = _nothing
    """What came out of it, as a piece of the page; escaped."""


def said(outcome: Mapping[str, typing.Any] | None) -> str:
    """Why an order was refused or broke off, in the language of the page."""
    told = outcome or {}
    text, values = str(told.get("text", "")), told.get("values") or {}
    return str(gettext(text, **values)) if text else ""


def progress_words(order: Row) -> str:
    """How far an order is, in one sentence."""
    if order["of"]:
        return str(gettext("%(done)s of %(of)s", done=order["done"], of=order["of"]))
    return str(gettext("Being done"))
