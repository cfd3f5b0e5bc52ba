"""What holds on every page, whatever its status: `check_page` raises with all that does not."""

from __future__ import annotations

import functools
import re
import typing
from collections import Counter
from xml.etree.ElementTree import Comment

import html5lib

from saas.web.i18n import TONGUES
from translations import collect

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from saas.web.i18n import Language

# After Uyghur letters the bidi algorithm shows 2026-03-05 as 05-03-2026 unless it is isolated.
_JOINED_DIGITS = re.compile(r"\d\s?[-–—]\s?\d")
_ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_SAID_ATTRIBUTES = ("aria-label", "alt", "placeholder", "title", "value")
_UNSAID: set[object] = {"script", "style", "head", Comment}
_NOT_LABELLED = {"hidden", "submit", "button", "reset", "image"}


PRINTED_IN_HER_LANGUAGE = {"residents.who_opened_print"}
"""Pages in the language of the resident's prints, whatever language the staff member reads."""

HERS: Language = "ug"
"""The language of prints of the resident of every furnished clinic of the tests."""


def check_page(html: str, language: Language) -> None:
    """Raise AssertionError with every fault of a page that was shown in this language."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    faults = [f"nesting: {code} at {position}" for position, code, _ in parser.errors]
    for check in (_frame, _ids, _labels, _forms, _inline):
        faults += check(root)
    faults += _language(root, language)
    faults += _untranslated(root, language)
    if language == "ug":
        faults += _unisolated(root)
    assert not faults, "\n".join(faults)


def _frame(root: Element) -> Iterator[str]:
    headings = len(root.findall(".//h1"))
    if headings != 1:
        yield f"{headings} h1"
    if not "".join(root.findtext("head/title") or "").strip():
        yield "no title"


def _language(root: Element, language: Language) -> Iterator[str]:
    tongue = TONGUES[language]
    if (root.get("lang"), root.get("dir")) != (tongue.html_lang, tongue.direction):
        yield f"lang={root.get('lang')} dir={root.get('dir')}"


def _ids(root: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in root.iter() if element.get("id"))
    for name, count in counts.items():
        if count > 1:
            yield f"id {name} stands {count} times"
    for element in root.iter():
        for attribute in ("for", "aria-describedby", "aria-controls", "aria-labelledby", "form"):
            for name in (element.get(attribute) or "").split():
                if name not in counts:
                    yield f"{element.tag} {attribute}={name} leads nowhere"


def _labels(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label")}
    inside = {control for label in root.iter("label") for control in label.iter()}
    for control in root.iter():
        if control.tag not in {"input", "select", "textarea"}:
            continue
        if control.get("type") in _NOT_LABELLED or control in inside:
            continue
        if control.get("id") not in labelled and not control.get("aria-label"):
            yield f"{control.tag} {control.get('name')} has no label"


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
        if not any(token.get("value") for token in tokens):
            yield f"form {form.get('action')} has no CSRF token"


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter():
        handlers = [name for name in element.attrib if name.startswith("on")]
        if handlers or element.get("style") or element.tag == "style":
            yield f"inline style or handler on {element.tag} {handlers}"
        if element.tag == "script" and not element.get("src"):
            yield "inline script"


def _texts(element: Element, *, isolated: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text of the body, and whether it is isolated: left to right, or in bdi by its own letters."""
    if element.tag in _UNSAID:
        return
    isolated = isolated or element.get("dir") == "ltr" or element.tag in {"bdi", "textarea"}
    for attribute in _SAID_ATTRIBUTES:
        said = element.get(attribute)
        hidden = attribute == "value" and element.get("type") in {None, "hidden", "radio", "checkbox"}
        if said and not hidden:
            # What a person typed stands in `value` with a direction of its own.
            yield said, isolated or attribute == "value"
    yield (element.text or ""), isolated
    for child in element:
        yield from _texts(child, isolated=isolated)
        yield child.tail or "", isolated


def _unisolated(root: Element) -> Iterator[str]:
    for text, isolated in _texts(_body(root)):
        if not isolated and _JOINED_DIGITS.search(_ISOLATED.sub("", text)):
            yield f"not isolated: {text.strip()!r}"


def _untranslated(root: Element, language: Language) -> Iterator[str]:
    english = _english(language)
    for text, _ in _texts(_body(root)):
        if " ".join(text.split()) in english:
            yield f"not translated: {text.strip()!r}"


@functools.cache
def _english(language: Language) -> frozenset[str]:
    ids = (
        (message.id if isinstance(message.id, str) else message.id[0], message.string)
        for message in collect.read(language)
    )
    return frozenset(text for text, translated in ids if text and text != translated)


def _body(root: Element) -> Element:
    body = root.find("body")
    assert body is not None
    return body
