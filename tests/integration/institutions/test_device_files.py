"""A file of devices: registered line by line, each fault told with its line and column."""

from __future__ import annotations

import typing

import pytest

from tests.integration.institutions.conftest import HEAD, NUMBERS, House, ok, registered, row, shipa

if typing.TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{new},tablet,S{new},M,", ""),
        ("{new},watch,S{new},M,", "kind"),
        (",tablet,S{new},M,", "asset_number"),
        ("{new},tablet,,M,", "serial"),
        ("{new},tablet,S{new},,", "model"),
        ("{new},tablet,S{there},M,", "serial"),
        ("{there},tablet,S{new},M,", "asset_number"),
        ("{new},tablet,S{new},=1+1,", "model"),
        ("{new},tablet,S{new}", "model"),
        ("{new},tablet,S{new}," + "x" * 101 + ",", "model"),
    ],
)
def test_a_line_with_a_fault_is_told_and_the_others_are_registered(
    house: House, tmp_path: Path, line: str, column: str
) -> None:
    there, new, beside = registered(house, tmp_path), f"N-{next(NUMBERS)}", f"N-{next(NUMBERS)}"
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}\n{line.format(new=new, there=there)}\n{beside},ecg,S{beside},M,\n")
    dry = shipa(house, "import", str(path), "--dry-run")
    assert row(house, beside) == {}
    done = shipa(house, "import", str(path))
    assert dry.exit_code == done.exit_code == (1 if column else 0)
    assert dry.output.replace("would be ", "") == done.output
    assert (f"line 2, {column}" in done.output) == bool(column)
    assert row(house, beside)["kind"] == "ecg"
    assert bool(row(house, new)) == (not column)


@pytest.mark.parametrize("text", ["", "a,b\n", f"{HEAD}\nA,b,\udcff\n", f"{HEAD},place\n"])
def test_a_file_that_cannot_be_used_registers_nothing(house: House, tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    refused = shipa(house, "import", str(path))
    assert refused.exit_code in {1, 2}
    assert "Traceback" not in refused.output


def test_a_file_twice_registers_once_and_a_serial_twice_is_a_fault(house: House, tmp_path: Path) -> None:
    number = registered(house, tmp_path)
    again = ok(house, "import", str(tmp_path / f"{number}.csv"))
    assert "0 registered, 1 unchanged" in again
    path = tmp_path / "twice.csv"
    path.write_text(f"{HEAD}\nT-1,ecg,T1,M,\nT-2,ecg,T1,M,\n")
    twice = shipa(house, "import", str(path))
    assert (twice.exit_code, "line 3, serial" in twice.output) == (1, True)
