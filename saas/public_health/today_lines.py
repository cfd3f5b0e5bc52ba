"""The list of today in words: what is owed to whom, why, since when or until when (rights I10)."""

from __future__ import annotations

import dataclasses
import typing

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from saas.formkit.wording import said
from saas.public_health import calls, due_texts, onward, worklist
from saas.public_health.rules import worklist as rule
from saas.public_health.rules.due_facts import State
from saas.residents import showing, summaries
from saas.residents.messages import isolated
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Mapping, Sequence

    from saas.public_health.rules.due_facts import DueItem
    from saas.public_health.worklist import Asked, Found, Row

FILTERS: Mapping[str, object] = {
    "owed": _l("Owed by the clinic"),
    "now": _l("To be given now"),
    "this_week": _l("This week"),
    "later": _l("Coming up"),
    "all": _l("All"),
    "referred": _l("Referrals"),
    "recheck": _l("Again within 14 days"),
    "hypertension": _l("Hypertension"),
    "diabetes": _l("Diabetes"),
    "older": _l("Older people"),
    "exam": _l("Yearly examination"),
    "pressure": _l("Blood pressure"),
    "glucose": _l("Blood sugar"),
    "contact_lost": _l("Contact lost"),
    "first_visit": _l("First follow-up"),
}
"""The filters in the words of a village doctor, in the order of the page."""
ORDERS: Mapping[str, object] = {
    "care": _l("Most urgent first"),
    "walk": _l("By village and house, for a walk"),
}


@dataclasses.dataclass(frozen=True)
class TodayLine:
    """One person of the list. ``tone`` is the state of her most urgent duty, for the style sheet.

    ``what`` are all duties to her, ``first`` the most urgent and ``rest`` the others.
    """

    id: uuid.UUID
    url: str
    who: showing.Line
    what: str
    first: str
    rest: str
    why: str
    day: str
    state: str
    tone: str


@dataclasses.dataclass(frozen=True)
class FilterLink:
    """A filter, how many persons it means, and its address."""

    code: str
    label: object
    count: int
    url: str
    chosen: bool


def lines(found: Found, asked: Asked, today: datetime.date) -> list[TodayLine]:
    """The lines of a page, in its order."""
    people = persons([one.id for one in found.rows], today)
    return [_line(row, found.lines[row.id], people[row.id], asked, today) for row in found.rows]


def focus(found: Found, whom: uuid.UUID | None) -> uuid.UUID | None:
    """Whose line has the focus: hers from whom one comes back, else the first."""
    ids = [one.id for one in found.rows]
    return whom if whom in ids else next(iter(ids), None)


def persons(ids: Sequence[uuid.UUID], today: datetime.date) -> dict[uuid.UUID, showing.Line]:
    """These persons as lists show them."""
    found = summaries.summaries(ids)
    shown = showing.lines(found, here.clinic.keys, today)
    return {one.id: line for one, line in zip(found, shown, strict=True)}


def _line(row: Row, line: rule.Line, who: showing.Line, asked: Asked, today: datetime.date) -> TodayLine:
    first = line.items[0]
    return TodayLine(
        id=row.id,
        url=onward.url_of(row, line, asked),
        who=who,
        what=due_texts.names(line.items),
        first=due_texts.names([first]),
        rest=due_texts.names(one for one in line.items if one.event_code != first.event_code),
        why=said(due_texts.REASONS)[first.reason],
        day=day_text(first, today),
        state=said(due_texts.STATES)[first.state],
        tone=first.state.value,
    )


def day_text(one: DueItem, today: datetime.date) -> str:
    """For how long the clinic has owed it, until when it is to be given, or from when."""
    if one.state is State.OVERDUE:
        days = rule.days_owed(one, today)
        return str(ngettext("for %(num)s day", "for %(num)s days", days))
    if one.state is State.UPCOMING:
        return str(gettext("from %(day)s", day=isolated(str(one.window_start))))
    return str(gettext("until %(day)s", day=isolated(str(one.due_on))))


def filters(counts: Mapping[str, int], asked: Asked) -> list[FilterLink]:
    """Every filter that means somebody, and the chosen one; for the words of a search also the whole list."""
    offered = {"all"} if asked.words else {code for code in counts if counts[code]}
    return [
        FilterLink(
            code,
            label,
            counts[code],
            onward.list_url(dataclasses.replace(asked, filter=code)),
            code == asked.filter,
        )
        for code, label in FILTERS.items()
        if code in offered | {asked.filter}
    ]


class Call(typing.NamedTuple):
    """What one sees while one telephones."""

    phones: Sequence[str]
    what: str


def call_about(resident_id: uuid.UUID) -> Call:
    """The person's own numbers, and what the clinic owes her."""
    line = worklist.lines_of([resident_id], clock.today()).get(resident_id)
    return Call(calls.phones(resident_id), due_texts.names(line.items) if line else "")
