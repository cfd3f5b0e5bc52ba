"""Collect the English texts of the product and bring both catalogues up to date (`make messages`).

New texts come in empty, texts that the product no longer says go out; nothing is guessed.
"""

import io
import sys
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ug", "zh")
# Flask-Babel's lazy forms, and the short name under which modules import them.
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
# No dates and no tool's version: a file changes only when a text does.
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Shipa\\n"
"Language: {}\\n"
"Plural-Forms: {}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def catalogue_path(language: str) -> Path:
    """Where the texts of a language stand."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def extract(root: Path = ROOT) -> Catalog:
    """All texts that the code and the templates say."""
    methods, options = _mappings(root)
    catalogue = Catalog()
    for folder in ("saas", "tenants"):
        found = extract_from_dir(root / folder, method_map=methods, options_map=options, keywords=KEYWORDS)
        for _, _, message, comments, context in found:
            catalogue.add(message, context=context, auto_comments=comments)
    return catalogue


def update(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with exactly the template's texts."""
    path = catalogue_path(language)
    catalogue = read(language) if path.exists() else Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    body = io.BytesIO()
    write_po(body, catalogue, width=0, sort_output=True, no_location=True, omit_header=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER.format(language, catalogue.plural_forms).encode() + body.getvalue())
    return catalogue


def is_open(message: Message) -> bool:
    """True when a text has no translation yet, or not in every number."""
    texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(message.id) and not all(texts)


def _mappings(root: Path) -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    """Which files hold texts, from pyproject.toml; its patterns begin at the root, ours at saas/."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    patterns = [(each["pattern"].removeprefix("saas/"), each) for each in settings]
    methods = [(pattern, each["method"]) for pattern, each in patterns]
    options = {pattern: {"silent": "false"} for pattern, each in patterns if "silent" in each}
    return methods, options


def main() -> None:
    """Update both catalogues and say what is left to translate; exit 1 when something is."""
    template = extract()
    empty = 0
    for language in LANGUAGES:
        for message in update(language, template):
            if is_open(message):
                sys.stdout.write(f"{language}: {message.id!r}\n")
                empty += 1
    sys.exit(1 if empty else 0)


if __name__ == "__main__":
    main()
