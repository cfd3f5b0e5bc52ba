"""The covered screen: only the password of the person who was working."""

from __future__ import annotations

import typing
import urllib.parse

from flask import redirect, render_template, request, url_for

from saas.accounts import proof, stages
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import UnlockForm
from saas.web import clock
from saas.web.cookies import set_session_cookie
from saas.web.door import door
from saas.web.guard import stage
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue


@blueprint.get("/unlock")
@stage("locked")
def unlock() -> ResponseReturnValue:
    """Whose screen this is; she gives her password, or somebody else signs in."""
    form = UnlockForm()
    form.back.data = own_path(request.referrer or "")
    return _page(form)


@blueprint.post("/unlock")
@stage("locked")
def unlock_submit() -> ResponseReturnValue:
    """Uncover the screen with a new token; back to where she was, or to what was held."""
    form = UnlockForm()
    if not form.arrived():
        return _page(form)
    if not (form.validate() and proof.is_hers(form.password)):
        return _page(form), 422
    token = door().renew(here.session, stage=stages.FULL, now=clock.now())
    note("unlocked", purpose="administration")
    back = url_for("web.held") if here.drafts.held() else own_path(form.back.data or "")
    response = redirect(back or url_for("web.home"), code=303)
    set_session_cookie(typing.cast("Response", response), token)
    return response


def _page(form: UnlockForm) -> str:
    """The page, in a frame without menu and search, as long as nobody has proved who she is."""
    return render_template("accounts/unlock.html", form=form, menu=(), may=lambda _: False, lock_seconds=None)


def own_path(address: str) -> str:
    """The path of an address of this site; empty for any other, and for pages of signing in."""
    parts = urllib.parse.urlsplit(address)
    if parts.netloc not in {"", request.host} or not parts.path.startswith("/"):
        return ""
    if parts.path.startswith(("//", "/\\", "/unlock", "/sign-")):
        return ""
    return urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
