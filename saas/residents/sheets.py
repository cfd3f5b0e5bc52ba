"""The sheets on which consent is asked: texts as data, in both languages, each with its edition.

A published edition is never changed: a consent says which words were read. Other words are a new one.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import importlib.resources
import typing

from saas.web.i18n import TONGUES

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.web.i18n import Language

EXPLAINED = ("purpose", "content", "alternatives", "risks", "stopping", "free")
"""What every sheet says, in this order (rights I2)."""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One edition of one question in one language."""

    edition: str
    purpose: str
    language: Language
    texts: Mapping[str, str]
    labels: Mapping[str, str]

    @property
    def html_lang(self) -> str:
        """The page's name of the language."""
        return TONGUES[self.language].html_lang

    @property
    def direction(self) -> str:
        """Uyghur is written from right to left, also on a Chinese page."""
        return TONGUES[self.language].direction

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Heading and text of each part."""
        return [(self.labels[part], self.texts[part]) for part in EXPLAINED]


def current(purpose: str, language: Language) -> Sheet:
    """The sheet that is read today: the last edition of the data. Raises IndexError for no such purpose."""
    edition = [row["edition"] for row in rows() if row["purpose"] == purpose][-1]
    texts = {row["part"]: row[language] for row in rows() if row["edition"] == edition}
    labels = {row["part"]: row[language] for row in rows() if not row["edition"]}
    return Sheet(edition, purpose, language, texts, labels)


@functools.cache
def rows() -> tuple[dict[str, str], ...]:
    """The texts of all editions, as they stand in the data."""
    text = importlib.resources.files("saas.residents").joinpath("data/consent_sheet.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
