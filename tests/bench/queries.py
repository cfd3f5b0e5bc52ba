"""What people type when they look for somebody, class by class; rules of its own, apart from the search's."""

from __future__ import annotations

import dataclasses
import random
import re
import typing
import unicodedata

from pypinyin import lazy_pinyin

from tests.bench import spelling
from tests.bench.invented import pinyin_style, uly

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.bench.invented import Person

_DOT = re.compile("[·•.]")
_KEYS = dict(zip("چۋېرتيۇڭوپھسداەىقكلزشغۈبنمئ", "qwertyuiopasdfghjklzxcvbnm/", strict=True))
_KEYS |= dict(zip("ژفگخجۆ", "DFGHJK", strict=True))
_SIGNS = {key: sign for sign, key in _KEYS.items()}
_MOST_RIGHT = 5


@dataclasses.dataclass(frozen=True)
class Query:
    """What is typed, and the numbers of the people who are meant."""

    words: str
    right: frozenset[int]


@dataclasses.dataclass(frozen=True)
class Kind:
    """One class of queries with its goals: the least share found in the first 3 and in the first 10."""

    name: str
    in_three: float | None
    in_ten: float
    make: Callable[[Asking], Iterator[Query]]


class Asking:
    """Draws queries about one crowd. ``habit`` is how those who ask write in hanzi."""

    def __init__(self, crowd: Sequence[Person], habit: str, chance: random.Random) -> None:
        """Sort the crowd by who may be asked for: full names that fit at most five people."""
        self.chance, self.habit = chance, spelling.HABITS[habit]
        self.by_name = _grouped((one.name, one.number) for one in crowd)
        self.by_given = _grouped((one.name[0], one.number) for one in crowd if not one.is_han)
        few = [one for one in crowd if one.invented and len(self.by_name[one.name]) <= _MOST_RIGHT]
        self.han = [one for one in few if one.is_han]
        self.uyghur = [one for one in few if not one.is_han]
        self.written = [one for one in self.uyghur if " ".join(one.name) in one.stored]
        self.chinese = [one for one in self.uyghur if _chinese(one)]
        self.only_chinese = [one for one in self.chinese if one not in set(self.written)]
        invented = {name for one in self.uyghur for name in one.name[:1]}
        self.rare = [
            one for one, some in self.by_given.items() if one in invented and len(some) <= _MOST_RIGHT
        ]
        self.by_initials = _grouped((initials(one.name[0]), one.number) for one in crowd if one.is_han)

    def each(self, pool: Sequence[Person], make: Callable[[Person], str]) -> Iterator[Query]:
        """Queries for people of a pool in random order, the people meant being those of the same name."""
        for one in self.chance.sample(pool, len(pool)):
            yield Query(make(one), frozenset(self.by_name[one.name]))

    def respelled(self, one: Person, dot: str = "·") -> str:
        """The name in a Chinese spelling that is not stored."""
        for _ in range(20):
            text = dot.join(spelling.hanzi(part, self.habit, self.chance) for part in one.name)
            if text not in one.stored:
                break
        return text


def _grouped(pairs: Iterable[tuple[typing.Any, int]]) -> dict[typing.Any, set[int]]:
    groups: dict[typing.Any, set[int]] = {}
    for key, number in pairs:
        groups.setdefault(key, set()).add(number)
    return groups


def _chinese(one: Person) -> str:
    return next((form for form in one.stored if "\u4e00" <= form[0] <= "\u9fff"), "")


def initials(hanzi: str) -> str:
    """The first letters of the syllables."""
    return "".join(syllable[0] for syllable in lazy_pinyin(hanzi))


def other_spelling(asking: Asking) -> Iterator[Query]:
    """Another usual spelling of the same name in hanzi."""
    return asking.each(asking.chinese, asking.respelled)


def dots(asking: Asking) -> Iterator[Query]:
    """The stored spelling with another dot, a space or nothing."""
    signs = ["", " ", "•", ".", "．", "・", "‧"]
    return asking.each(asking.chinese, lambda one: _DOT.sub(asking.chance.choice(signs), _chinese(one)))


