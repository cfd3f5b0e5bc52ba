"""Flask's session from our row: the server's row is the authority, the cookie holds only a token."""

from __future__ import annotations

import typing

from flask import g
from flask import request as current_request
from flask import session as flask_session
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin

from saas.web.cookies import cookie_name
from saas.web.failing import DATABASE_ERRORS, keep_token

if typing.TYPE_CHECKING:
    from flask import Flask, Request, Response

    from saas.web.door import ClinicCard, Door, SessionRow

_CSRF = "csrf_token"


class BrowserSession(dict[str, typing.Any], SessionMixin):
    """What the browser's token opened, if anything, and small change such as messages to show."""

    row: SessionRow | None = None
    card: ClinicCard | None = None
    token: str = ""
    failure: Exception | None = None
    """Why the row could not be read: the database does not answer. Nothing of this session is written."""
    modified = False

    def __setitem__(self, key: str, value: object) -> None:
        self.modified = True
        super().__setitem__(key, value)

    def pop(self, key: str, *default: typing.Any) -> typing.Any:  # noqa: ANN401 - dict's own
        """Take a value out."""
        self.modified = self.modified or key in self
        return super().pop(key, *default)

    def setdefault(self, key: str, default: typing.Any = None) -> typing.Any:  # noqa: ANN401
        """Get a value, having put the default there if it was missing."""
        if key not in self:
            self[key] = default
        return self[key]

    @property
    def may_send_files(self) -> bool:
        """Whether somebody is signed in for whom a larger request is read."""
        return self.row is not None and self.row.stage == "full"

    def small_change(self) -> dict[str, typing.Any]:
        """Everything but the CSRF secret, which has a column of its own."""
        return {key: value for key, value in self.items() if key != _CSRF}


class _Anonymous(SecureCookieSessionInterface):
    """Before sign-in: a signed cookie with the CSRF secret (double submit) and messages to show."""

    session_class = BrowserSession  # type: ignore[assignment]

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        return cookie_name("visitor")


def check_opened() -> None:
    """Before anything asks the session: with one that could not be read there is nobody to let in."""
    failure = getattr(flask_session, "failure", None)
    if failure is not None and current_request.blueprint != "watch":  # machines are answered all the same
        keep_token()
        raise failure


class RowSessions(SessionInterface):
    """Opens the session from the door's row; falls back to the visitor's signed cookie."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._anonymous = _Anonymous()

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """The session of this request. One query when the browser has a token."""
        with app.app_context():
            token = request.cookies.get(cookie_name("session"), "")
            try:
                opened = self._door.open(token) if token else None
            except DATABASE_ERRORS as error:
                unread = BrowserSession()
                unread.failure = error
                return unread
            if opened is None:
                return self._visitor(app, request)
            session = BrowserSession()
            session.row, session.card = opened
            session.token = token
            session.update(session.row.data)
            dict.__setitem__(session, _CSRF, session.row.csrf_secret)
            return session

    def _visitor(self, app: Flask, request: Request) -> BrowserSession:
        return typing.cast("BrowserSession", self._anonymous.open_session(app, request))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the small change back, to the row or to the visitor's cookie.

        Not to the row when the database failed under the request: what it had to say was not done.
        """
        browser = typing.cast("BrowserSession", session)
        if browser.failure is not None:
            return
        if browser.row is None:
            self._anonymous.save_session(app, session, response)
        elif browser.modified and not g.get("database_failed", False):
            self._door.keep(browser.row, browser.small_change())


class ByPath(SessionInterface):
    """Two registers of people: the pages under one path open another session than all others."""

    def __init__(self, path: str, inside: SessionInterface, outside: SessionInterface) -> None:
        self._path = path
        self._inside = inside
        self._outside = outside

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """The session of the register that the path belongs to."""
        return self._for(request.path).open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Where it was opened."""
        self._for(current_request.path).save_session(app, session, response)

    def _for(self, path: str) -> SessionInterface:
        within = path == self._path or path.startswith(f"{self._path}/")
        return self._inside if within else self._outside
