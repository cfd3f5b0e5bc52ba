"""Esc from a form that was opened from a list: back to her line of it, while what was typed waits."""

from __future__ import annotations

import typing

from flask import redirect

from saas.web import log
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime

    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk, Subject
    from saas.formkit.posting import Posted

BACK = "_back"
"""The button that leaves the form; a post, so that nothing typed is lost without scripts either."""
_OF_THE_PAGE = frozenset({"csrf_token", "form_id", "told", BACK})
_NEXT = "next_due_date"


def differs(sent: Posted, begun: Posted, proposed: datetime.date | None) -> bool:
    """True when the page holds something else than it began with; a proposed next day is nobody's typing."""
    return _typed(sent, proposed) != _typed(begun, proposed)


def _typed(texts: Posted, proposed: datetime.date | None) -> dict[str, list[str]]:
    filled = {name: sorted(each for each in some if each.strip()) for name, some in texts.items()}
    return {
        name: some
        for name, some in filled.items()
        if some and name not in _OF_THE_PAGE and not (name == _NEXT and some == [str(proposed)])
    }


def left(desk: Desk, subject: Subject, draft: str, sent: Posted | None) -> ResponseReturnValue:
    """Keep what was typed, if anything was, and go back to the list."""
    if sent is None:
        here.drafts.drop(draft)
    else:
        here.drafts.keep(draft, {name: texts for name, texts in sent.items() if name != BACK})
    log.note("records.leave", residents=subject.logged, detail={"kept": sent is not None})
    return redirect(desk.came_from(subject) or desk.url("record_list", subject), code=303)
