"""The code tables of identity (``data/*.csv``, with their source) and their texts in both languages."""

from __future__ import annotations

import csv
import dataclasses
import functools
import importlib.resources
import typing

from flask_babel import lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Code:
    """One line of a code table; ``name_zh`` is the standard's own wording, for prints."""

    code: str
    name_zh: str
    name_en: str
    offered: bool
    source: str


SEX_LABELS: Mapping[str, object] = {
    "1": lazy_gettext("Male"),
    "2": lazy_gettext("Female"),
    "0": lazy_gettext("Unknown"),
    "9": lazy_gettext("Not stated"),
}
DOCUMENT_LABELS: Mapping[str, object] = {
    "01": lazy_gettext("Identity card"),
    "02": lazy_gettext("Household register"),
    "03": lazy_gettext("Passport"),
    "04": lazy_gettext("Officer card"),
    "05": lazy_gettext("Driving licence"),
    "06": lazy_gettext("Hong Kong and Macau travel permit"),
    "07": lazy_gettext("Taiwan travel permit"),
    "99": lazy_gettext("Other document"),
}
LANGUAGE_LABELS: Mapping[str, object] = {
    "ug": lazy_gettext("Uyghur"),
    "zh": lazy_gettext("Chinese"),
}
PLACEHOLDER_LABELS: Mapping[str, object] = {
    "": lazy_gettext("The name is known"),
    "newborn": lazy_gettext("Unnamed newborn"),
    "unknown": lazy_gettext("Unknown person"),
}


@functools.cache
def table(name: str) -> tuple[Code, ...]:
    """A code table in the order in which its codes are offered. Raises FileNotFoundError."""
    text = importlib.resources.files("saas.residents").joinpath(f"data/{name}.csv").read_text("utf-8")
    return tuple(
        Code(
            row["code"],
            row["name_zh"],
            row["name_en"],
            row.get("offered", "yes") == "yes",
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
