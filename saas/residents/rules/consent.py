"""Consent: who may give it, whether it stands, when it may be asked again. A refusal has no consequence."""

from __future__ import annotations

import dataclasses
import datetime

from saas.residents.rules import birth as births
from saas.residents.rules.finding import Finding, blocking

RECORD, REMINDERS, SHARING = "record", "reminders", "sharing"
PURPOSES = (RECORD, REMINDERS, SHARING)
HYPERTENSION, DIABETES, ELDERLY = "hypertension", "diabetes", "elderly"
PROGRAMMES = (HYPERTENSION, DIABETES, ELDERLY)
"""Services that somebody takes part in by her own wish; asked where they are offered."""
ASKED = PURPOSES + PROGRAMMES
SELF, GUARDIAN = "self", "guardian"
GIVERS = (SELF, GUARDIAN)
PAPER, TYPED = "paper", "typed"
WAYS = (PAPER, TYPED)
"""How somebody agreed (N1): a sign drawn on the printed sheet, or her name typed; no mark of the body."""
OF_AGE = 18
LONGEST_NAME = 100

GIVEN, NOT_GIVEN, NOT_ASKED = "given", "not_given", "not_asked"


@dataclasses.dataclass(frozen=True)
class Answer:
    """The last answer to one question, as far as rules look at it."""

    given: bool
    giver: str
    decided_on: datetime.date
    is_withdrawn: bool


def state(answer: Answer | None, birth: births.Birth | None, today: datetime.date) -> str:
    """Given, not given, or not asked.

    What was refused and what was taken back is the same: not given. What a guardian agreed to for a
    child ends when the child is 18 and is asked for anew.
    """
    if answer is None or _has_grown(answer, birth, today):
        return NOT_ASKED
    return GIVEN if answer.given and not answer.is_withdrawn else NOT_GIVEN


def is_to_be_asked(answer: Answer | None, birth: births.Birth | None, today: datetime.date) -> bool:
    """Whether the page may remind of the question: never within 12 months of a "no" (0.1.1)."""
    found = state(answer, birth, today)
    if found == NOT_ASKED or answer is None:
        return True
    return found == NOT_GIVEN and births.age(answer.decided_on, today) >= 1


def is_child(birth: births.Birth | None, today: datetime.date) -> bool:
    """Under 18 on this day, on every day that the birth date may mean."""
    return birth is not None and births.age(birth.on, today) < OF_AGE


def findings(
    giver: str, way: str, name: str, birth: births.Birth | None, today: datetime.date
) -> list[Finding]:
    """What keeps an agreement from being stored. A refusal is never kept from anything."""
    found = []
    if giver not in GIVERS:
        found.append(blocking("not-offered", "giver"))
    elif giver == SELF and is_child(birth, today):
        found.append(blocking("guardian-needed", "giver", years=str(OF_AGE)))
    if way not in WAYS:
        found.append(blocking("not-offered", "way"))
    elif way == TYPED and not name:
        found.append(blocking("consent-name-missing", "name"))
    if len(name) > LONGEST_NAME:
        long = {"longest": str(LONGEST_NAME), "length": str(len(name))}
        found.append(blocking("too-long", "name", **long))
    return found


def _has_grown(answer: Answer, birth: births.Birth | None, today: datetime.date) -> bool:
    """A guardian's "yes" for a child who is of age by now."""
    if birth is None or not answer.given or answer.giver != GUARDIAN:
        return False
    return is_child(birth, answer.decided_on) and not is_child(birth, today)
