"""Whether the reason for a correction says something, in whichever script it is written."""

from __future__ import annotations

import unicodedata

HAN, OTHERS = 2, 5
"""So many Chinese characters, or so many letters and digits of other scripts, are enough.

A word that is a reason has two characters in Chinese (重复, 更正) and five letters or more in Uyghur and
English (تەكرار, wrong); the project's own choice. In a text of both, two characters count as five letters.
"""


def says_enough(reason: str) -> bool:
    """True for 2 Chinese characters or 5 other letters or digits; blanks and signs say nothing."""
    said = [sign for sign in reason if unicodedata.category(sign)[0] in "LN"]
    han = sum(unicodedata.name(sign, "").startswith("CJK ") for sign in said)
    return han * OTHERS + (len(said) - han) * HAN >= HAN * OTHERS
