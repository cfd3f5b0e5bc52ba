"""What every answer says to the browser, and which requests are not answered at all."""

from __future__ import annotations

import typing

from flask import abort, current_app, g, request

if typing.TYPE_CHECKING:
    from flask import Flask
    from flask.wrappers import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_FOREIGN = {"cross-site", "same-site"}


def install(app: Flask) -> None:
    """Check the transport first, set the headers last."""
    app.before_request(check_transport)
    app.after_request(set_headers)


def check_transport() -> None:
    """Refuse what came round the proxy without https, and changes sent from another site."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    if secure and request.headers.get("X-Forwarded-Proto") != "https":
        g.refusal = "transport"
        abort(400)
    if request.method not in {"GET", "HEAD", "OPTIONS"} and (
        request.headers.get("Sec-Fetch-Site") in _FOREIGN
    ):
        g.refusal = "csrf"
        abort(400)


def set_headers(response: Response) -> Response:
    """No page is stored, framed, sniffed or fed from elsewhere."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
