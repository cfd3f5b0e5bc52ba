"""The cleaner: the first step of every key. What is stored as a name is never rewritten by it."""

from __future__ import annotations

import re
import unicodedata

UNSURE_HEH = "ه"
"""Typed for the vowel ە and for the consonant ھ alike, so it stays apart from both."""

_HAMZA_CARRIERS = re.compile("[ىيی]\N{ARABIC HAMZA ABOVE}")
_HEH_AS_VOWEL = re.compile("\N{ARABIC LETTER HEH}\N{ZERO WIDTH NON-JOINER}")
_ONE_LETTER = str.maketrans(
    dict.fromkeys("ةۀہ", UNSURE_HEH)
    | dict.fromkeys("کڪ", "ك")
    | dict.fromkeys("أآٱ", "ا")
    | {"إ": "ى", "ی": "ى", "ؤ": "و", "\N{ARABIC TATWEEL}": None}
)
_SEPARATORS = re.compile(r"[\s·•.‧・᛫⸱∙⋅･\-‐‑–—,،_]+")
_HANZI = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HANZI}]+|[^{_HANZI}]+")
_OF_HANZI = re.compile(f"[{_HANZI}]+")
# Nearly every stored name: nothing in it needs a look at each sign.
_CLEAN = re.compile("[ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي\u4e00-\u9fffA-Za-z' ·]*")
_LEFT_OUT = {"Cf", "Cc", "Mn", "Cs"}


def cleaned(text: str) -> str:
    """The text as one keyboard would have written it (case and apostrophes stay).

    NFKC; decomposed ئ composed; U+0647 with ZWNJ read as ە; marks, invisible characters and tatweel
    removed; the code points of Arabic and Persian keyboards mapped to the Uyghur letters.
    """
    if _CLEAN.fullmatch(text):
        return text
    text = _HAMZA_CARRIERS.sub("ئ", unicodedata.normalize("NFKC", text))
    text = _HEH_AS_VOWEL.sub("ە", text)
    kept = (sign for sign in text if unicodedata.category(sign) not in _LEFT_OUT or sign == "\n")
    return "".join(kept).translate(_ONE_LETTER)


def parts_of(text: str) -> list[str]:
    """The words of a cleaned name: between separators, and where hanzi meet letters."""
    return [run for word in _SEPARATORS.split(text) if word for run in _RUNS.findall(word)]


def is_hanzi(part: str) -> bool:
    """True for a part that is written in Chinese characters."""
    return _OF_HANZI.fullmatch(part) is not None


def is_arabic(part: str) -> bool:
    """True for a part that is written in Arabic letters."""
    return any("\u0600" <= sign <= "\u06ff" for sign in part)


def is_latin(part: str) -> bool:
    """True for a part with at least one Latin letter."""
    return any(sign.isalpha() and sign < "\u0250" for sign in part)
