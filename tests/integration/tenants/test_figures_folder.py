"""Where the web processes add up their figures: in memory, since a full disk would end them there."""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from pathlib import Path

    import pytest

serve = importlib.import_module("tenants.commands.serve")  # the package's own name is the command


def test_the_figures_are_in_memory_begin_at_nothing_and_keep_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, data = tmp_path / "memory", tmp_path / "data"
    memory.mkdir()
    monkeypatch.setattr(serve, "MEMORY", memory)
    folder = serve.empty_figures(data, "127.0.0.1:8000")
    place = folder.resolve()
    assert place.parent == memory
    assert place.stat().st_mode & 0o777 == 0o700
    (folder / "counter_1.db").write_bytes(b"x")
    assert serve.empty_figures(data, "127.0.0.1:8000").resolve() == place, (
        "one folder for good, not one a start"
    )
    assert list(place.iterdir()) == []
    place.chmod(0o777)
    assert serve.empty_figures(data, "127.0.0.1:8000").resolve() != place, "somebody else may write there"


def test_a_folder_of_an_earlier_release_is_replaced_and_no_memory_means_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "MEMORY", tmp_path / "none")
    folder = serve.empty_figures(tmp_path, "unix:/run/x")
    assert folder.resolve() == folder
    (folder / "counter_1.db").write_bytes(b"x")
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(serve, "MEMORY", tmp_path / "memory")
    assert serve.empty_figures(tmp_path, "unix:/run/x").resolve().parent == tmp_path / "memory"
