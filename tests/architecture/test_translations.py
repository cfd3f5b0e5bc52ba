"""Both catalogues are complete, equal to what the code says, and use the glossary's words."""

from __future__ import annotations

import csv
import os
import re
import typing

import pytest
from babel.messages.catalog import Catalog, Message

from saas.web import i18n
from translations import collect, reading

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GLOSSARY = collect.ROOT / "translations" / "glossary.csv"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+[^>]*>")
_ISOLATED = re.compile("[\u2066\u2067\u2068]([^\u2066-\u2069]*)\u2069")
_JOINED_DIGITS = re.compile(r"\d[-–—]\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Arabic and Persian keyboards have look-alikes of some of these.
_UYGHUR = frozenset("ئابتجچخدرزژسشغفقكگڭلمنھەوۇۆۈۋېىيپ،؛؟")


@pytest.fixture(params=collect.LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Each language's catalogue."""
    return collect.read(request.param)


def faults(catalogue: Catalog, said: Catalog) -> list[str]:
    """Everything that is wrong with a catalogue, for what the code says."""
    found = [f"obsolete: {key}" for key in catalogue.obsolete]
    keys = {(message.context, message.id) for message in catalogue if message.id}
    wanted = {(message.context, message.id) for message in said if message.id}
    found += [f"not in the catalogue: {key}" for key in sorted(wanted - keys, key=str)]
    found += [f"no longer said: {key}" for key in sorted(keys - wanted, key=str)]
    for message in catalogue:
        if message.id:
            found += [f"{fault}: {message.id!r}" for fault in _of(message, str(catalogue.locale))]
    return found


def _of(message: Message, language: str) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if collect.is_open(message):
        yield "missing"
        return
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    for text in texts:
        if sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(originals[-1])):
            yield "placeholders differ"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(originals[-1])):
            yield "tags differ"
        if text[:1].isspace() or text[-1:].isspace():
            yield "space at an end"
        yield from _script(text, language)


def _script(text: str, language: str) -> Iterator[str]:
    """The right letters, and in Uyghur lines left-to-right pieces isolated."""
    if language == "zh":
        if _ARABIC.search(text) or not _HAN.search(text):
            yield "not Chinese"
        return
    if _HAN.search(text) or not _ARABIC.search(text):
        yield "not Uyghur"
    foreign = set(_ARABIC.findall(text)) - _UYGHUR
    if foreign:
        yield f"letters of another language {sorted(foreign)}"
    rest = _ISOLATED.sub("", text)
    if _JOINED_DIGITS.search(rest) or _PLACEHOLDER.search(rest):
        yield "a number or placeholder is not isolated"


def test_nothing_is_missing_or_left_over(catalogue: Catalog) -> None:
    assert faults(catalogue, collect.extract()) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "missing"),
        ("保存", "placeholders differ"),
        ("<b>%(x)s</b> 保存", "tags differ"),
        ("save %(x)s", "not Chinese"),
        (" 保存 %(x)s", "space at an end"),
    ],
)
def test_a_planted_fault_is_found(text: str, fault: str) -> None:
    said, planted = Catalog(), Catalog(locale="zh")
    said.add("Save %(x)s")
    planted.add("Save %(x)s", text)
    assert any(fault in found for found in faults(planted, said))


def test_texts_unknown_left_over_and_fuzzy_are_found() -> None:
    said, planted = Catalog(), Catalog(locale="ug")
    said.add("Save")
    planted.add("Print", "بېسىپ چىقار", flags=["fuzzy"])
    found = "\n".join(faults(planted, said))
    assert "not in the catalogue" in found
    assert "no longer said" in found
    assert "fuzzy" in found


def test_a_date_after_uyghur_letters_must_be_isolated() -> None:
    said, planted = Catalog(), Catalog(locale="ug")
    said.add("since %(day)s")
    planted.add("since %(day)s", "%(day)s دىن بېرى")
    assert any("not isolated" in found for found in faults(planted, said))


def test_a_text_in_any_form_of_gettext_is_collected(tmp_path: Path) -> None:
    folder = tmp_path / "saas" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_bytes((collect.ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "saas" / "a.py").write_text(
        '_l("one"); lazy_gettext("two"); ngettext("a day", "days", 2); lazy_pgettext("noun", "open")'
    )
    (folder / "page.html").write_text('{{ _("three") }}{% trans %}four{% endtrans %}')
    ids = {(message.context, message.id) for message in collect.extract(tmp_path) if message.id}
    assert ids == {
        (None, "one"),
        (None, "two"),
        (None, ("a day", "days")),
        ("noun", "open"),
        (None, "three"),
        (None, "four"),
    }


def _glossary() -> dict[str, dict[str, set[str]]]:
    terms: dict[str, dict[str, set[str]]] = {}
    with GLOSSARY.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            words = terms.setdefault(row["en"].casefold(), {"ug": set(), "zh": set()})
            for language in ("ug", "zh"):
                words[language].add(row[language])
    return terms


# Where the glossary's word means something else.
GLOSSARY_EXCEPTIONS = {
    "Name",  # of a person; the glossary's is that of a thing
    "Region",  # the highest line of an address, province or autonomous region
    "Not found",  # of an illness at an examination; the glossary's is of what was searched
    "open",  # a state; the glossary's is the verb
}


def other_words(catalogue: Catalog) -> set[str]:
    """The terms of the glossary that a catalogue says with another word."""
    terms, language = _glossary(), str(catalogue.locale)
    return {
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.id.casefold() in terms
        and message.string not in terms[message.id.casefold()][language]
    }


def test_a_term_of_the_glossary_is_said_with_its_word(catalogue: Catalog) -> None:
    assert other_words(catalogue) == GLOSSARY_EXCEPTIONS


def test_another_word_for_a_term_is_found() -> None:
    planted = Catalog(locale="zh")
    planted.add("Save", "储存")
    assert other_words(planted) == {"Save"}


def test_the_pages_for_readers_are_up_to_date() -> None:
    folder = collect.ROOT / "translations"
    assert (folder / "GLOSSARY.md").read_text(encoding="utf-8") == reading.glossary()
    assert (folder / "REVIEW.md").read_text(encoding="utf-8") == reading.review()


def test_a_catalogue_is_compiled_when_it_is_missing_or_old(tmp_path: Path) -> None:
    source = tmp_path / "ug" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(collect.catalogue_path("ug").read_bytes())
    i18n.compile_catalogues(tmp_path)
    compiled = source.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    i18n.compile_catalogues(tmp_path)
    assert compiled.stat().st_mtime_ns == first
    compiled.write_bytes(b"")
    os.utime(compiled, (0, 0))
    i18n.compile_catalogues(tmp_path)
    assert compiled.stat().st_size > 0
