"""Pages that belong to no room: home, drafts, held entries."""

from __future__ import annotations

import typing

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from saas.web import clock, log
from saas.web.formats import moment
from saas.web.guard import needs
from saas.web.menu import first_page
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("web", __name__)

_PAGE_FIELD = "_page"


@blueprint.get("/")
@needs("account.own")
def home() -> ResponseReturnValue:
    """The first page after sign-in: entries held back, if any; otherwise where one's work begins."""
    if here.drafts.held():
        return redirect(url_for("web.held"), code=303)
    return redirect(url_for(first_page()), code=303)


@blueprint.post("/drafts")
@needs("account.own")
def keep_draft() -> ResponseReturnValue:
    """Keep an unfinished form; answers the time for "draft kept at …"."""
    fields = request.form.to_dict(flat=False)
    page = fields.pop(_PAGE_FIELD, [""])[0][:200]
    if page:
        here.drafts.keep(page, fields)
    return {"kept_at": moment(clock.now())}


@blueprint.get("/held")
@needs("account.own")
def held() -> ResponseReturnValue:
    """What was sent while the screen was covered: send it again or let it go."""
    entries = here.drafts.held()
    residents = list(dict.fromkeys(_residents_of(page for page, _, _ in entries)))
    if residents:
        log.note("web.held", residents=residents)
    return render_template("held.html", held=entries)


def _residents_of(pages: Iterable[str]) -> Iterator[uuid.UUID]:
    """Whom the held posts are about, as far as their addresses name somebody."""
    routes = current_app.create_url_adapter(request)
    for page in pages:
        try:
            _, values = routes.match(page.partition("?")[0], method="POST") if routes else ("", {})
        except (HTTPException, RoutingException):
            continue
        if "resident_id" in values:
            yield values["resident_id"]


@blueprint.post("/held/drop")
@needs("account.own")
def drop_held() -> ResponseReturnValue:
    """Let a held entry go."""
    here.drafts.drop(request.form.get(_PAGE_FIELD, ""), kind="held")
    flash(gettext("The entry was let go."), "done")
    return redirect(url_for("web.home"), code=303)
