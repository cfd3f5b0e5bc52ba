"""The clinic's access log, for its administrator: seeing it, not reviewing (rights I11)."""

from __future__ import annotations

import datetime
import typing
import uuid
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for

from saas.accounts import people
from saas.accounts.blueprint import blueprint
from saas.audit import shown
from saas.audit.paging import asked_before
from saas.db import session
from saas.web import acts, clock
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/access-log")
@needs("audit.read")
def access_log() -> ResponseReturnValue:
    """Fifty rows a page, the newest first; by one member of staff and one day. No names of residents."""
    staff_id, day, before = _staff(), _day(), asked_before()
    chosen = shown.Filter(staff_id, None if day is None else _bounds(day))
    rows = shown.newest(session, here.clinic.keys.log_key, chosen, before=before)
    page = rows[: shown.PAGE]
    note("access_log.shown", purpose="oversight", detail={"from": page[0].number if page else 0})
    asked = {"staff": str(staff_id or ""), "day": "" if day is None else day.isoformat()}
    later = {**asked, "before": str(page[-1].number)} if len(rows) > shown.PAGE else {}
    return render_template(
        "accounts/access_log.html",
        rows=page,
        everybody=people.everybody(),
        asked=asked,
        first_url=_address(asked) if before is not None else None,
        later_url=_address(later) if later else None,
        act_words=acts.words_of,
        purpose_words=acts.purpose_of,
    )


def _address(arguments: dict[str, str]) -> str:
    return f"{url_for('accounts.access_log')}?{urlencode(arguments)}"


def _staff() -> uuid.UUID | None:
    text = request.args.get("staff", "")
    try:
        return people.staff_or_404(uuid.UUID(text)).id if text else None
    except ValueError:
        abort(404)


def _day() -> datetime.date | None:
    text = request.args.get("day", "")
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        abort(404)


def _bounds(day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the day in Beijing, and of the next one."""
    began = datetime.datetime.combine(day, datetime.time(), clock.BEIJING)
    try:
        return began, began + datetime.timedelta(days=1)
    except OverflowError:
        abort(404)
