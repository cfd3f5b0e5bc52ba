"""What lists look like: encodings, separators, dates, sexes, numbers; and what spreadsheets do to them."""

from __future__ import annotations

import datetime
import typing

import pytest

from saas.residents import stored
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import lists, world

if typing.TYPE_CHECKING:
    from tests.integration.bringing.conftest import Office

NUMBER = lists.citizen_number(33)


def fields(office: Office) -> list[dict[str, str]]:
    """What is stored of everybody, as the texts of the form."""
    with world.inside(office.app, office.card) as session:
        keys = clinic_of(office.card, session.query(ClinicSetting).one()).keys
    return [stored.fields_of(one, keys) for one in office.residents()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_form_is_the_same_list(office: Office, separator: str, encoding: str) -> None:
    office.bring(lists.as_text(lists.people(3), separator, encoding))
    assert [(one["name_0"], one["name_1"]) for one in fields(office)] == [
        line[:2] for line in lists.people(3)
    ]


def test_a_workbook_keeps_numbers_dates_and_zeros(office: Office) -> None:
    rows = [
        ("居民名册",),
        ("姓名(必填)", "性 别", "出生日期", "身份证号码", "联系电话", "村"),
        ("阿依古丽", "女", datetime.datetime(1963, 5, 7), "", 13900000001, "1村"),  # noqa: DTZ001
        ("古丽娜尔", 2, 23138, "", "０00１２３４５６７８", "2村"),
        ("买买提", "ئەر", "1963年5月7日", "", "00012345678/00087654321", None),
        ("阿迪力", 1.0, 19630507, "", None, None),
        (None, None, None, None, None, None),
        ("热娜", "", "", NUMBER.lower(), 13900000001.0, None),
    ]
    office.bring(lists.as_workbook(rows), "list.xlsx")
    found = fields(office)
    assert [one["birth"] for one in found[:4]] == ["1963-05-07"] * 4
    assert [one["sex_code"] for one in found] == ["2", "2", "1", "1", "1" if int(NUMBER[16]) % 2 else "2"]
    assert found[0]["phone_0"] == "13900000001"
    assert found[1]["phone_0"] == "00012345678"
    assert (found[2]["phone_0"], found[2]["phone_1"]) == ("00012345678", "00087654321")
    assert (found[4]["document_number"], found[4]["document_type"]) == (NUMBER, "01")
    assert found[4]["birth"] == f"{NUMBER[6:10]}-{NUMBER[10:12]}-{NUMBER[12:14]}"


def test_a_name_is_stored_trimmed_and_otherwise_as_it_stands_in_the_list(office: Office) -> None:
    names = ["阿依古丽\u3000图尔荪", "ئايگۈل  تۇرسۇن", "ھه\u200cسه\u200cن", "Ömer\u00a0Ali", "a\u0308"]
    rows = [("姓名", "性别", "出生日期"), *((f"  {name} ", "女", "1963") for name in names)]
    office.bring(lists.as_workbook([*rows, ("阿依古丽\n图尔荪", "女", "1963")]), "list.xlsx")
    office.bring(lists.as_text([(f" {name}  ", "", "女", "1963", *[""] * 5) for name in names]), "list.csv")
    assert [one["name_0"] for one in fields(office)] == [*names, "阿依古丽 图尔荪", *names]


def test_what_a_spreadsheet_has_spoiled_is_told_by_line_and_column(office: Office) -> None:
    rows = [
        ("姓名", "性别", "出生日期", "身份证号"),
        ("阿依古丽", "女", "1963", 650099196305070036),
        ("古丽娜尔", "女", "1963", "6.50099E+17"),
        ("=A1", "女", "1963", ""),
        ("买买提", "男", "1963-02-30", ""),
        ("阿迪力", "什么", "1963", ""),
        ("热\u202e娜", "女", "1963", ""),
        ("", "女", "1963", ""),
        ("帕提古丽", "女", "1963", "650099630507001"),
        ("吐尔逊", "男", "1963", NUMBER[:17] + "ABC"),
    ]
    batch = office.batch(office.bring(lists.as_workbook(rows), "list.xlsx"))
    told = {(one["line"], one["column"], one["code"]) for one in batch.faults}
    assert told >= {
        (2, 3, "damaged-number"),
        (3, 3, "damaged-number"),
        (4, 0, "formula"),
        (5, 2, "birth-unreadable"),
        (6, 1, "not-offered"),
        (7, 0, "hidden-sign"),
        (8, 0, "name-missing"),
        (9, 3, "old-number"),
        (10, 3, "number-shape"),
    }
    assert batch.mapping["found"]["faulty"] == 7
    converted = fields(office)[0]["document_number"]
    assert (len(converted), converted[:8]) == (18, "65009919")


def test_a_place_of_care_is_found_by_code_or_name(office: Office) -> None:
    sites = office.rows("SELECT name_zh FROM site WHERE kind <> 'centre' ORDER BY code")
    codes = office.rows("SELECT code FROM site WHERE kind <> 'centre' ORDER BY code")
    rows = [
        ("姓名", "性别", "出生日期", "村卫生室"),
        ("阿依古丽", "女", "1963", sites[0]),
        ("古丽娜尔", "女", "1963", codes[1]),
        ("买买提", "男", "1963", ""),
        ("阿迪力", "男", "1963", "不存在的村卫生室"),
    ]
    batch = office.batch(office.bring(lists.as_workbook(rows), "list.xlsx"))
    assert [(one["line"], one["code"]) for one in batch.faults] == [(5, "site_id-unknown")]
    stored_at = {one.site_id for one in office.residents()}
    assert len(stored_at) == 3
