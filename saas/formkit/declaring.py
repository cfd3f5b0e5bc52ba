"""What a form is made of: fields that are declared once, and the class that types their answers."""

from __future__ import annotations

import dataclasses
import typing

from saas.formkit.values import Fault

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping

    from saas.formkit.conditions import Condition
    from saas.formkit.findings import Finding

V_co = typing.TypeVar("V_co", covariant=True)


class Code(typing.NamedTuple):
    """What a standard calls the field; ``certainty`` is sure or unsure (to be verified before exchange)."""

    system: str
    code: str
    certainty: str = "unsure"


class Choice(typing.NamedTuple):
    """One choice of a paper form; its code is the key that is pressed and never changes."""

    label: object
    alone: bool = False
    retired: bool = False


Choices = typing.Mapping[str, Choice]


def key_of(choices: Choices, code: str) -> str:
    """What is pressed and printed for a choice: the paper's code, or its place where the paper has none."""
    return code if code.isdecimal() else str(list(choices).index(code) + 1) if code in choices else code


class Read(typing.NamedTuple):
    """A value as far as it could be read, and why the rest is refused."""

    value: object
    faults: tuple[Fault, ...] = ()


@dataclasses.dataclass(eq=False, kw_only=True)
class Field(typing.Generic[V_co]):
    """One field. ``answers.field`` has the type of its kind; blank is None, or empty for lists.

    ``required`` is the form's R (True), O (False) or C (a condition); ``demanded=False`` marks what a
    rule proposes or a signature fills, so that its absence is no error. ``may_miss``: the answer can be
    a reason why there is none, never 0. ``printed=False``: a control of the page that no paper has;
    ``added``: the national paper has no row for it, so that it is printed only where it was answered;
    ``printed_with`` names the field in whose cell the paper has this one too, as in 120/80, and
    ``printed_as`` is what the paper calls a cell of several fields.
    ``known_as`` is the name of her personal datum where the form's own name says it of several people.
    """

    kind: typing.ClassVar[str] = ""
    blank: typing.ClassVar[object] = None
    label: object
    required: bool | Condition = False
    demanded: bool = True
    shown_when: Condition | None = None
    unit: str = ""
    codes: tuple[Code, ...] = ()
    carried: bool = False
    may_miss: bool = True
    sensitive: bool = False
    printed: bool = True
    added: bool = False
    printed_with: str = ""
    printed_as: object = ""
    known_as: str = ""
    retired: datetime.date | None = None
    name: str = dataclasses.field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @typing.overload
    def __get__(self, answers: None, form: type) -> typing.Self: ...
    @typing.overload
    def __get__(self, answers: Form, form: type) -> V_co: ...
    def __get__(self, answers: Form | None, form: type) -> typing.Self | V_co:
        if answers is None:
            return self
        return typing.cast("V_co", answers.answer(self.name))

    def read(self, raw: object) -> Read:
        """The value of a raw answer that is not blank."""
        raise NotImplementedError

    def written(self, value: object) -> object:
        """The value as JSON has it; what ``read`` turns back into the same value."""
        return value

    def doubts(self, value: object) -> Iterator[tuple[str, str]]:
        """The limits (low, high) that a rare value lies outside of, to be asked once."""
        del value
        return iter(())

    def described(self) -> dict[str, object]:
        """What only this kind has, for ``shipa forms show``."""
        return {}


