"""What the environment may say; a wrong value refuses to start and names its variable."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest

from saas.app import main
from saas.config import SettingError, Settings
from tenants import settings as places
from tenants.settings import TenantSettings

if typing.TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("url", "secure", "host"),
    [
        ("", False, "127.0.0.1:8000"),
        ("http://127.0.0.1:8165", False, "127.0.0.1:8165"),
        ("http://localhost/", False, "localhost"),
        ("http://[::1]:8000", False, "[::1]:8000"),
        ("https://records.example", True, "records.example"),
        ("https://records.example:8443/", True, "records.example:8443"),
    ],
)
def test_the_address_decides_about_cookies_and_host(url: str, host: str, *, secure: bool) -> None:
    settings = Settings.from_env({"SHIPA_URL": url})
    assert (settings.secure, settings.host) == (secure, host)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHIPA_URL", "http://records.example"),
        ("SHIPA_URL", "http://0.0.0.0:8000"),
        ("SHIPA_URL", "http://192.0.2.7"),
        ("SHIPA_URL", "http://127.0.0.1.example"),
        ("SHIPA_URL", "https://records.example/shipa"),
        ("SHIPA_URL", "records.example"),
        ("SHIPA_URL", "ftp://127.0.0.1"),
        ("SHIPA_DATA", "data"),
        ("SHIPA_OWNER_URL", "host/shipa"),
        ("SHIPA_WEB_URL", "mysql://host/shipa"),
        ("SHIPA_CLINIC_NUMBERS", "9-1"),
        ("SHIPA_CLINIC_NUMBERS", "0-9"),
        ("SHIPA_CLINIC_NUMBERS", "1-10000"),
        ("SHIPA_CLINIC_NUMBERS", "all"),
    ],
)
def test_a_wrong_value_is_refused_and_names_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: Callable[..., object] = Settings.from_env if name == "SHIPA_URL" else TenantSettings.from_env
    with pytest.raises((SettingError, places.SettingError), match=name):
        read({name: value})
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert name in capsys.readouterr().err


def test_each_clone_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    here = TenantSettings.from_env({})
    monkeypatch.setattr(places, "ROOT", Path("/elsewhere"))
    there = TenantSettings.from_env({})
    assert here.data.parent == there.data.parent == tmp_path / "shipa"
    assert here.data != there.data
    assert here.embedded
    assert here.master_key_file == here.data / "keys" / "master.key"
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert TenantSettings.from_env({}).data.parent == Path("/var/lib/shipa")
