"""Every duty, state and reason has its words."""

from __future__ import annotations

from saas.public_health import due_texts
from saas.public_health.rules import due
from saas.public_health.rules.due_facts import State
from saas.public_health.rules.due_table import rules


def test_every_event_state_and_reason_has_words_and_no_words_are_left_over() -> None:
    of_people = {code for code, rule in rules().items() if rule.service != "education"}
    assert due_texts.EVENTS.keys() == of_people
    assert set(due_texts.STATES) == set(State)
    assert due_texts.REASONS.keys() == set(due.REASONS)


def test_overdue_says_that_the_clinic_owes_a_service() -> None:
    assert "clinic owes" in str(due_texts.STATES[State.OVERDUE])
    assert not any("refus" in str(text) or "fault" in str(text) for text in due_texts.REASONS.values())
