"""After a run, clinical staff are asked about likely pairs; the head is told nothing."""

from __future__ import annotations

import typing

from saas.residents.bringing import batches
from saas.residents.bringing.matching import MOST_QUESTIONS
from tests.support import lists

if typing.TYPE_CHECKING:
    from tests.integration.bringing.conftest import Office

LINKS = "SELECT kind || ' ' || reason FROM resident_link"
HEADINGS = ("姓名", "性别", "出生日期", "身份证号")


def brought(office: Office, *rows: tuple[str, ...]) -> None:
    """One list, and the worker's round after it."""
    office.bring(lists.as_workbook([HEADINGS, *rows]), "list.xlsx")
    office.sweep()


def test_a_run_alone_compares_nobody_and_the_round_does(office: Office, ten: bytes) -> None:
    office.bring(ten)
    address = office.bring(ten)
    assert office.rows(LINKS) == []
    assert batches.waiting(office.batch(address)) == batches.MATCH_LIST
    office.sweep()
    assert office.rows(LINKS) == ["later import"] * 10
    assert office.rows("SELECT 1 FROM resident_link WHERE resident_id > other_id") == []
    assert batches.waiting(office.batch(address)) == ""
    office.sweep()
    assert len(office.rows(LINKS)) == 10


def test_the_same_number_is_asked_about_whatever_the_name(office: Office) -> None:
    number = lists.citizen_number(5)
    brought(office, ("阿依古丽", "", "", number))
    brought(office, ("另一名字", "", "", number))
    assert office.rows(LINKS) == ["later import"]


def test_the_same_name_needs_the_same_sex_and_a_near_birth(office: Office) -> None:
    brought(office, ("阿依古丽·买买提", "女", "1963-05-07", ""))
    brought(office, ("阿依古丽 买买提", "男", "1963-05-07", ""), ("阿依古丽买买提", "女", "1970", ""))
    assert office.rows(LINKS) == []
    brought(office, ("阿依古丽买买提", "女", "1964-01-01", ""))
    assert office.rows(LINKS) == ["later import"]


def test_two_documents_of_different_numbers_are_two_people(office: Office) -> None:
    first, second = lists.citizen_number(5), lists.citizen_number(5 + 90)
    brought(office, ("阿依古丽", "女", "1963", first))
    brought(office, ("阿依古丽", "女", "1963", second))
    assert office.rows(LINKS) == []
    brought(office, ("阿依古丽", "女", "1963", ""))
    assert office.rows(LINKS) == ["later import"] * 2


def test_a_common_name_is_asked_about_a_few_times_only(office: Office) -> None:
    brought(office, *[("阿依古丽", "女", "1963", lists.citizen_number(place)) for place in range(12)])
    brought(office, ("阿依古丽", "女", "1963", ""))
    assert office.rows(LINKS) == ["later import"] * MOST_QUESTIONS


def test_what_was_answered_is_not_asked_again(office: Office) -> None:
    number = lists.citizen_number(5)
    brought(office, ("阿依古丽", "", "", number))
    brought(office, ("阿依古丽", "", "", number))
    office.rows("UPDATE resident_link SET ended_at = now(), ended_by = created_by RETURNING 1")
    office.rows("UPDATE import_batch SET mapping = mapping - 'compared', version = version + 1 RETURNING 1")
    office.sweep()
    assert office.rows("SELECT count(*) FROM resident_link") == [1]