@dataclasses.dataclass(frozen=True)
class Computed:
    """A value that rules give: the first of ``steps`` that answers, read from the top.

    A step whose answers are refused or missing ends the search without a value, unless ``tolerant``:
    then those answers count as blank. ``told=False`` keeps an intermediate value to the rules. ``choices``
    are the words of a code that is no answer of the form.
    """

    name: str
    steps: tuple[Callable[..., object], ...]
    label: object = ""
    tolerant: bool = False
    told: bool = True
    choices: Choices | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Letter:
    """A paper that goes to another institution, and the stub of it that stays here.

    ``to`` are the fields that say to whom, ``request`` is its sentence, ``close`` are the fields below it.
    """

    to: tuple[str, ...]
    request: object
    close: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grid:
    """Items that the paper has as one table: what each comprises, a column for each grade, the score last.

    ``words`` and ``points`` are by item and code of the grade; ``total`` and ``level`` name computed values.
    """

    grades: Choices
    scopes: Mapping[str, object]
    words: Mapping[str, Mapping[str, object]]
    points: Mapping[str, Mapping[str, int]]
    total: str
    level: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class About:
    """All of a form that is no field. Checks and steps name the fields they read as keyword arguments.

    ``contradictions`` come first: the fields that they name are refused. ``alarms`` run even when some of
    the answers they read are refused, because an error never hides an emergency. ``ahead`` are computed
    before it is decided what is required. ``sentences`` and ``sources`` are the room's words for the
    codes of findings. ``permission`` is what one needs beside the room's own to sign it, ``authors_own``
    says that only who signed it may amend it. ``columns``: so many visits stand side by side on a sheet of
    the paper form; ``letter`` and ``grid`` are papers that are no plain rows.
    """

    code: str
    title: object
    edition: str
    source: str
    sentences: Mapping[str, object]
    sources: Mapping[str, Source]
    subject: typing.Literal["resident", "clinic"] = "resident"
    visit_day: str = "service_date"
    signature: str = "doctor"
    contradictions: tuple[Callable[..., Finding | None], ...] = ()
    alarms: tuple[Callable[..., Finding | None], ...] = ()
    checks: tuple[Callable[..., Finding | None], ...] = ()
    ahead: tuple[Computed, ...] = ()
    computed: tuple[Computed, ...] = ()
    next_due: Callable[..., datetime.date | None] | None = None
    keyboard_first: tuple[str, ...] = ()
    permission: str = ""
    authors_own: bool = False
    columns: int = 1
    letter: Letter | None = None
    grid: Grid | None = None

    @property
    def placed(self) -> frozenset[str]:
        """The fields that a letter's frame or a table of items prints."""
        frame = (self.visit_day, *self.letter.to, *self.letter.close) if self.letter else ()
        return frozenset((*frame, *self.grid.scopes, self.grid.total) if self.grid else frame)


class Source(typing.NamedTuple):
    """Where a rule is written, and whether that is sure, the project's own choice, or unsure."""

    text: object
    certainty: typing.Literal["sure", "project", "unsure"] = "sure"


class Form:
    """The answers of one form, typed by its fields; a subclass with ``about`` is a form of its own.

    The order of fields is that of the base classes from left to right with the own fields between the
    opening bases and those declared with ``closing=True``.
    """

    about: typing.ClassVar[About]
    _closing: typing.ClassVar[bool] = False
    _fields: typing.ClassVar[Mapping[str, Field[object]]] = {}

    def __init_subclass__(cls, *, closing: bool = False) -> None:
        cls._closing = closing
        bases = [base for base in cls.__bases__ if issubclass(base, Form)]
        ordered: dict[str, Field[object]] = {}
        for base in bases:
            ordered |= {} if base._closing else base._fields
        ordered |= {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        for base in bases:
            ordered |= base._fields if base._closing else {}
        cls._fields = ordered

    def __init__(
        self,
        values: Mapping[str, object] | None = None,
        missing_reason: Mapping[str, str] | None = None,
    ) -> None:
        self._values = dict(values or {})
        self.missing_reason = dict(missing_reason or {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and type(self) is type(other) and self.written() == other.written()

    def __hash__(self) -> int:
        return hash(tuple(self._values))

    def answer(self, name: str) -> object:
        """The answer of a field by its name; its kind's blank when there is none."""
        return self._values.get(name, fields_of(type(self))[name].blank)

    def written(self) -> dict[str, object]:
        """The answers as JSON has them; reading them gives equal answers."""
        fields = fields_of(type(self))
        answers = {name: fields[name].written(value) for name, value in self._values.items()}
        return answers | ({"missing_reason": self.missing_reason} if self.missing_reason else {})


def fields_of(form: type[Form]) -> Mapping[str, Field[object]]:
    """The fields of a form in their order on paper."""
    return form._fields


def is_presumed(form: type[Form], name: str) -> bool:
    """True for the civil day of the visit, which is today where it is left blank (§19a).

    The time of a visit is not presumed: at what time of the day something was, nobody knows who was not told.
    """
    return name == form.about.visit_day and fields_of(form)[name].kind == "date"


def enter_order(form: type[Form]) -> tuple[str, ...]:
    """The fields in the order in which Enter goes through them; what is computed is passed over."""
    first = form.about.keyboard_first
    names = (name for name, field in fields_of(form).items() if field.kind != "calculated")
    return first + tuple(name for name in names if name not in first)
