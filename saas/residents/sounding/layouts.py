"""A forgotten switch of the keyboard: what the same keys write on the other layout.

Source: Debian xkb-data, symbols/cn, variant ug.
"""

from __future__ import annotations

_KEYS = dict(zip("qwertyuiopasdfghjklzxcvbnm/", "چۋېرتيۇڭوپھسداەىقكلزشغۈبنمئ", strict=True))
_SHIFTED = dict(zip("DFGHJK", "ژفگخجۆ", strict=True))
# Shift with any other letter types nothing there; people who see capitals mean the plain key.
_TO_UYGHUR = str.maketrans({key.upper(): sign for key, sign in _KEYS.items()} | _KEYS | _SHIFTED)
_TO_LATIN = str.maketrans(
    {sign: key for key, sign in _KEYS.items()} | {sign: key.lower() for key, sign in _SHIFTED.items()}
)


def as_uyghur(text: str) -> str:
    """What these Latin letters are on the Uyghur layout; capitals are looked at before they are folded."""
    return text.translate(_TO_UYGHUR)


def as_latin(text: str) -> str:
    """What these Uyghur letters are on the Latin layout."""
    return text.translate(_TO_LATIN)
