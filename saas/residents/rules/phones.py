"""Phone numbers: kept as typed, compared by their digits; several people may share one."""

from __future__ import annotations

import re
import unicodedata

from saas.residents.rules.finding import Finding, blocking

_FILLING = re.compile(r"[\s\-‐‑–—().·/]+")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_CHINA = re.compile(r"(?:\+86|0086)(?=[0-9]{10,12}$)")


def normalised(text: str) -> str:
    """The digits that are compared: no spaces or dashes, without China's own country code."""
    return _CHINA.sub("", _FILLING.sub("", unicodedata.normalize("NFKC", text)))


def findings(text: str, field: str) -> list[Finding]:
    """Refuse what has not 5 to 15 digits; spaces, dashes, brackets and a leading + are fine."""
    if _NUMBER.fullmatch(normalised(text)) is None:
        return [blocking("no-phone", field)]
    return []
