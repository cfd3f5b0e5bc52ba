"""Invented lists of residents as a clinic would bring them: as text, as .xlsx, in several encodings."""

from __future__ import annotations

import io
import typing

import openpyxl

from saas.residents.rules.citizen_id import check_character

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADINGS = ("姓名", "维文姓名", "性别", "出生日期", "身份证号", "联系电话", "村", "民族", "婚姻状况")
_GIVEN = ("阿依古丽", "古丽娜尔", "买买提", "阿迪力", "热娜", "帕提古丽", "吐尔逊", "艾合买提")
_GIVEN_UG = ("ئايگۈل", "گۈلنار", "مەمەت", "ئادىل", "رەنا", "پاتىگۈل", "تۇرسۇن", "ئەخمەت")

Line = tuple[str, ...]


def citizen_number(place: int) -> str:
    """A right number of area 650099; each place another one."""
    year, rest = 1930 + place % 90, place // 90
    body = f"650099{year}{1 + rest % 12:02d}{1 + rest // 12 % 28:02d}{rest // 336 % 1000:03d}"
    return body + check_character(body)


def line_of(place: int) -> Line:
    """One invented person; what a list holds and this system never keeps stands in the last two columns."""
    number = citizen_number(place)
    sex = "男" if int(number[16]) % 2 else "女"
    name = f"{_GIVEN[place % 8]}·{_GIVEN[place // 8 % 8]}"
    name_ug = f"{_GIVEN_UG[place % 8]} {_GIVEN_UG[place // 8 % 8]}"
    birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return (name, name_ug, sex, birth, number, f"000{place:08d}", f"{place % 40}村", "汉族", "已婚")


def people(count: int, first: int = 0) -> list[Line]:
    """So many of them."""
    return [line_of(place) for place in range(first, first + count)]


def as_text(lines: Iterable[Sequence[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A list as a text file, headings first."""
    return "\r\n".join(separator.join(line) for line in (HEADINGS, *lines)).encode(encoding)


def as_workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as an .xlsx file; headings are the caller's."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("居民")
    for row in rows:
        sheet.append(list(row))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
