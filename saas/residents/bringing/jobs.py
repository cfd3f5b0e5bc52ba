"""The jobs of this room, as the worker is given them.

A run queues no comparison: the worker's next round finds that one is due (``batches.waiting``), so
that nothing the head can see or time depends on who is already in the clinic (rights N5).
"""

from __future__ import annotations

import logging
import typing

from saas.residents.bringing import batches
from saas.residents.bringing.checking import check, give_up
from saas.residents.bringing.matching import match
from saas.residents.bringing.running import run
from saas.residents.bringing.undoing import undo
from saas.web.room import Job

if typing.TYPE_CHECKING:
    from saas.web.jobs import Errand

_log = logging.getLogger(__name__)


def leave(_: Errand) -> None:
    """Left as it is, to be tried again at the worker's next round."""
    _log.error("a batch could not be finished")


JOBS = (
    Job(batches.CHECK_LIST, check, give_up),
    Job(batches.RUN_LIST, run, give_up),
    Job(batches.MATCH_LIST, match, leave),
    Job(batches.UNDO_LIST, undo, leave),
)
