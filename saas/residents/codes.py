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
    "P1": lazy_gettext("Residence permit (Hong Kong, Macau, Taiwan)"),
    "P2": lazy_gettext("Foreign permanent resident card"),
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
STANDING_LABELS: Mapping[str, object] = {
    "here": lazy_gettext("In care here"),
    "moved": lazy_gettext("Moved away"),
    "died": lazy_gettext("Died"),
    "left": lazy_gettext("Left, no longer comes"),
}
PURPOSE_LABELS: Mapping[str, object] = {
    "record": lazy_gettext("Keeping a health record"),
    "reminders": lazy_gettext("Reminders"),
    "sharing": lazy_gettext("Sharing on referral"),
    "hypertension": lazy_gettext("Hypertension service"),
    "diabetes": lazy_gettext("Type 2 diabetes service"),
    "elderly": lazy_gettext("Service for older people"),
}
GIVER_LABELS: Mapping[str, object] = {
    "self": lazy_gettext("The person herself or himself"),
    "guardian": lazy_gettext("A guardian, for a child or somebody who cannot decide"),
}
WAY_LABELS: Mapping[str, object] = {
    "paper": lazy_gettext("Signed on the printed sheet"),
    "typed": lazy_gettext("The name typed below"),
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