def order(asking: Asking) -> Iterator[Query]:
    """Father's name first, in any script."""

    def turned(one: Person) -> str:
        way = asking.chance.choice(["zh", "ug", "uly"])
        if way == "zh":
            dot = asking.chance.choice(["·", " "])
            return dot.join(reversed(asking.respelled(one).split("·")))
        return " ".join(part if way == "ug" else uly(part) for part in reversed(one.name))

    return asking.each(asking.uyghur, turned)


def rare_given(asking: Asking) -> Iterator[Query]:
    """A given name alone that at most five people have, in any script."""
    for name in asking.chance.sample(asking.rare, len(asking.rare)):
        hanzi = spelling.hanzi(name, asking.habit, asking.chance)
        yield Query(asking.chance.choice([name, uly(name), hanzi]), frozenset(asking.by_given[name]))


def uyghur_faults(asking: Asking) -> Iterator[Query]:
    """The name as stored, with one to three faults of keyboards and habits."""

    def faulty(one: Person) -> str:
        text = " ".join(one.name)
        for fault in asking.chance.sample(FAULTS, asking.chance.randint(1, 3)):
            text = fault(text, asking.chance)
        return text

    return asking.each(asking.written, faulty)


def uyghur_for_chinese(asking: Asking) -> Iterator[Query]:
    """Uyghur letters where only hanzi are stored."""
    return asking.each(asking.only_chinese, lambda one: " ".join(one.name))


def in_uly(asking: Asking) -> Iterator[Query]:
    """ULY, half of it as people chat: small letters, no apostrophes, no marks."""

    def latin(one: Person) -> str:
        text = " ".join(map(uly, one.name))
        plain = text.lower().translate(str.maketrans("öüé", "oue", "'"))
        return asking.chance.choice([text, plain])

    return asking.each(asking.uyghur, latin)


def in_passport(asking: Asking) -> Iterator[Query]:
    """Pinyin of a spelling in hanzi, or letters with their pinyin values, in capitals."""

    def latin(one: Person) -> str:
        if asking.chance.random() < 0.5:
            return " ".join(map(pinyin_style, one.name)).upper()
        hanzi = _DOT.sub("·", _chinese(one)) or asking.respelled(one)
        return " ".join("".join(lazy_pinyin(part)) for part in hanzi.split("·")).upper()

    return asking.each(asking.uyghur, latin)


def han_signs(asking: Asking) -> Iterator[Query]:
    """A Han name as it is written."""
    return asking.each(asking.han, lambda one: one.name[0])


def han_pinyin(asking: Asking) -> Iterator[Query]:
    """A Han name in full pinyin, in one word, in two or in three."""

    def spelled(one: Person) -> str:
        own = lazy_pinyin(one.name[0])
        return asking.chance.choice(["".join(own), " ".join(own), f"{own[0]} {''.join(own[1:])}"])

    return asking.each(asking.han, spelled)


def han_initials(asking: Asking) -> Iterator[Query]:
    """The initials of a Han name, where at most five people have them."""
    few = [key for key, some in asking.by_initials.items() if len(some) <= _MOST_RIGHT]
    for key in asking.chance.sample(few, len(few)):
        yield Query(key, frozenset(asking.by_initials[key]))


