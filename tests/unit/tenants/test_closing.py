"""When a clinic may be closed, its removal asked, and confirmed: the whole truth table."""

from __future__ import annotations

import datetime
import itertools

import pytest

from tenants.closing_rules import (
    KEEP_DAYS,
    Closing,
    Reason,
    why_not_archive,
    why_not_ask,
    why_not_call_off,
    why_not_close,
    why_not_confirm,
    why_not_reopen,
)

CLOSED = datetime.datetime(2026, 1, 1, 8, tzinfo=datetime.UTC)
DAY, MOMENT = datetime.timedelta(days=1), datetime.timedelta(microseconds=1)
STATES = ("provisioned", "configured", "trained", "pilot", "live", "suspended", "closed")
KEEP = 40
END = CLOSED + KEEP * DAY
ARCHIVES = {"none": None, "before": CLOSED - DAY, "at once": CLOSED, "after": CLOSED + MOMENT}
TIMES = {"early": END - MOMENT, "due": END, "late": END + 400 * DAY}
CASES = list(itertools.product(STATES, ARCHIVES, TIMES, (None, "one"), ("one", "two")))


@pytest.mark.parametrize("state", STATES)
def test_a_clinic_is_closed_once_from_any_state_and_opened_again_while_it_is_there(state: str) -> None:
    found = closing(state, "none", None)
    assert bool(why_not_close(found)) is (state == "closed")
    assert bool(why_not_reopen(found)) is (state != "closed")
    assert bool(why_not_archive(found)) is (state != "closed")


def test_what_was_closed_without_a_term_is_closed_properly_before_anything_else() -> None:
    found = Closing("closed", None, KEEP, ARCHIVES["after"])
    assert found.lacks_its_term
    assert why_not_close(found) is None
    assert why_not_reopen(found) is None
    for refusal in (why_not_archive(found), why_not_ask(found, TIMES["late"])):
        assert "without a term" in str(refusal)


def closing(state: str, archive: str, asked_by: str | None) -> Closing:
    closed_at = CLOSED if state == "closed" else None
    return Closing(state, closed_at, KEEP, ARCHIVES[archive], asked_by)


@pytest.mark.parametrize(("state", "archive", "time", "asked_by", "who"), CASES)
def test_the_table(state: str, archive: str, time: str, asked_by: str | None, who: str) -> None:
    found, now = closing(state, archive, asked_by), TIMES[time]
    ready = state == "closed" and archive == "after" and time in {"due", "late"}
    assert (why_not_ask(found, now) is None) is (ready and asked_by is None)
    assert (why_not_confirm(found, who, now) is None) is (ready and asked_by == "one" and who == "two")
    assert (why_not_call_off(found) is None) is (asked_by == "one")


def test_each_reason_says_what_to_do_first() -> None:
    late = TIMES["late"]
    assert "shipa clinics close" in str(why_not_ask(closing("live", "after", None), late))
    assert "shipa clinics export" in str(why_not_ask(closing("closed", "before", None), late))
    assert "2026-02-10 16:00 (Beijing time)" in str(
        why_not_ask(closing("closed", "after", None), TIMES["early"])
    )
    assert "by one" in str(why_not_ask(closing("closed", "after", "one"), late))
    assert "another operator" in str(why_not_confirm(closing("closed", "after", "one"), "one", late))
    assert "nobody asked" in str(why_not_confirm(closing("closed", "after", None), "two", late))


def test_a_reason_is_a_sentence_that_a_command_says_behind_a_code() -> None:
    assert str(Reason("It is so.")) == "it is so"
    assert str(Reason("%(who)s has it.", {"who": "Li"}, "`shipa x`")) == "Li has it; `shipa x` comes first"
    reason = Reason("Until %(at)s (Beijing time).", {"at": CLOSED})
    assert str(reason) == "until 2026-01-01 16:00 (Beijing time)"


def test_a_year_unless_said_otherwise_and_no_end_before_a_closing() -> None:
    found = Closing("closed", CLOSED)
    assert (found.kept_until, found.reads_until) == (CLOSED + KEEP_DAYS * DAY, CLOSED + 30 * DAY)
    assert KEEP_DAYS == 365
    assert Closing("live").kept_until is None
    assert Closing("live").reads_until is None
