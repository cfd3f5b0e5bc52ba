"""The day's list as a file to take along, and the filled-in file back."""

from __future__ import annotations

import typing

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FileField

from saas.public_health import bringing_back, byhand, daysheet, onward, today_lines, worklist
from saas.residents import reading
from saas.web import clock, log
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.request import here
from saas.web.sheets.refused import FileRefusedError
from saas.web.uploads import takes_file

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from saas.public_health.bringing_back import Outcome
    from saas.public_health.worklist import Asked

REFUSED = 422
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES: typing.Mapping[str, object] = {
    bringing_back.ACCEPTED: _l("Taken in"),
    bringing_back.AGAIN: _l("Taken in before"),
    bringing_back.CHANGED: _l("Changed meanwhile: nothing was saved, look at the record"),
    bringing_back.REFUSED: _l("Not accepted"),
    bringing_back.EMPTY: _l("Nothing was filled in"),
}


class DayFileForm(Form):
    """The file of the day, filled in."""

    day_file = FileField(_l("The filled-in file"))


def register(blueprint: Blueprint) -> None:
    """The file, the paper, and the page that takes the file back."""
    blueprint.add_url_rule("/workbook", "workbook", workbook, methods=["GET"])
    blueprint.add_url_rule("/paper", "paper", paper, methods=["GET"])
    blueprint.add_url_rule("/bring-back", "bring_back", bring_back, methods=["GET", "POST"])


@needs("public_health.read")
def workbook() -> ResponseReturnValue:
    """The first 50 of a list, her own, for the day's care (rights N5)."""
    today = clock.today()
    found = _groups(onward.asked_for(), today)
    log.note("today.workbook", residents=_ids(found), purpose="care-of-the-day")
    answer = Response(daysheet.workbook(found, today), mimetype=_KIND)
    answer.headers["Content-Disposition"] = f'attachment; filename="today-{today}.xlsx"'
    return answer


@needs("public_health.read")
def paper() -> ResponseReturnValue:
    """The same list in the same order on paper, for a day without power; it is entered by the file later."""
    asked, today = onward.asked_for(), clock.today()
    found = _groups(asked, today)
    log.note("today.paper", residents=_ids(found), purpose="care-of-the-day")
    return render_template(
        "today/paper.html",
        sheets=byhand.sheets(found, today),
        filter_label=today_lines.FILTERS[asked.filter],
        day=today,
        back_url=onward.list_url(asked),
    )


def _groups(asked: Asked, today: datetime.date) -> list[daysheet.Group]:
    """The first 50 of a list, by what is owed."""
    found = worklist.listed(asked, onward.site_ids(asked, reading.own_sites(here.staff)), today)
    shown = today_lines.persons([one.id for one in found.rows], today)
    return daysheet.groups(daysheet.Listed(one.id, found.lines[one.id], shown[one.id]) for one in found.rows)


def _ids(groups: typing.Sequence[daysheet.Group]) -> list[uuid.UUID]:
    return [one.id for group in groups for one in group.listed]


@takes_file(2)
@needs("public_health.write")
def bring_back() -> ResponseReturnValue:
    """Choose the file; then every line with what came of it."""
    form = DayFileForm()
    if not form.arrived():
        return _page(form)
    lines = _lines(form)
    if lines is None or not form.validate():
        return _page(form), REFUSED
    outcomes = bringing_back.bring(lines)
    whom = dict.fromkeys(one.resident_id for one in outcomes if one.resident_id is not None)
    states = {state: sum(one.state == state for one in outcomes) for state in STATES}
    log.note("today.bring_back", residents=list(whom), purpose="care-of-the-day", detail=states)
    return _page(form, outcomes)


def _lines(form: DayFileForm) -> list[daysheet.Sent | tuple[int, str]] | None:
    sent = request.files.get("day_file")
    if sent is None or not sent.filename:
        form.day_file.errors = [gettext("Choose a file.")]
        return None
    try:
        return daysheet.read(sent.stream.read())
    except (FileRefusedError, ValueError):
        form.day_file.errors = [gettext("This is not the file of a day's list. Nothing was saved.")]
        return None


def _page(form: DayFileForm, outcomes: typing.Sequence[Outcome] = ()) -> str:
    return render_template("today/bring_back.html", form=form, outcomes=outcomes, states=STATES)
