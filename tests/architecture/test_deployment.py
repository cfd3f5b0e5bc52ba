"""The files of `deploy/` and the page about them agree with what the code asks for and offers."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

from saas.app import create_app
from saas.config import Settings
from saas.web.watch import PATHS
from tenants.checking import _SETTINGS
from tenants.commands.serve import KEPT_FROM_THE_WEB
from tenants.pool import engine_options
from tenants.settings import TenantSettings

if typing.TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "deployment.md"
NOT_A_SETTING = {"data_checksums"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, connected to nothing."""
    folder = tmp_path_factory.mktemp("data")
    return create_app(Settings.from_env({"SHIPA_DATA": str(folder)}), TenantSettings(folder, folder / "key"))


def conf() -> dict[str, str]:
    """The settings of the file for PostgreSQL."""
    lines = re.findall(r"(?m)^([a-z_]+) = (.*)$", (DEPLOY / "postgresql.conf").read_text())
    return {name: value.strip("'") for name, value in lines}


def test_the_settings_are_those_that_the_check_asks_for() -> None:
    values = conf()
    for setting in _SETTINGS:
        if setting.name not in NOT_A_SETTING:
            assert setting.holds(values[setting.name]), setting.name
    assert "--data-checksums" in PAGE.read_text()


def test_units_call_commands_that_there_are(built: Flask) -> None:
    seen = 0
    for unit in DEPLOY.glob("*.service"):
        (line,) = re.findall(r"(?m)^ExecStart=(.*)$", unit.read_text())
        program, *words = line.split()
        if program.endswith("/shipa"):
            seen += 1
            command: typing.Any = built.cli.commands[words[0]]
            if words[0] == "audit":
                assert words[1] in command.commands
            options = {name for option in command.params for name in option.opts}
            assert {word for word in words if word.startswith("--")} <= options
        elif program.startswith("/srv/shipa/deploy/"):
            assert (DEPLOY / Path(program).name).exists()
    assert seen == 3


@pytest.mark.parametrize("unit", ["shipa-web.service", "shipa-worker.service"])
def test_neither_web_nor_worker_is_given_the_owners_address(unit: str) -> None:
    text = (DEPLOY / unit).read_text()
    (file,) = re.findall(r"(?m)^EnvironmentFile=/etc/shipa/(.*)$", text)
    made = re.findall(rf"(?s)> /etc/shipa/{re.escape(file)}$", PAGE.read_text(), re.MULTILINE)
    assert made, f"the page makes no {file}"
    assert not [name for name in KEPT_FROM_THE_WEB if name in text]
    assert "User=shipa\n" in text


def nginx(name: str) -> str:
    """One directive of the file for nginx."""
    (value,) = re.findall(rf"(?m)^\s*{name} (.*);$", (DEPLOY / "nginx.conf").read_text())
    return str(value)


def test_the_proxy_lets_through_what_the_application_takes_and_keeps_it_in_memory(built: Flask) -> None:
    limits = [getattr(view, "upload_limit", 0) for view in built.view_functions.values()]
    largest = max([*limits, built.config["MAX_CONTENT_LENGTH"]])
    assert int(nginx("client_max_body_size").removesuffix("m")) * 1024 * 1024 > largest
    assert nginx("client_body_buffer_size") == nginx("client_max_body_size")
    assert nginx("proxy_max_temp_file_size") == "0"


def test_the_proxy_waits_longer_than_the_application(built: Flask) -> None:
    pool = engine_options(built.extensions["building"].logins, "web")["pool_timeout"]
    assert int(nginx("proxy_read_timeout").removesuffix("s")) > pool + 5


def test_the_logs_of_the_proxy_name_no_address() -> None:
    (shape,) = re.findall(r"log_format shipa '(.*)';", (DEPLOY / "nginx.conf").read_text())
    names = set(re.findall(r"\$(\w+)", shape))
    assert names <= {"time_iso8601", "status", "request_method", "request_time", "body_bytes_sent"}
    assert nginx("error_log").endswith(" crit")


def test_figures_are_not_shown_outside() -> None:
    assert "/metrics" in PATHS
    assert "location = /metrics { return 404; }" in (DEPLOY / "nginx.conf").read_text()


def test_the_page_names_files_and_variables_that_there_are() -> None:
    text = PAGE.read_text()
    for name in re.findall(r"deploy/([a-z][a-z.-]+)", text):
        assert (DEPLOY / name).exists(), name
    code = "".join(
        file.read_text()
        for file in [
            ROOT / "saas/config.py",
            ROOT / "tenants/settings.py",
            ROOT / "tenants/commands/serve.py",
            *DEPLOY.iterdir(),
        ]
    )
    named = set(re.findall(r"\bSHIPA_[A-Z_]+", text))
    login = {f"SHIPA_{name}_URL" for name in ("ADMIN", "OWNER", "WEB", "GATE", "JOBS", "AGG", "REGION")}
    assert {name for name in named - login if name not in code} == set()