def typing_error(asking: Asking) -> Iterator[Query]:
    """One letter left out, added, changed or exchanged with the next; in hanzi, one sign left out."""

    def wrong(one: Person) -> str:
        if one.is_han:
            return with_error(" ".join(lazy_pinyin(one.name[0])), asking.chance)
        forms = [" ".join(map(uly, one.name))] + [form for form in one.stored if len(form) > 6]
        return with_error(asking.chance.choice(forms), asking.chance)

    return asking.each([*asking.uyghur, *asking.han[: len(asking.uyghur) // 3]], wrong)


def other_layout(asking: Asking) -> Iterator[Query]:
    """Uyghur typed with the Latin layout on, Latin with the Uyghur one."""

    def switched(one: Person) -> str:
        if one.is_han:
            return _on_keys("".join(lazy_pinyin(one.name[0])), _SIGNS)
        if asking.chance.random() < 0.5:
            return _on_keys(" ".join(one.name), _KEYS)
        plain = " ".join(map(uly, one.name)).lower().translate(str.maketrans("öüé", "oue", "'"))
        return _on_keys(plain, _SIGNS)

    return asking.each([*asking.uyghur, *asking.han[: len(asking.uyghur) // 3]], switched)


def _on_keys(text: str, keys: dict[str, str]) -> str:
    return "".join(keys.get(sign, sign) for sign in text)


def with_error(text: str, chance: random.Random) -> str:
    """The text with one typing error."""
    place = chance.choice([at for at, sign in enumerate(text) if sign.isalpha()])
    before, sign, after = text[:place], text[place], text[place + 1 :]
    if "\u4e00" <= sign <= "\u9fff":
        return before + after
    letters = "abcdefghijklmnopqrstuvwxyz" if sign.isascii() else "ابتجدرسشغقكلمنھوۇىي"
    another = chance.choice(letters)
    ways = [before + after, before + another + after, before + another + sign + after]
    if after and after[0].isalpha():
        ways.append(before + after[0] + sign + after[1:])
    return chance.choice(ways)


def _presented(text: str, chance: random.Random) -> str:
    return "".join(chance.choice(_FORMS[sign]) if sign in _FORMS else sign for sign in text)


def _presentation_forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for code in [*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)]:
        meaning = unicodedata.normalize("NFKC", chr(code))
        if len(meaning) == 1 and meaning != chr(code):
            forms.setdefault(meaning, []).append(chr(code))
    return forms


_FORMS = _presentation_forms()


def _mapped(*pairs: tuple[str, str]) -> Callable[[str, random.Random], str]:
    def fault(text: str, _: random.Random) -> str:
        for right, wrong in pairs:
            text = text.replace(right, wrong)
        return text

    return fault


FAULTS: list[Callable[[str, random.Random], str]] = [
    _mapped(("ئ", "")),
    _mapped(("ى", "ي")),
    _mapped(("ي", "ى")),
    _mapped(("ى", "ی"), ("ي", "ی")),
    _mapped(("ە", "ه")),
    _mapped(("ە", "ه\u200c")),
    _mapped(("ھ", "ه")),
    _mapped(("ە", "ھ")),
    _mapped(("ە", "ة")),
    _mapped(("ك", "ک")),
    _mapped(("ې", "ى")),
    _mapped(("ۇ", "و")),
    _mapped(("ۈ", "ۇ"), ("ۆ", "و")),
    _mapped(("ئ", "ي\u0654")),
    _mapped(("ئ", "ى\u0654")),
    _mapped(("ئا", "أ")),
    _mapped(("ئو", "ؤ"), ("ئۇ", "ؤ")),
    _mapped(("ا", "ا\u0640")),
    _mapped((" ", "\u200f ")),
    _presented,
]
"""The faults of real typing: code points of other keyboards, old habits, what word processors leave."""

KINDS = (
    Kind("another Chinese spelling", 90, 95, other_spelling),
    Kind("another dot or none", 90, 95, dots),
    Kind("parts in another order", 90, 95, order),
    Kind("a rare given name alone", 90, 95, rare_given),
    Kind("Uyghur with typing faults", None, 99, uyghur_faults),
    Kind("Uyghur where only Chinese is stored", 90, 95, uyghur_for_chinese),
    Kind("Latin, ULY", None, 97, in_uly),
    Kind("Latin, passport style", None, 97, in_passport),
    Kind("Han by characters", None, 99, han_signs),
    Kind("Han by full pinyin", None, 99, han_pinyin),
    Kind("Han by initials", None, 99, han_initials),
    Kind("one typing error", None, 95, typing_error),
    Kind("the wrong keyboard layout", None, 97, other_layout),
)
"""The classes of issue 3 with their goals in percent; ends of numbers are asked for apart."""
