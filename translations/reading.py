"""Write GLOSSARY.md and REVIEW.md from the word lists and the catalogues (`make messages`)."""

import csv
from collections.abc import Iterable, Sequence

from babel.messages.catalog import Message

from translations import collect

FOLDER = collect.ROOT / "translations"
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the word lists beside this file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def glossary() -> str:
    """The glossary as a page: the product's own words first, then the collected list."""
    own = table(
        ("Code word", "Means", "Chinese", "Uyghur"),
        ((row["code"], row["meaning"], row["zh"], row["ug"]) for row in rows("words.csv")),
    )
    collected = table(
        ("Key", "English", "Chinese", "Uyghur", "Source"),
        ((row["key"], row["en"], row["zh"], row["ug"], row["source"]) for row in rows("glossary.csv")),
    )
    return f"""# Glossary

Made by `make messages`; change `words.csv` or `glossary.csv` instead.

## The product's own words

One word per thing, the same in code, table, address, message and test.

{own}
## Collected words

`glossary.csv` was collected for this project in November 2026 from free catalogues; each row names its
source. `unreviewed` and `unsure` rows have none: a native reader must look at them before they are trusted.

{collected}"""


def review() -> str:
    """What the project translated itself, for a native reader."""
    known = {row["en"].casefold() for row in rows("glossary.csv")}
    chinese = {_key(message): message for message in collect.read("zh") if message.id}
    own = [
        (_english(message), _text(chinese[_key(message)]), _text(message))
        for message in collect.read("ug")
        if message.id and _key(message) in chinese and _english(message).casefold() not in known
    ]
    sheets = [(row["en"], row["zh"], row["ug"]) for row in _sheets()]
    return f"""# For review by native readers

Made by `make messages`. These {len(own)} texts were translated by the project itself, with the words of
[GLOSSARY.md](GLOSSARY.md); nobody who reads Uyghur or Chinese from home has checked them yet. Correct them in
`ug/LC_MESSAGES/messages.po` and `zh/LC_MESSAGES/messages.po`. In the Uyghur file invisible marks (U+2066,
U+2068, U+2069) stand around numbers and placeholders, so that `2026-03-05` is not shown reversed: leave them.

{table(("English", "Chinese", "Uyghur"), sorted(own))}
## The sheets of consent

`saas/residents/data/consent_sheet.csv`. Each wording is an edition of its own: once it has been read to
somebody, a correction is a new edition with a new number, and the old lines stay.

{table(("English", "Chinese", "Uyghur"), sheets)}"""


def _sheets() -> list[dict[str, str]]:
    """The texts that are read to residents, which no catalogue holds."""
    path = collect.ROOT / "saas" / "residents" / "data" / "consent_sheet.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list({row["en"]: row for row in csv.DictReader(file)}.values())


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    cells = [head, ["---"] * len(head), *lines]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in cells)


def _key(message: Message) -> tuple[object, object]:
    return message.context, message.id


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _text(message: Message) -> str:
    text = message.string if isinstance(message.string, str) else (message.string or ("",))[-1]
    return text.translate(_ISOLATES)


def main() -> None:
    """Write both pages."""
    (FOLDER / "GLOSSARY.md").write_text(glossary(), encoding="utf-8")
    (FOLDER / "REVIEW.md").write_text(review(), encoding="utf-8")


if __name__ == "__main__":
    main()
