"""What is shipped to browsers is understood by Chromium 80: asked of Chromium 80 itself.

What it cannot tell by itself is listed here: a gap between flex items (it knows `gap` for grids
only) and names of newer functions in the script.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.old_browser import OldBrowser

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
SHEETS = ("app.ltr.css", "app.rtl.css")
# Unknown to Chromium 80 and harmless there.
HARMLESS = {
    "accent-color": "colours of check boxes only",
    "color-adjust": "stands beside -webkit-print-color-adjust",
    "color-scheme": "colours of scroll bars only",
    "text-decoration-thickness": "looks of links only",
    "text-underline-offset": "looks of links only",
}
# Written by Chromium's rivals or for them; every browser skips what bears another's name.
RIVALS = re.compile(r"-moz-|-ms-|-o-")
NEWER_NAMES = re.compile(
    r"\.(replaceAll|replaceChildren|submitter|hasOwn|findLast|findLastIndex|toSorted|toReversed"
    r"|toSpliced|groupBy|checkVisibility|showPopover|togglePopover|inert|getHTML|setHTMLUnsafe"
    r"|startViewTransition|cookieStore|randomUUID)\b|\.at\(|\bPromise\.any\b|\bAbortSignal\."
    r"|\b(structuredClone|WeakRef|FinalizationRegistry|AggregateError|CSSStyleSheet|Segmenter"
    r"|DisplayNames|scheduler)\b"
)
ASK = """(rules => {
  const refused = [];
  for (const { selectors, declarations } of rules) {
    for (const selector of selectors)
      try { document.querySelector(selector) } catch { refused.push(selector) }
    for (const [name, value] of declarations)
      if (!CSS.supports(name, value)) refused.push(`${selectors}: ${name}: ${value}`);
  }
  return refused;
})"""


class Rule(NamedTuple):
    """A style rule: its selectors, and its declarations as name and value."""

    selectors: list[str]
    declarations: list[list[str]]


def shipped(name: str) -> str:
    """Return the text of a built file, named as in the manifest."""
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return (DIST / manifest[name]).read_text()


def split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside quotes and brackets."""
    token = re.compile(rf'"[^"]*"|\'[^\']*\'|[()\[\]]|{separator}|.', re.DOTALL)
    parts, depth = [""], 0
    for piece in token.findall(text):
        depth += (piece in "([") - (piece in ")]")
        if piece == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]


def rules(sheet: str) -> Iterator[Rule]:
    """Yield the style rules of a minified style sheet, those inside @media and @supports too."""
    plain = re.sub(r"@(font-face|page)[^{]*\{[^}]*\}|@keyframes[^{]*\{(?:[^{}]*\{[^}]*\})*\}", "", sheet)
    for head, body in re.findall(r"([^{};]+)\{([^{}]*)\}", plain):
        declarations = [[half.strip() for half in part.split(":", 1)] for part in split(body, ";")]
        yield Rule(split(head, ","), [each for each in declarations if not each[0].startswith("--")])


def flex_gaps(sheet: str) -> list[str]:
    """Return the selectors of rules that set a gap without being a grid themselves."""
    return [
        ",".join(rule.selectors)
        for rule in rules(sheet)
        if {"gap", "row-gap", "column-gap"} & {name for name, _ in rule.declarations}
        and not any("grid" in value for name, value in rule.declarations if name == "display")
        and not all(".d-grid" in selector for selector in rule.selectors)
    ]


def at_rules(sheet: str) -> set[str]:
    return set(re.findall(r"@[a-z-]+", sheet))


def ask(browser: OldBrowser, sheet: str) -> list[str]:
    """Return what Chromium 80 refuses, less what is known to do no harm."""
    asked = []
    for rule in rules(sheet):
        names = {name for name, _ in rule.declarations}
        asked.append(
            {
                "selectors": [words for words in rule.selectors if not RIVALS.search(words)],
                "declarations": [
                    [name, value.replace("!important", "").strip()]
                    for name, value in rule.declarations
                    if name not in HARMLESS
                    and f"-webkit-{name}" not in names
                    and not RIVALS.search(f"{name}:{value}")
                ],
            }
        )
    refused: list[str] = browser.eval(f"{ASK}({json.dumps(asked)})")
    return refused


@pytest.fixture(scope="module")
def browser() -> Iterator[OldBrowser]:
    with OldBrowser() as browser:
        yield browser


@pytest.mark.parametrize("name", SHEETS)
def test_chromium_80_understands_every_rule(browser: OldBrowser, name: str) -> None:
    assert len(list(rules(shipped(name)))) > 100
    assert ask(browser, shipped(name)) == []


@pytest.mark.parametrize("name", SHEETS)
def test_no_gap_between_flex_items_and_only_old_at_rules(name: str) -> None:
    assert flex_gaps(shipped(name)) == []
    assert at_rules(shipped(name)) <= {"@charset", "@font-face", "@keyframes", "@media", "@page", "@supports"}


def test_chromium_80_reads_the_script(browser: OldBrowser) -> None:
    script = shipped("app.js")
    assert NEWER_NAMES.findall(script) == []
    assert browser.eval(f"typeof new Function({json.dumps(script)})") == "function"


@pytest.mark.parametrize(
    "sheet",
    [
        ".a:is(b,c){color:red}",
        ".a:focus-visible,.b{color:red}",
        "@media print{.a:not(.b:first-child){color:red}}",
        ".a{inset:0}",
        ".a{aspect-ratio:16/9}",
        ".a{margin-inline:auto}",
        ".a{height:100dvh}",
        ".a{color:color-mix(in srgb,red,blue)}",
    ],
)
def test_a_newer_rule_is_seen(browser: OldBrowser, sheet: str) -> None:
    assert ask(browser, sheet) != []


def test_a_gap_between_flex_items_and_a_newer_name_are_seen() -> None:
    assert flex_gaps("@media print{.a{display:flex;gap:1rem}}") == [".a"]
    assert flex_gaps(".a{display:grid;gap:1rem}") == []
    assert NEWER_NAMES.search("x.replaceAll('a','b')")
    assert NEWER_NAMES.search("crypto.randomUUID()")
