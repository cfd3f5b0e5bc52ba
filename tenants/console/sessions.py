"""The operator's browser: a cookie of its own that no clinic's page is sent, and its own table's row."""

from __future__ import annotations

import typing

from flask import g
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin

if typing.TYPE_CHECKING:
    from flask import Flask, Request, Response

    from tenants.console.register import Register, Session

PATH = "/operators"
_CSRF = "csrf_token"


class OperatorSession(dict[str, typing.Any], SessionMixin):
    """What the operator's token opened, if anything, and messages to show.

    ``row`` and ``card``, by which a clinic's pages know their people, are always empty here.
    """

    row = None
    card = None
    operator: Session | None = None
    modified = False

    @property
    def may_send_files(self) -> bool:
        """Whether somebody is signed in for whom a larger request is read."""
        return self.operator is not None and self.operator.stage == "full"

    def __setitem__(self, key: str, value: object) -> None:
        self.modified = True
        super().__setitem__(key, value)

    def pop(self, key: str, *default: typing.Any) -> typing.Any:  # noqa: ANN401 - dict's own
        """Take a value out."""
        self.modified = self.modified or key in self
        return super().pop(key, *default)


class _Visitor(SecureCookieSessionInterface):
    """Before sign-in: a signed cookie with the CSRF secret, sent to the console's pages alone."""

    salt = "operator-visitor"
    session_class = OperatorSession  # type: ignore[assignment]

    def __init__(self, *, secure: bool) -> None:
        self._name = cookie_name("visitor", secure=secure)

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        return self._name

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        return PATH


def cookie_name(kind: str = "", *, secure: bool) -> str:
    """The cookie's name; the prefix ``__Host-`` would ask for the path of the whole site."""
    return f"{'__Secure-' if secure else ''}shipa_operator{'_' if kind else ''}{kind}"


class OperatorSessions(SessionInterface):
    """Opens the session from the register's row; falls back to the visitor's signed cookie."""

    def __init__(self, register: Register, *, secure: bool) -> None:
        self._register = register
        self._secure = secure
        self._visitor = _Visitor(secure=secure)

    def open_session(self, app: Flask, request: Request) -> OperatorSession:
        """The session of this request. One query when the browser has a token."""
        token = request.cookies.get(cookie_name(secure=self._secure), "")
        row = self._register.open(token) if token else None
        if row is None:
            return typing.cast("OperatorSession", self._visitor.open_session(app, request))
        session = OperatorSession()
        session.operator = row
        session.update(row.data)
        dict.__setitem__(session, _CSRF, row.csrf_secret)
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write messages back, to the row or to the visitor's cookie.

        Not to the row when the database failed under the request, as on a clinic's pages.
        """
        own = typing.cast("OperatorSession", session)
        if own.operator is None:
            self._visitor.save_session(app, session, response)
        elif own.modified and not g.get("database_failed", False):
            self._register.keep(own.operator, {key: value for key, value in own.items() if key != _CSRF})

    def hand_over(self, response: Response, token: str) -> None:
        """Give the browser its token; an empty one takes it back."""
        response.set_cookie(
            cookie_name(secure=self._secure),
            token,
            max_age=None if token else 0,
            httponly=True,
            secure=self._secure,
            samesite="Strict",
            path=PATH,
        )
