"""What a medical reviewer must look at: rules and codes that are not sure (``shipa forms review``)."""

from __future__ import annotations

import typing

from saas.formkit import texts
from saas.formkit.declaring import Form, fields_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = """# For review by a medical reviewer

Made by `shipa forms review`. Nothing here is hidden from doctors either: a finding shows its source, and
after it whether the source is the project's own choice or unsure.

## Rules

| Source of the rule | Certainty |
| --- | --- |
"""
CODES = """
## Codes

To be verified before any exchange; those that are sure are left out.

| Field | System | Code |
| --- | --- | --- |
"""


def page(forms: Iterable[type[Form]]) -> str:
    """The page in English, with every source and code of these forms that is not sure."""
    forms = tuple(forms)
    with texts.speaking("en"):
        rules = sorted(set(_rules(forms)))
    return HEAD + "".join(rules) + CODES + "".join(sorted(set(_codes(forms))))


def _rules(forms: Iterable[type[Form]]) -> Iterator[str]:
    for form in forms:
        for source in (*form.about.sources.values(), *texts.SOURCES.values()):
            if source.certainty != "sure":
                yield f"| {source.text} | {source.certainty} |\n"


def _codes(forms: Iterable[type[Form]]) -> Iterator[str]:
    for form in forms:
        for name, field in fields_of(form).items():
            for code in field.codes:
                if code.certainty != "sure":
                    yield f"| {form.about.code}.{name} | {code.system} | {code.code} |\n"
