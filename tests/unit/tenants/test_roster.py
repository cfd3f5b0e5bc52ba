"""Reading a roster: which lines are in order, and how each fault is named."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants import roster, roster_file
from tenants.roster_file import FileRefused

HEADER = ",".join(roster.CLINIC_COLUMNS)
GOOD = "650099001,township_health_centre,试验卫生院,سىناق,试验地区,650099,试验县,650099001"
ROSTER = Path(roster.__file__).parent / "data"


def write(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(end.join((HEADER, *lines, "")).encode(encoding))
    return path


def with_cell(column: str, cell: str, *, code: str = "650099002") -> str:
    cells = dict(zip(roster.CLINIC_COLUMNS, GOOD.split(","), strict=True)) | {"code": code}
    cells[column] = cell
    line = io.StringIO()
    csv.writer(line).writerow(cells.values())
    return line.getvalue().removesuffix("\r\n")


def test_the_roster_we_ship_is_in_order() -> None:
    found = roster.read(ROSTER / "institutions.csv", ROSTER / "village-clinics.csv")
    assert (len(found.clinics), len(found.sites), found.faults) == (1607, 7697, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_shipped_roster_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    pair = ROSTER / "institutions.csv", ROSTER / "village-clinics.csv"
    copies = [tmp_path / path.name for path in pair]
    for path, copy in zip(pair, copies, strict=True):
        copy.write_bytes(path.read_text("utf-8").encode(encoding))
    assert roster.read(*copies) == roster.read(*pair)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_are_recognised(tmp_path: Path, encoding: str, end: str) -> None:
    (line,) = roster.read(write(tmp_path, GOOD, encoding=encoding, end=end)).clinics
    assert (line.line, line.name_zh, line.name_ug) == (2, "试验卫生院", "سىناق")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("code", "", "empty"),
        ("code", "65009900", "9 or 12"),
        ("code", "6500990020", "9 or 12"),
        ("code", "６５００９９００２", "9 or 12"),
        ("code", "65009900x", "9 or 12"),
        ("kind", "hospital", "kind"),
        ("kind", "", "kind"),
        ("name_zh", "", "empty"),
        ("name_zh", "  \u3000", "empty"),
        ("name_zh", "院" * 101, "100"),
        ("name_ug", "ا" * 101, "100"),
        ("county_zh", "县" * 101, "100"),
        ("name_zh", "试验\u202e院", "direction"),
        ("name_ug", "\u2067سىناق\u2069", "direction"),
        ("name_zh", "试验\x07院", "control"),
        ("name_zh", "试\0验", "control"),
        ("name_zh", "试\t验", "control"),
        ("name_zh", "试验\n院", "control"),
        ("name_zh", "试\u2028验", "control"),
        ("name_zh", "试验\x85", "control"),
        ("name_zh", "=HYPERLINK()", "formula"),
        ("name_zh", "+8", "formula"),
        ("name_zh", "-院", "formula"),
        ("name_ug", "  @SUM", "formula"),
        ("township_code", "=1", "formula"),
    ],
)
def test_a_fault_is_named_with_line_column_and_value(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    path = write(tmp_path, GOOD, with_cell(column, cell), with_cell("code", "650099003"))
    found = roster.read(path)
    assert [line.code for line in found.clinics] == ["650099001", "650099003"]
    (fault,) = found.faults
    assert fault[:3] == (str(path), 3, column)
    assert fault.value.strip() == cell.strip()
    assert said in fault.message


@pytest.mark.parametrize("name", ["院" * 100, "阿·卜", "ئۆي‌لەر", "A-1", "a = b", "ـسىناق"])
def test_a_name_is_kept_as_given_but_for_the_spaces_around_it(tmp_path: Path, name: str) -> None:
    found = roster.read(write(tmp_path, with_cell("name_zh", f" {name}\u3000")))
    assert [line.name_zh for line in found.clinics] == [name]


def test_a_cell_in_which_nothing_can_be_seen_is_empty(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path, with_cell("name_ug", "\u200b\u200f")))
    assert [line.name_ug for line in found.clinics] == [""]
    found = roster.read(write(tmp_path, with_cell("name_zh", "\u200b\u200f \u200d")))
    assert [(fault.column, fault.message) for fault in found.faults] == [
        ("name_zh", "The Chinese name is empty.")
    ]


def test_of_duplicates_the_first_is_kept_and_each_later_one_refused(tmp_path: Path) -> None:
    again = with_cell("name_zh", "另一院", code="650099001")
    found = roster.read(write(tmp_path, GOOD, again, again))
    assert [line.name_zh for line in found.clinics] == ["试验卫生院"]
    assert [(fault.line, fault.column, fault.value) for fault in found.faults] == [
        (3, "code", "650099001"),
        (4, "code", "650099001"),
    ]


def test_several_faults_of_a_line_are_all_named(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path, "1,hospital,,,,,,"))
    assert [fault.column for fault in found.faults] == ["code", "kind", "name_zh"]


def test_ragged_lines_name_the_first_cell_that_is_missing_or_too_many(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path, "650099002,township_health_centre", f"{GOOD},more", GOOD))
    assert [(f.line, f.column, f.value) for f in found.faults] == [(2, "name_zh", ""), (3, "", "more")]
    assert [line.line for line in found.clinics] == [4]


def test_a_cell_over_two_lines_does_not_shift_the_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, with_cell("name_zh", "试\r\n验"), GOOD, with_cell("kind", "x"))
    found = roster.read(path)
    assert [(fault.line, fault.column) for fault in found.faults] == [(2, "name_zh"), (5, "kind")]
    assert [line.line for line in found.clinics] == [4]


def test_a_quote_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    path = write(tmp_path, '650099002,"township', GOOD, with_cell("code", "650099003"))
    found = roster.read(path)
    assert [fault.line for fault in found.faults] == [2]
    assert [line.line for line in found.clinics] == [3, 4]


def test_a_quote_in_the_middle_of_a_cell_is_read_as_written(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path, GOOD.replace("试验卫生院", '试"验"院')))
    assert [line.name_zh for line in found.clinics] == ['试"验"院']


def test_blank_lines_are_nothing_and_are_counted(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path, "", GOOD, "   ", with_cell("kind", "x"), "", ""))
    assert ([line.line for line in found.clinics], found.faults[0].line) == ([3], 5)


def test_columns_may_stand_in_any_order_with_spaces_around_their_names(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    turned = [text.split(",")[::-1] for text in (HEADER, GOOD)]
    path.write_text("\n".join(" , ".join(cells) for cells in turned), "utf-8-sig")
    assert roster.read(path).clinics[0].code == "650099001"


@pytest.mark.parametrize(
    ("header", "column", "said"),
    [
        (HEADER.replace(",name_ug", ""), "name_ug", "missing"),
        (f"{HEADER},phone", "phone", "unknown"),
        (f"{HEADER},", "", "unknown"),
        (f"{HEADER},code", "code", "twice"),
        (HEADER.upper(), "code", "missing"),
        ("", "", "empty"),
    ],
)
def test_a_wrong_header_refuses_the_file(tmp_path: Path, header: str, column: str, said: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"{header}\n{GOOD}\n" if header else "", "utf-8")
    with pytest.raises(FileRefused) as refusal:
        roster.read(path)
    assert refusal.value.faults[0][:3] == (str(path), 1, column)
    assert said in refusal.value.faults[0].message


def test_a_header_alone_is_an_empty_roster(tmp_path: Path) -> None:
    assert roster.read(write(tmp_path)) == roster.Roster([], [], [], {})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\xff\xff\0\0",
        f"{HEADER}\n{GOOD}\n".encode("utf-16"),
        b"\xef\xbb\xbf" + f"{HEADER}\n".encode() + GOOD.encode("gb18030"),
    ],
)
def test_what_is_no_roster_is_refused_as_a_whole(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(raw)
    with pytest.raises(FileRefused):
        roster.read(path)


def test_a_folder_a_missing_file_and_a_huge_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(FileRefused, match="cannot be read"):
            roster.read(path)
    monkeypatch.setattr(roster_file, "LARGEST_FILE", 100)
    with pytest.raises(FileRefused, match="larger"):
        roster.read(write(tmp_path, GOOD))


def test_a_damaged_utf8_file_is_never_read_as_other_characters(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(path.read_bytes().replace("验".encode(), b"\xe9\xaa"))
    with pytest.raises(FileRefused, match="damaged character on line 2"):
        roster.read(path)


def test_both_files_are_looked_at_before_either_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        roster.read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert [Path(fault.file).name for fault in refusal.value.faults] == ["a.csv", "b.csv"]


def test_a_site_needs_an_institution_that_is_known_and_a_code_of_its_own(tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    lines = (
        "code,institution_code,name_zh",
        "650099001200,650099001,一村卫生室",
        "650099001201,650099009,二村卫生室",
        "650099001,650099001,三村卫生室",
        "650099001200,650099001,四村卫生室",
        "650099001203,,五村卫生室",
    )
    sites.write_text("\n".join(lines), "utf-8")
    found = roster.read(write(tmp_path, GOOD), sites)
    kept, unknown = roster.of_known_institutions(found.sites, {"650099001"}, str(sites), found.refused)
    assert [site.code for site in kept] == ["650099001200"]
    assert [(fault.line, fault.column, fault.value) for fault in found.faults + unknown] == [
        (4, "code", "650099001"),
        (5, "code", "650099001200"),
        (6, "institution_code", ""),
        (3, "institution_code", "650099009"),
    ]


def test_a_site_of_a_refused_institution_says_on_which_line_that_was(tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    lines = ("code,institution_code,name_zh", *(f"65009900220{n},65009900{n},村卫生室" for n in range(1, 4)))
    sites.write_text("\n".join(lines), "utf-8")
    twice = with_cell("name_zh", "另一卫生院", code="650099001")
    found = roster.read(write(tmp_path, GOOD, with_cell("kind", "hospital"), twice), sites)
    kept, faults = roster.of_known_institutions(found.sites, {"650099001"}, str(sites), found.refused)
    assert [site.institution_code for site in kept] == ["650099001"]
    assert [fault.message for fault in faults] == [
        "Its institution was refused on line 3.",
        "No institution has this code.",
    ]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall_over(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(f"{HEADER}\n".encode() + raw)
    try:
        found = roster.read(path)
    except FileRefused:
        return
    assert not found.clinics or found.clinics[0].code


@given(st.lists(st.text(alphabet='ab,"\n\r \u0660院', max_size=12), max_size=30))
def test_every_line_that_is_not_blank_is_counted_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    records = list(roster_file.records(text))
    numbers = [record.line for record in records]
    assert numbers == sorted(set(numbers))
    physical = list(io.StringIO(text, newline=""))
    if '"' not in text:
        wanted = [n for n, line in enumerate(physical, 1) if line.strip()]
        assert numbers == wanted
