"""Where the embedded server lives: deep, odd and foreign folders, and its account when root starts it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants import embedded_account
from tenants.embedded import EmbeddedError, EmbeddedServer
from tenants.embedded_account import Account
from tenants.embedded_files import LONGEST_SOCKET_PATH, Layout, configuration_text, socket_folder
from tests.support.embedded import ask, open_folder

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="root alone switches accounts")


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


def test_a_deep_folder_gets_a_short_socket_folder(folder: Path) -> None:
    deep = folder / ("a" * 40) / ("b" * 40)
    server = EmbeddedServer(deep, fast=True)
    endpoint = server.ensure_running()
    assert len(str(endpoint.host / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert stat.S_IMODE(endpoint.host.stat().st_mode) == 0o700
    assert ask(server, "SELECT 1") == "1"
    assert server.stop()
    assert not endpoint.host.exists()


def test_a_folder_name_with_quotes_and_spaces_works(folder: Path) -> None:
    server = EmbeddedServer(folder / 'it\'s, "a" $(touch folder) `x`', fast=True)
    server.ensure_running()
    assert ask(server, "SELECT 1") == "1"
    assert server.stop()


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    folder.mkdir()
    (folder / "run").mkdir(mode=0o777)
    (folder / "run").chmod(0o777)
    with pytest.raises(EmbeddedError, match="nobody else may enter"):
        server.ensure_running()


def test_a_cluster_that_shipa_did_not_make_is_left_alone(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match="Shipa did not make it"):
        EmbeddedServer(folder).ensure_running()
    assert list((folder / "postgres").iterdir()) == []


def test_a_folder_of_another_account_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    server = EmbeddedServer(folder, fast=True)
    server.password("admin")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(EmbeddedError, match="belongs to another account"):
        server.ensure_running()


def test_an_unknown_login_is_named(folder: Path) -> None:
    with pytest.raises(EmbeddedError, match="no login 'nobody'"):
        EmbeddedServer(folder).password("nobody")


@AS_ROOT
def test_as_root_the_server_runs_as_its_own_account(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    pid = server.status().pid
    assert Path(f"/proc/{pid}").stat().st_uid == embedded_account.server_account().uid != 0
    assert server.layout.configuration.stat().st_uid == 0
    assert server.stop()


@AS_ROOT
def test_as_root_a_folder_that_the_account_cannot_enter_is_named(folder: Path) -> None:
    folder.parent.chmod(0o700)
    with pytest.raises(EmbeddedError, match=r"may not enter .*shipa-embedded") as caught:
        EmbeddedServer(folder, fast=True).ensure_running()
    assert "SHIPA_DATA" in str(caught.value)
    assert not folder.exists()
    folder.parent.chmod(0o711)


@AS_ROOT
def test_as_root_unreadable_binaries_are_copied_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_account, "SHARED_FOLDER", folder.parent / "shared")
    monkeypatch.setattr(embedded_account, "_readable", lambda *_: False)
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    assert folder.parent / "shared" in server.binaries.parents
    made_at = server.binaries.stat().st_mtime_ns
    assert embedded_account.binaries_for(embedded_account.server_account()) == server.binaries
    assert server.binaries.stat().st_mtime_ns == made_at
    assert ask(server, "SELECT 1") == "1"
    assert server.stop()


def test_the_socket_folder_is_the_same_from_every_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(name="somebody", uid=1234, gid=1234, switched=False)
    deep = folder / ("a" * 90)
    before = socket_folder(deep, account)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/somewhere")
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    assert socket_folder(deep, account) == before
    assert socket_folder(deep / "other", account) != before


def test_only_fast_gives_up_durability(folder: Path) -> None:
    for fast in (True, False):
        text = configuration_text(Layout(folder), folder, fast=fast, syncfs=True)
        assert ("fsync = off" in text) is fast
        assert "synchronous_commit = on" in text
