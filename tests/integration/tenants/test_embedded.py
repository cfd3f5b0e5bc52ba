"""The embedded server: started once for everybody, robust against kills, closed to everybody else."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tenants import embedded
from tenants.embedded import EmbeddedServer
from tests.support.embedded import ask, open_folder

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


def _child(code: str, folder: Path) -> subprocess.Popen[str]:
    text = f"from pathlib import Path\nfrom tenants.embedded import EmbeddedServer\n{code}"
    command = [sys.executable, "-c", text, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


START = """
import sys
server = EmbeddedServer(Path(sys.argv[1]), fast=True)
server.ensure_running()
print(server.status().pid, flush=True)
"""

START_AND_STAY = START + "import time\ntime.sleep(60)\n"


def test_it_listens_on_a_closed_socket_and_asks_for_a_password(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    endpoint = server.ensure_running()
    assert stat.S_IMODE(endpoint.host.stat().st_mode) == 0o700
    assert ask(server, "SHOW listen_addresses") == ""
    wrong = server.conninfo("admin", "postgres").replace(server.password("admin"), "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    for login in ("admin", "owner", "web", "gate"):
        assert len(server.password(login)) >= 40
    modes = {stat.S_IMODE(file.stat().st_mode) for file in server.layout.keys.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(server.layout.keys.stat().st_mode) == 0o700
    assert server.stop()


def test_its_settings_are_those_the_check_asks_for(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.ensure_running()
    assert int(ask(server, "SHOW max_locks_per_transaction")) >= 1024
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW synchronous_commit") == "on"
    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW recovery_init_sync_method") == "syncfs"
    assert int(ask(server, "SHOW scram_iterations")) >= 4096
    assert ask(server, "SHOW log_parameter_max_length") == "0"
    assert server.stop()


def test_no_text_of_a_statement_and_no_value_reaches_the_log(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    with psycopg.connect(server.conninfo("admin", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE t (name text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES ('CANARY-1')")
        for statement in (
            "INSERT INTO t VALUES ('CANARY-1')",
            "SELECT 'CANARY-1'::uuid",
            "SELECT 'CANARY-1' FROM nothing",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode())
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::text::uuid", ["CANARY-1"])
    assert server.stop()
    logs = "".join(file.read_text() for file in server.layout.log.iterdir())
    assert "database system is ready" in logs
    assert "CANARY" not in logs


def test_a_leftover_pid_file_of_a_crash_is_no_obstacle(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    ask(server, "SELECT 1")
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while server.status().pid == pid:
        time.sleep(0.01)
    server.ensure_running()
    assert ask(server, "SELECT 1") == "1"
    assert server.status().pid != pid
    assert server.stop()


def test_a_pid_file_with_the_number_of_another_program_is_no_obstacle(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    pid_file = server.layout.cluster / "postmaster.pid"
    text = pid_file.read_text().splitlines()
    assert server.stop()
    # A living program of the same account: PostgreSQL by itself would refuse.
    account = server._cluster.account
    other = subprocess.Popen(["/bin/sleep", "60"], **account.as_arguments())
    try:
        pid_file.write_text("\n".join([str(other.pid), *text[1:], ""]))
        account.give(pid_file)
        server.ensure_running()
        assert ask(server, "SELECT 1") == "1"
    finally:
        other.kill()
        other.wait()
    assert server.stop()


def test_two_commands_at_once_start_one_server(folder: Path) -> None:
    children = [_child(START, folder) for _ in range(4)]
    said = [child.communicate(timeout=60)[0].strip() for child in children]
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert len(set(said)) == 1
    assert said[0].isdigit()
    assert EmbeddedServer(folder).stop()


def test_threads_of_one_process_share_it(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    with ThreadPoolExecutor(8) as pool:
        assert len({pool.submit(server.ensure_running).result() for _ in range(8)}) == 1
    assert server.stop()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("delay", [0.05, 0.15, 0.3, 0.5])
def test_a_starter_killed_at_any_moment_leaves_nothing_in_the_way(folder: Path, delay: float) -> None:
    child = _child(START_AND_STAY, folder)
    time.sleep(0.15 + delay)  # the interpreter's own start
    child.kill()
    child.communicate()
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    assert ask(server, "SELECT 1") == "1"
    assert server.stop()
    assert not server.status().running


def test_nobody_stops_it_under_another_process(folder: Path) -> None:
    child = _child(START_AND_STAY, folder)
    assert child.stdout is not None
    assert child.stdout.readline().strip().isdigit()
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    assert not server.stop()
    assert server.status().running
    assert server.data in embedded._joined  # still counts as a user itself
    child.kill()
    child.communicate()
    assert server.stop()
    assert not server.status().running


def test_it_outlives_the_command_that_started_it(folder: Path) -> None:
    child = _child(START, folder)
    child.communicate(timeout=60)
    server = EmbeddedServer(folder, fast=True)
    assert server.status().running
    assert server.stop()


def test_a_hold_ends_with_its_block(folder: Path) -> None:
    holder, other = EmbeddedServer(folder, fast=True), EmbeddedServer(folder, fast=True)
    with holder.hold():
        holder.close()
        assert not other.stop()
    assert other.stop()


def test_data_survive_a_restart(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.ensure_running()
    with psycopg.connect(server.conninfo("admin", "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.stop()
    again = EmbeddedServer(folder)
    again.ensure_running()
    assert ask(again, "SELECT answer FROM kept") == "42"
    assert again.stop()
