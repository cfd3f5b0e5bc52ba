"""The two cookies: the session's token, and before sign-in a signed CSRF secret."""

from __future__ import annotations

import typing

from flask import current_app

if typing.TYPE_CHECKING:
    from flask import Response


def cookie_name(kind: str) -> str:
    """The cookie's name; with https it carries the prefix that pins it to this host."""
    prefix = "__Host-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
    return f"{prefix}shipa_{kind}"


def set_cookie(
    response: Response, kind: str, value: str, *, days: int | None = None, script: bool = False
) -> None:
    """Set one of our cookies: HttpOnly, SameSite=Lax, Secure with https, for the whole site."""
    response.set_cookie(
        cookie_name(kind),
        value,
        max_age=days * 86400 if days else None,
        httponly=not script,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
        path="/",
    )


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the browser its token; it ends with the browser or with the server's row."""
    set_cookie(response, "session", token)


def clear_session_cookie(response: Response) -> None:
    """Take the token back."""
    response.delete_cookie(
        cookie_name("session"),
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
