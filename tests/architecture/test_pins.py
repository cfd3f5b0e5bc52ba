"""Everything that is installed is pinned by hash, and no file says where it is downloaded from."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = json.loads((ROOT / "package-lock.json").read_text())


def pinned(name: str) -> dict[str, int]:
    """Return the packages of a requirements file, each with its number of hashes."""
    blocks = re.split(r"\n(?=[a-z])", (ROOT / "requirements" / name).read_text())
    return {re.split(r"[=\[ ]", block, maxsplit=1)[0]: block.count("--hash=sha256:") for block in blocks}


def test_every_python_package_has_a_hash() -> None:
    for name in ("base.txt", "dev.txt"):
        assert [package for package, hashes in pinned(name).items() if hashes == 0] == []


def test_what_the_project_names_is_pinned() -> None:
    groups = PROJECT["dependency-groups"]
    base = {name.split("[")[0] for name in [*PROJECT["project"]["dependencies"], *groups["build"]]}
    assert base <= pinned("base.txt").keys()
    assert base | set(groups["dev"]) <= pinned("dev.txt").keys()


def test_both_files_agree_on_versions() -> None:
    versions = [
        set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("base.txt", "dev.txt")
    ]
    assert versions[0] <= versions[1]


def test_every_npm_package_has_a_hash_and_no_address() -> None:
    # What a package carries inside itself is covered by its own hash.
    packages = {
        path: package for path, package in LOCK["packages"].items() if path and "inBundle" not in package
    }
    assert len(packages) > 30
    assert [path for path, package in packages.items() if "integrity" not in package] == []
    assert [path for path, package in packages.items() if "resolved" in package] == []


def test_no_requirement_names_an_index() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert not re.search(
            r"://|^\s*-(i|f)\b|--\S*(index|find-links|trusted)", path.read_text(), re.MULTILINE
        )
