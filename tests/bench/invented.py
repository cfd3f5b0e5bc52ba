"""Invented people for the search benchmark: what they are called and which written forms are stored."""

from __future__ import annotations

import dataclasses
import itertools
import typing
from pathlib import Path

from saas.demo.residents import given_names as common_names
from tests.bench import spelling

if typing.TYPE_CHECKING:
    import random

_DATA = Path(__file__).parent / "data"
_SUFFIXES = {"m": ("جان", "ئاخۇن", "باي", "بەگ", "قارى"), "f": ("گۈل", "خان", "ئاي", "نىسا", "قىز")}
_LETTERS = "اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي"
_LATIN = "a e b p t j ch x d r z zh s sh gh f q k g ng l m n h o u ö ü w é i y"
_ULY = dict(zip(_LETTERS, _LATIN.split(), strict=True))
_STYLE = _ULY | {"چ": "q", "خ": "h", "ش": "x", "غ": "g", "ق": "k", "ۆ": "o", "ې": "e", "ژ": "j"}
_HAN, _COMMON, _NO_UYGHUR, _NO_CHINESE, _THIRD_FORM = 0.25, 0.3, 1 / 3, 0.4, 0.3
_DOTS = "·" * 8 + "•. "


@dataclasses.dataclass(frozen=True)
class Person:
    """A resident: the true name in its own script, and what is stored, written form by written form."""

    number: int
    name: tuple[str, ...]
    stored: tuple[str, ...]
    invented: bool = True

    @property
    def is_han(self) -> bool:
        """True for a name of one part, in hanzi of its own."""
        return len(self.name) == 1


class Naming:
    """Gives names: those of the list and made ones with the usual endings, some often, most rarely.

    Three of ten are the demo's own common names; they fill the crowd and are never asked for.
    """

    def __init__(self, chance: random.Random, habit: str) -> None:
        """Shuffle the names; ``habit`` is how their bearers write them in hanzi."""
        self.chance = chance
        self.habit = spelling.HABITS[habit]
        self.names = _given_names(chance)
        self.weights = {
            sex: [1 / (place + 12) for place in range(len(some))] for sex, some in self.names.items()
        }
        self.surnames, self.men, self.women = (line.split()[1] for line in _lines("han-signs.txt"))

    def han(self, sex: str) -> str:
        """A surname and one or two signs."""
        signs = self.men if sex == "m" else self.women
        more = self.chance.choice(signs) if self.chance.random() < 0.75 else ""
        return self.chance.choice(self.surnames) + self.chance.choice(signs) + more

    def uyghur(self, sex: str) -> tuple[str, str, bool]:
        """A given name, its spelling in hanzi, and whether it is an invented one."""
        if self.chance.random() < _COMMON:
            common = self.chance.choice(common_names())
            return common.ug, self.chance.choice(common.zh), False
        name = self.chance.choices(self.names[sex], self.weights[sex])[0]
        return name, spelling.hanzi(name, self.habit, self.chance), True


def people(chance: random.Random, count: int, habit: str) -> list[Person]:
    """A clinic's residents: a quarter Han; of the Uyghur-named a third have no Uyghur form stored."""
    naming = Naming(chance, habit)
    made = []
    for number in range(count):
        sex = chance.choice("mf")
        if chance.random() < _HAN:
            name = naming.han(sex)
            made.append(Person(number, (name,), (name,)))
            continue
        own, own_hanzi, is_rare = naming.uyghur(sex)
        father, father_hanzi, has_rare_father = naming.uyghur("m")
        chinese = own_hanzi + chance.choice([*_DOTS, ""]) + father_hanzi
        stored = _stored((own, father), chinese, chance)
        made.append(Person(number, (own, father), stored, invented=is_rare and has_rare_father))
    return made


def _stored(name: tuple[str, str], chinese: str, chance: random.Random) -> tuple[str, ...]:
    draw = chance.random()
    if draw < _NO_UYGHUR:
        return (chinese,)
    if draw < _NO_CHINESE:
        return (" ".join(name),)
    third = (" ".join(map(uly, name)),) if chance.random() < _THIRD_FORM else ()
    return (chinese, " ".join(name), *third)


def uly(name: str) -> str:
    """A name in ULY, with its apostrophe at a hiatus."""
    letters = "".join("'" if sign == "ئ" and place else _ULY.get(sign, "") for place, sign in enumerate(name))
    return letters.capitalize()


def pinyin_style(name: str) -> str:
    """A name in Latin letters with their pinyin values, as SASM and many passports have it."""
    return "".join(_STYLE.get(sign, "") for sign in name).capitalize()


def _given_names(chance: random.Random) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {"m": [], "f": []}
    for line in _lines("uyghur-given.txt"):
        sex, *some = line.split()
        names[sex] += some
    for sex, endings in _SUFFIXES.items():
        stems = [name for name in names[sex] if len(name) < 9 and not name.endswith(endings)]
        made = [stem + ending for stem, ending in itertools.product(stems, endings)]
        names[sex] += chance.sample(made, len(made) // 2)
        chance.shuffle(names[sex])
    return names


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
