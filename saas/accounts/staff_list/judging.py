"""Which lines of a staff list are in order, and what is wrong with the others: pure, nothing stored."""

from __future__ import annotations

import dataclasses
import re
import typing
import unicodedata

from saas.accounts import permissions
from saas.accounts.staff_forms import LONGEST_NAME, PHONE, USERNAME
from saas.web.forms import hidden_character
from saas.web.sheets.marks import mark_of

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from saas.web.sheets.marks import Row

FIELDS = ("username", "name", "name_other", "roles", "sites", "phone")
NEEDED = frozenset({"username", "name", "roles"})
MOST_PEOPLE = 200
"""The largest township health centre has about 120; each one-time password takes some time to hash."""
WHOLE_LINE = -1
ALL = "all"
"""The word of a list for all open places, as ``Words.sites`` maps it."""

_PARTS = re.compile("[,;\uff0c\uff1b\u3001\u060c\u061b\n]+")
_SIGNS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A word as it is compared: without spaces and signs, in small letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()


@dataclasses.dataclass(frozen=True)
class Words:
    """What the words of a list mean, by their plain form: headings, roles, places."""

    headings: Mapping[str, str]
    roles: Mapping[str, str]
    sites: Mapping[str, str]


class Fault(typing.NamedTuple):
    """One thing that is wrong: the line and column of the file (from 0; -1 the line), and its code."""

    line: int
    column: int
    code: str


@dataclasses.dataclass
class Person:
    """A line that is in order, as it will be stored."""

    username: str
    name: str
    name_other: str
    roles: list[str]
    site_ids: list[str]
    phone: str


@dataclasses.dataclass
class Judged:
    """The whole list: people in order, every fault, and how many lines it has below the headings."""

    people: list[Person] = dataclasses.field(default_factory=list)
    faults: list[Fault] = dataclasses.field(default_factory=list)
    lines: int = 0


def judged(rows: Iterable[tuple[int, Row]], words: Words, taken: Collection[str]) -> Judged:
    """Read a list whose first line holds the headings; ``taken`` are the user names of the clinic."""
    found, seen = Judged(), dict.fromkeys(taken, 0)
    columns: dict[str, int] | None = None
    for number, row in rows:
        if columns is None:
            columns, found.faults = _columns(number, row, words)
            if found.faults:
                return found
            continue
        found.lines += 1
        if found.lines > MOST_PEOPLE:
            found.faults.append(Fault(number, WHOLE_LINE, "many-people"))
            return found
        _take(found, number, _Line(row, columns, words), seen)
    if not found.lines:
        found.faults.append(Fault(1, WHOLE_LINE, "no-lines"))
    return found


def _take(found: Judged, number: int, line: _Line, seen: dict[str, int]) -> None:
    """Add the person of one line, or its faults; ``seen`` has each user name with its line (0: clinic)."""
    person, wrong = line.person(), list(line.faults())
    if person.username in seen:
        first = seen[person.username]
        wrong.append(("username", "username-twice" if first else "username-taken"))
    elif person.username:
        seen[person.username] = number
    found.faults += [Fault(number, line.place(field), code) for field, code in wrong]
    if not wrong:
        found.people.append(person)


def _columns(number: int, row: Row, words: Words) -> tuple[dict[str, int], list[Fault]]:
    """Where each field stands; faults for a heading that is unknown, twice or missing."""
    columns: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(row):
        if not heading.strip():
            continue
        field = _field_of(heading, words.headings)
        if mark_of(heading) or field is None:
            faults.append(Fault(number, place, "heading-unknown"))
        elif field in columns:
            faults.append(Fault(number, place, "heading-twice"))
        else:
            columns[field] = place
    missing = [field for field in FIELDS if field in NEEDED and field not in columns]
    faults += [Fault(number, WHOLE_LINE, f"heading-missing-{field}") for field in missing]
    return columns, faults


def _field_of(heading: str, known: Mapping[str, str]) -> str | None:
    """The template writes a heading in both languages, with a stroke between."""
    found = {known.get(plain(part)) for part in (heading, *heading.split("/"))} - {None}
    return found.pop() if len(found) == 1 else None


class _Line:
    """One line of the list, its cells by field."""

    def __init__(self, row: Row, columns: dict[str, int], words: Words) -> None:
        self._columns, self._words, self._width = columns, words, len(row)
        cells = {field: row[at] if at < len(row) else "" for field, at in columns.items()}
        self._cells = {field: cells.get(field, "").strip() for field in FIELDS}
        self._stray = [at for at, cell in enumerate(row) if cell.strip() and at not in set(columns.values())]

    def place(self, field: str) -> int:
        """The column of a field; of one that has none, the line."""
        return int(field) if field.isdecimal() else self._columns.get(field, WHOLE_LINE)

    def person(self) -> Person:
        """What the line says, whether or not it holds."""
        cells = self._cells
        return Person(
            username=cells["username"].lower(),
            name=cells["name"],
            name_other=cells["name_other"],
            roles=[role for role in permissions.ROLES if role in self._roles()],
            site_ids=self._sites(),
            phone=cells["phone"],
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every fault of the line itself, as (field, code)."""
        yield from ((str(at), "no-heading") for at in self._stray)
        broken = set()
        for field, cell in self._cells.items():
            code = mark_of(cell) or ("hidden-sign" if hidden_character(cell) else "")
            if code:
                broken.add(field)
                yield field, code
        checks = {"username": self._username, "name": self._name, "name_other": self._other}
        checks |= {"roles": self._role_fault, "sites": self._site_fault, "phone": self._phone}
        for field, check in checks.items():
            code = "" if field in broken else check()
            if code:
                yield field, code

    def _username(self) -> str:
        name = self._cells["username"].lower()
        if not name:
            return "username-missing"
        return "" if USERNAME.fullmatch(name) else "username-shape"

    def _name(self) -> str:
        return "name-missing" if not self._cells["name"] else _name_fault(self._cells["name"])

    def _other(self) -> str:
        return _name_fault(self._cells["name_other"]) if self._cells["name_other"] else ""

    def _roles(self) -> list[str]:
        return [self._words.roles.get(plain(word), "") for word in _parts(self._cells["roles"])]

    def _role_fault(self) -> str:
        roles = self._roles()
        if not roles:
            return "roles-missing"
        if "" in roles:
            return "roles-unknown"
        return "" if permissions.may_hold_together(roles) else "roles-apart"

    def _sites(self) -> list[str]:
        found = [self._words.sites.get(plain(word), "") for word in _parts(self._cells["sites"])]
        if ALL in found:
            found += [one for one in self._words.sites.values() if one != ALL]
        return sorted(set(found) - {ALL})

    def _site_fault(self) -> str:
        return "sites-unknown" if "" in self._sites() else ""

    def _phone(self) -> str:
        return "" if PHONE.match(self._cells["phone"]) else "phone-shape"


def _parts(text: str) -> list[str]:
    return [part for part in _PARTS.split(text) if plain(part)]


def _name_fault(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return "name-long"
    return "" if any(sign.isalpha() for sign in name) else "name-no-letter"
