"""Written forms of a name: what is refused, and the key that finds any part as it is written."""

from __future__ import annotations

import re
import unicodedata

from saas.residents.rules.finding import Finding, blocking

LONGEST = 100
"""Characters of one written form (民委发〔2016〕33号 asks for at least 50)."""

_SEPARATORS = re.compile(r"[\s·•.‧・᛫⸱∙⋅･'’ʼ`\-‐‑–—,،]+")
_HAMZA_CARRIERS = re.compile("[ىيی]\N{ARABIC HAMZA ABOVE}")
_HEH_AS_VOWEL = re.compile("\N{ARABIC LETTER HEH}\N{ZERO WIDTH NON-JOINER}")
# One letter that several keyboards write with several code points; folded in keys only.
_SAME_LETTER = str.maketrans(
    dict.fromkeys("ەهھةۀہ", "ه") | dict.fromkeys("ىيی", "ى") | dict.fromkeys("كکڪ", "ك")
)
# Radicals and description characters stand for rare hanzi that a machine cannot write otherwise.
_RADICALS = range(0x2E80, 0x3000)
# Hanzi that are younger than Python's own character table.
_YOUNG_HANZI = range(0x20000, 0x40000)


def search_key(text: str) -> str:
    """The first step of the name keys: the same key for texts that look the same.

    Compatibility forms are resolved, case is folded, marks and invisible characters go, the code
    points that different keyboards use for one Uyghur letter are one, separators are left out.
    Source: the cleaner in the project's notes on Uyghur text (§2), run there on real typing.
    """
    key = _HAMZA_CARRIERS.sub("ئ", unicodedata.normalize("NFKC", text))
    key = _HEH_AS_VOWEL.sub("ە", key).casefold()
    key = "".join(sign for sign in key if unicodedata.category(sign) not in {"Cf", "Cc", "Mn"})
    return _SEPARATORS.sub("", key.replace("ـ", "").translate(_SAME_LETTER))


def query_keys(words: str) -> list[str]:
    """The keys that must all occur in one name: one for each word, so that their order is free."""
    parts = (search_key(part) for part in _SEPARATORS.split(unicodedata.normalize("NFKC", words)))
    return list(dict.fromkeys(part for part in parts if part))


def has_letter(text: str) -> bool:
    """True when there is at least one letter of any script."""
    return any(unicodedata.category(sign).startswith(("L", "Co")) for sign in text)


def findings(text: str, field: str) -> list[Finding]:
    """Refuse what is no name: over 100 characters, pictures, no letter at all.

    Any script is accepted, and so are private-use characters: older systems write rare surnames so.
    """
    if len(text) > LONGEST:
        return [blocking("too-long", field, longest=str(LONGEST), length=str(len(text)))]
    pictures = [sign for sign in text if _is_picture(sign)]
    if pictures:
        return [blocking("no-pictures", field, sign=pictures[0])]
    return [] if has_letter(text) else [blocking("no-letter", field)]


def _is_picture(sign: str) -> bool:
    """True for emoji and other symbols, line breaks, lone surrogates, and what is no character."""
    category = unicodedata.category(sign)
    if category == "Cn":
        return ord(sign) not in _YOUNG_HANZI
    return category in {"So", "Cs", "Me", "Cc"} and ord(sign) not in _RADICALS
