"""What is written beside the answers: the reason for a correction, and why a finding is not followed."""

from __future__ import annotations

import typing

import pytest

from tests.integration.records.conftest import form_on, listed
from tests.isolation.records import FOLLOW_UP
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from tests.integration.records.conftest import Desk

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("act", ["amend", "void"])
@pytest.mark.parametrize(
    ("reason", "status"), [("再次更正", 303), ("خاتا ئوقۇلغان", 303), ("错", 422), ("typo", 422)]
)
def test_a_reason_may_be_as_short_as_its_script_allows(
    fresh: Desk, act: str, reason: str, status: int
) -> None:
    address = fresh.signed(heart_rate="72")
    name = {"amend": "amend_reason", "void": "reason"}[act]
    sent = fresh.begin(f"{address}/{act}") | {name: [reason]}
    answer = fresh.confirmed(f"{address}/{act}", sent)
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert (f'id="{name}-error"' in page) is (status == 422)
    assert len(fresh.records()) == (2 if status == 303 else 1)


@pytest.mark.parametrize("act", ["amend", "void"])
@pytest.mark.parametrize("reason", ["错" * 501, "typed\u202e it wrongly", "typed\x00 it wrongly"])
def test_a_reason_that_cannot_be_kept_is_told_beside_it_and_stays(fresh: Desk, act: str, reason: str) -> None:
    address = fresh.signed(heart_rate="72")
    name = {"amend": "amend_reason", "void": "reason"}[act]
    answer = fresh.send(f"{address}/{act}", fresh.begin(f"{address}/{act}") | {name: [reason]})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'id="{name}-error"' in page) == (422, True)
    assert len(fresh.records()) == 1
    if "\x00" not in reason:  # no page can hold this one
        assert form_on(page)[name] == [reason]
        check_page(page, "zh")


@pytest.mark.parametrize("note", ["长" * 501, "because\u202e"])
def test_a_note_that_cannot_be_kept_is_told_and_stays(fresh: Desk, note: str) -> None:
    path = f"{fresh.page}/forms/ht_followup"
    begun = fresh.begin(path) | listed(FOLLOW_UP) | {"systolic_bp": ["190"]}
    asked = form_on(fresh.send(path, begun).get_data(as_text=True))
    name = next(name for name in asked if name.startswith("note-"))
    answer = fresh.send(path, asked | {name: [note]})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert form_on(page)[name] == [note]
    assert fresh.records() == []
    check_page(page, "zh")
