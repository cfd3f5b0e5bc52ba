"""Whom a page of the console lets in: told by each view, asked before anything of a request is read."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, current_app, redirect, request, url_for
from flask import session as flask_session

from tenants.console.blueprint import blueprint, console
from tenants.console.register import FULL, ONBOARDING, VIEWER, Session

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

    from tenants.console.sessions import OperatorSession
    from tenants.console.shell import Shell

    View = typing.TypeVar("View", bound=Callable[..., object])

DOOR = "door"
"""Everybody: the pages of signing in and out."""


@dataclasses.dataclass(frozen=True)
class Opening:
    """Whom a view lets in: roles, or stages of signing in, or everybody at the ``door``."""

    words: tuple[str, ...]
    quiet: bool = False
    """The page asks by itself, which is no activity."""
    megabytes: int = 0
    """How much it may be sent; 0: as any page."""


def opens(*words: str, quiet: bool = False, megabytes: int = 0) -> Callable[[View], View]:
    """Mark a view with whom it lets in; see ``Opening``."""

    def mark(view: View) -> View:
        view.opening = Opening(words, quiet, megabytes)  # type: ignore[attr-defined]
        return view

    return mark


def opening_of(app: Flask, endpoint: str) -> Opening | None:
    """Whom an endpoint of the console lets in; ``None`` for one that does not say."""
    return getattr(app.view_functions[endpoint], "opening", None)


def admit_all(app: Flask, shell: Shell) -> None:
    """Tell the application's guard about every view; one that says nothing stops the start there."""
    for endpoint, view in app.view_functions.items():
        opening = opening_of(app, endpoint)
        if opening is not None:
            shell.admit(view, opening.words)
            if opening.megabytes:
                shell.takes_file(opening.megabytes)(view)


def guard() -> ResponseReturnValue | None:
    """Sign in first, then only what the role opens; asked before the request's token and body."""
    if request.blueprint != blueprint.name:
        return None
    opening = opening_of(current_app, str(request.endpoint)) or Opening(())
    if DOOR in opening.words:
        return None
    row = typing.cast("OperatorSession", flask_session).operator
    if row is None or row.has_ended(console().shell.now()):
        return _to_the_door(row)
    if row.stage != FULL and row.stage not in opening.words:
        return redirect(url_for(f"operators.{row.stage}"), code=303)
    if row.stage == FULL and row.role not in opening.words:
        return redirect(url_for("operators.home"), code=303) if _is_of_a_stage(opening) else abort(403)
    if not opening.quiet:
        console().register.seen(row)
    return None


def _is_of_a_stage(opening: Opening) -> bool:
    return not {ONBOARDING, VIEWER} & set(opening.words)


def _to_the_door(row: Session | None) -> ResponseReturnValue:
    """To the sign-in page, which says why if somebody was signed in until now."""
    over = None if row is None else "sent" if request.method == "POST" else "idle"
    response = redirect(url_for("operators.sign_in", over=over), code=303)
    if row is not None:
        console().register.end(row)
        console().sessions.hand_over(typing.cast("Response", response), "")
    return response


def works() -> bool:
    """Whether the operator of this request changes anything; a viewer only looks."""
    return me().role == ONBOARDING


def me() -> Session:
    """The operator of this request."""
    row = typing.cast("OperatorSession", flask_session).operator
    if row is None:
        raise RuntimeError("nobody is signed in")
    return row
