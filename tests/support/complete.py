"""One legal answer for every field of a form, so that the whole form can be filled in and signed."""

from __future__ import annotations

import datetime
import decimal
import functools
import typing

from saas.formkit import posting
from saas.formkit.declaring import Field, Form, fields_of
from saas.formkit.evaluating import evaluate
from saas.formkit.kinds import AnyOf, Day, Graded, Measured, Moment, Month, OneOf, Rows, Text, YesNo
from saas.formkit.values import plain

if typing.TYPE_CHECKING:
    from saas.formkit.posting import Posted

PERSON = {"birth_date": "1950-01-01", "sex_code": "2", "height": "160"}
OWN: dict[str, object] = {
    "systolic_bp": "128",
    "diastolic_bp": "82",
    "bp_left_systolic": "128",
    "bp_right_systolic": "126",
    "bp_left_diastolic": "82",
    "bp_right_diastolic": "80",
    "systolic": "128",
    "diastolic": "82",
    "height": "160",
    "weight": "60",
    "record_no": "65009900190100001",
    "birth_date": "1950-01-01",
    "sex_code": "2",
    "id_document_type": "03",
    "consent_given": True,
    "consent": True,
    "primary": True,
}
"""What must fit together, by the names of the fields."""


@functools.singledispatch
def sample(field: object, today: datetime.date) -> object:
    """A raw answer of a field; None for what nobody types."""
    del field, today
    return None


@sample.register
def _text(field: Text, today: datetime.date) -> object:
    del today
    return f"سىناق 试验 {field.name}"[: min(field.longest, 60)].strip()


@sample.register
def _measured(field: Measured, today: datetime.date) -> object:
    del today
    bounds = field.bounds
    middle = (bounds.ask_low + bounds.ask_high) / 2
    return plain(middle.quantize(decimal.Decimal(1).scaleb(-bounds.places), decimal.ROUND_FLOOR))


@sample.register
def _day(field: Day, today: datetime.date) -> object:
    return str(today if field.past else today + datetime.timedelta(days=20))


@sample.register
def _month(field: Month, today: datetime.date) -> object:
    del field
    return f"{today:%Y-%m}"


@sample.register
def _moment(field: Moment, today: datetime.date) -> object:
    del field
    return f"{today} 09:10"


@sample.register
def _yes_no(field: YesNo, today: datetime.date) -> object:
    del field, today
    return True


@sample.register
def _graded(field: Graded, today: datetime.date) -> object:
    del field, today
    return "±"


@sample.register
def _one(field: OneOf, today: datetime.date) -> object:
    del today
    return next(iter(field.choices))


@sample.register
def _any(field: AnyOf, today: datetime.date) -> object:
    del today
    others = [code for code, choice in field.choices.items() if not choice.alone]
    return others[:2]


@sample.register(Rows)
def _rows(field: Rows[Form], today: datetime.date) -> object:
    return [_of(field.row, today)]


def _of(form: type[Form], today: datetime.date) -> dict[str, object]:
    fields = {name: field for name, field in fields_of(form).items() if field.kind != "calculated"}
    return {
        name: answer for name, field in fields.items() if (answer := _answer(name, field, today)) is not None
    }


def _answer(name: str, field: Field[object], today: datetime.date) -> object:
    return OWN[name] if name in OWN and not isinstance(field, Rows) else sample(field, today)


def answers(form: type[Form], today: datetime.date) -> dict[str, object]:
    """Raw answers of every field that can stand beside the others."""
    found = _of(form, today)
    # An end of contact would leave the rest open.
    for name in ("lost_reason", "death_date", "death_cause"):
        found.pop(name, None)
    for _ in range(5):
        refused = {
            each.field.split("[")[0]
            for each in evaluate(form, found, today=today, resident=PERSON).refusals
            if each.fault.code != "required"
        }
        if not refused:
            break
        found = {name: answer for name, answer in found.items() if name not in refused}
    return found


def page(form: type[Form], today: datetime.date) -> Posted:
    """The same as the form's page sends it."""
    return posting.posted_of(form, answers(form, today))
