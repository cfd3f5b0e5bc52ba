"""A long command says how far it is, how fast, and how long it will still take."""

from __future__ import annotations

import re

import pytest

from tenants.commands.progress import LINES, progress


def test_where_no_bar_can_be_drawn_a_few_lines_tell_rate_and_time_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("importing") as told:
        for done in range(1, 1608):
            told(done, 1607)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == "", "standard output is the command's answer"
    assert 2 <= len(lines) <= LINES + 1
    assert [line for line in lines if not re.fullmatch(r"importing: \d+/1607, \d+/s, \d+ s left", line)] == []
    assert lines[-1].startswith("importing: 1607/1607, ")
    assert lines[-1].endswith(" 0 s left")


def test_on_a_terminal_a_bar_tells_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with progress("importing") as told:
        told(3, 12)
        told(12, 12)
    out, err = capsys.readouterr()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", err)
    assert out == ""
    assert re.search(r"importing .*12/12 +\d+/s +0:00:00", plain), plain
