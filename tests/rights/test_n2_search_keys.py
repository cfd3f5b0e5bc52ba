"""Rights N2: the keys of names are of the same kinds for every script, and serve finding alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from saas.residents.models import ResidentName

ROOT = Path(__file__).resolve().parents[2]
KINDS = set("bcdiy")
NAMES = ("阿力米罕·试", "ئالىمخان سىناق", "مەمەت سىناق", "ۋاڭ شىلەن", "王试兰", "Test Aygül", "试古丽 Aygül")


def keyed(text: str) -> ResidentName:
    """A name with its keys."""
    name = ResidentName(text=text)
    name.follow_text(text)
    return name


@pytest.mark.parametrize("text", NAMES)
def test_every_key_is_computed_for_every_script(text: str) -> None:
    name = keyed(text)
    assert name.search_key
    assert name.sounds
    kinds = {key[0] for key in name.find_keys}
    assert kinds >= KINDS
    assert kinds & {"s", "m"}


def test_the_version_of_the_keys_is_the_same_for_every_script() -> None:
    assert len({keyed(text).key_version for text in NAMES}) == 1


def test_the_keys_are_read_by_the_search_alone() -> None:
    """No list, count, filter or report looks at how a name sounds or is written."""
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "saas").rglob("*.py")
        if re.search(r"ResidentName\.(?:find_keys|search_key|key_version)\b", path.read_text("utf-8"))
    }
    assert readers == {"saas/residents/commands.py", "saas/residents/searching/candidates.py"}
