"""Who may enter a view: declared on each one, deny by default; a view without it stops start-up."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

View = typing.TypeVar("View", bound="Callable[..., object]")


@dataclasses.dataclass(frozen=True)
class Entrance:
    """The condition of a view: a permission, or stages of signing in, or open to everybody."""

    permission: str | None = None
    stages: frozenset[str] = frozenset()
    public: bool = False
    apart: tuple[str, ...] = ()
    """Whom a register of its own lets in (the operators'); its own guard asks before this one."""
    quiet: bool = False
    """A page that asks by itself: it must not keep a forgotten screen open."""
    held: bool = True
    """A post that comes while the screen is covered is kept and offered afterwards."""


class UnguardedRouteError(RuntimeError):
    """A route says not who may use it; the application does not start."""


def _mark(view: View, entrance: Entrance) -> View:
    view.entrance = entrance  # type: ignore[attr-defined]
    return view


def needs(permission: str, *, quiet: bool = False, held: bool = True) -> Callable[[View], View]:
    """Signed-in staff whose roles give this permission (``room.action``).

    ``quiet``: the page asks by itself, which is no activity. ``held=False``: a post of a script that is
    worth nothing later.
    """
    if permission.count(".") != 1:
        message = f"a permission reads room.action, not {permission!r}"
        raise ValueError(message)
    return lambda view: _mark(view, Entrance(permission=permission, quiet=quiet, held=held))


def stage(*stages: str) -> Callable[[View], View]:
    """People in the midst of signing in (``second_factor`` …) or with a covered screen (``locked``)."""
    return lambda view: _mark(view, Entrance(stages=frozenset(stages)))


def public(view: View) -> View:
    """Everybody. The list of public routes is reviewed in ``tests/architecture``."""
    return _mark(view, Entrance(public=True))


def apart(view: View, words: Sequence[str]) -> View:
    """Tell of a view that another register guards it, and whom it lets in. Raises without a word."""
    if not words:
        message = "a view of another register says whom it lets in"
        raise ValueError(message)
    return _mark(view, Entrance(apart=tuple(words)))


def entrance_of(app: Flask, endpoint: str) -> Entrance:
    """The condition of an endpoint."""
    entrance = getattr(app.view_functions[endpoint], "entrance", None)
    if not isinstance(entrance, Entrance):
        message = f"{endpoint} has no @needs, @stage or @public, and no register of its own"
        raise UnguardedRouteError(message)
    return entrance


def check_routes(app: Flask, permissions: frozenset[str]) -> None:
    """Raise unless every route is guarded, by a permission that exists."""
    for rule in app.url_map.iter_rules():
        entrance = entrance_of(app, rule.endpoint)
        if entrance.permission is not None and entrance.permission not in permissions:
            message = f"{rule.endpoint}: no role can have {entrance.permission!r}"
            raise UnguardedRouteError(message)
