"""A staff list is judged line by line; one fault and nothing of it is taken."""

from __future__ import annotations

import pytest

from saas.accounts.staff_list.judging import ALL, MOST_PEOPLE, Fault, Judged, Words, judged
from saas.web.sheets.marks import DAMAGED, FORMULA, UNREADABLE

HEADINGS = {"用户名": "username", "姓名": "name", "另一种文字的姓名": "name_other"}
HEADINGS |= {"角色": "roles", "رول": "roles", "站点": "sites", "电话": "phone"}
ROLES = {"乡村医生": "village_doctor", "药师": "pharmacist", "审阅员": "audit_reviewer"}
SITES = {"650099001001": "one", "一村卫生室": "one", "650099001002": "two", "全部": ALL}
HEAD = ["用户名", "姓名", "角色 / رول", "站点", "电话"]
GOOD = ["gulnar", "古丽娜尔", "乡村医生", "一村卫生室", "00012345"]


def check(*rows: list[str], head: list[str] = HEAD, taken: tuple[str, ...] = ("doctor",)) -> Judged:
    return judged(enumerate([head, *rows], start=1), Words(HEADINGS, ROLES, SITES), taken)


def changed(column: int, text: str) -> list[str]:
    return [*GOOD[:column], text, *GOOD[column + 1 :]]


def test_a_line_in_order_is_a_person_as_she_will_be_stored() -> None:
    found = check(["Gulnar", "古丽娜尔", "药师、乡村医生", "650099001002，一村卫生室", ""])
    assert found.faults == []
    (person,) = found.people
    assert (person.username, person.name, person.phone) == ("gulnar", "古丽娜尔", "")
    assert person.roles == ["village_doctor", "pharmacist"]
    assert person.site_ids == ["one", "two"]


def test_all_places_are_every_place_of_the_clinic_and_none_is_none() -> None:
    assert check(changed(3, "全部")).people[0].site_ids == ["one", "two"]
    assert check(changed(3, "")).people[0].site_ids == []


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (0, "", "username-missing"),
        (0, "古丽", "username-shape"),
        (0, "a", "username-shape"),
        (0, "DOCTOR", "username-taken"),
        (0, FORMULA, "formula"),
        (1, "", "name-missing"),
        (1, "123", "name-no-letter"),
        (1, "x" * 101, "name-long"),
        (1, "a\u202eb", "hidden-sign"),
        (2, "", "roles-missing"),
        (2, "、", "roles-missing"),
        (2, "院长", "roles-unknown"),
        (2, "乡村医生,院长", "roles-unknown"),
        (2, "乡村医生,审阅员", "roles-apart"),
        (3, "三村", "sites-unknown"),
        (3, "一村卫生室,三村", "sites-unknown"),
        (4, "1234", "phone-shape"),
        (4, "call me", "phone-shape"),
        (4, DAMAGED, "damaged-number"),
        (0, UNREADABLE, "line-unreadable"),
    ],
)
def test_each_fault_is_told_with_its_line_and_column(column: int, text: str, code: str) -> None:
    found = check(GOOD, changed(column, text) if column == 0 else ["other", *changed(column, text)[1:]])
    assert found.faults == [Fault(3, column, code)]


def test_a_user_name_stands_once_in_the_list_however_it_is_written() -> None:
    found = check(GOOD, ["GULNAR", *GOOD[1:]])
    assert found.faults == [Fault(3, 0, "username-twice")]


def test_a_faulty_line_also_holds_its_user_name() -> None:
    found = check(changed(2, "院长"), GOOD)
    assert found.faults == [Fault(2, 2, "roles-unknown"), Fault(3, 0, "username-twice")]


@pytest.mark.parametrize(
    ("head", "faults"),
    [
        (["用户名", "姓名"], [Fault(1, -1, "heading-missing-roles")]),
        ([*HEAD, "角色"], [Fault(1, 5, "heading-twice")]),
        ([*HEAD, "民族"], [Fault(1, 5, "heading-unknown")]),
        ([*HEAD, FORMULA], [Fault(1, 5, "heading-unknown")]),
        (["用户名 / 姓名", "姓名", "角色"], [
            Fault(1, 0, "heading-unknown"), Fault(1, -1, "heading-missing-username")
        ]),
    ],
)  # fmt: skip
def test_a_wrong_line_of_headings_refuses_the_list(head: list[str], faults: list[Fault]) -> None:
    found = check(GOOD, head=head)
    assert (found.faults, found.people) == (faults, [])


def test_something_in_a_column_without_heading_is_a_fault() -> None:
    assert check([*GOOD, "x"]).faults == [Fault(2, 5, "no-heading")]


def test_a_list_has_people_and_not_too_many() -> None:
    assert check().faults == [Fault(1, -1, "no-lines")]
    lines = [[f"name{number}", *GOOD[1:]] for number in range(MOST_PEOPLE + 1)]
    assert check(*lines[:-1]).faults == []
    assert check(*lines).faults == [Fault(MOST_PEOPLE + 2, -1, "many-people")]
