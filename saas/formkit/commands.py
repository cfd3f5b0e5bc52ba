"""``shipa forms``: the declarations as a tool of their own, without a database."""

from __future__ import annotations

import datetime
import decimal
import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.formkit import fhir, reviewing, showing, texts, values
from saas.formkit.declaring import Form
from saas.formkit.evaluating import Evaluation
from saas.formkit.evaluating import evaluate as evaluated
from saas.web import clock

_FILE = click.Path(path_type=Path)
_LONGEST_NUMBER = 300
UNUSABLE = 2


@click.group()
def forms() -> None:
    """Show the declared forms and try their rules; needs no database."""


@forms.command("list")
@with_appcontext
def list_() -> None:
    """Print every form: its code, edition and title in three languages."""
    for code, form in declared().items():
        title = showing.spoken(form.about.title)
        _print_line(f"{code}\t{form.about.edition}\t{title['en']}\t{title['zh']}\t{title['ug']}")


@forms.command()
@click.argument("code")
@click.option("--format", "format_", type=click.Choice(["json", "fhir", "csv"]), default="json")
@with_appcontext
def show(code: str, format_: str) -> None:
    """Print a form's declaration as JSON, as a FHIR Questionnaire, or the head of its CSV."""
    form = _form(code)
    if format_ == "csv":
        _print_line(",".join(showing.columns(form)))
    else:
        _print_json(fhir.questionnaire(form) if format_ == "fhir" else showing.described(form))


@forms.command()
@click.argument("code")
@click.option("--answers", type=_FILE, required=True, help="Answers by field name.")
@click.option("--resident", type=_FILE, help="birth_date, sex_code, height, last_weighed_on.")
@click.option("--earlier", type=_FILE, help="Earlier signed records, newest first.")
@click.option("--on", "today", help="Today, like 2026-03-05.")
@click.option("--lang", type=click.Choice(["en", "zh", "ug"]), default="zh")
@with_appcontext
def evaluate(  # noqa: PLR0913, PLR0917 - one argument per option
    code: str,
    answers: Path,
    resident: Path | None,
    earlier: Path | None,
    today: str | None,
    lang: texts.Language,
) -> None:
    """Print errors, findings, computed values and the next date for a file of answers."""
    form = _form(code)
    found = evaluated(
        form,
        _read(answers),
        today=_day(today),
        resident=_read(resident) if resident else None,
        earlier=_read(earlier) if earlier else None,
    )
    with texts.speaking(lang):
        _print_json(report(form, found))


@forms.command()
@with_appcontext
def review() -> None:
    """Print what a medical reviewer must look at: rules and codes that are not sure."""
    _print_line(reviewing.page(declared().values()).rstrip())


def report(form: type[Form], found: Evaluation) -> dict[str, object]:
    """An evaluation as JSON, in the language of the moment."""
    return {
        "errors": [
            {"field": each.field, "message": texts.about_refusal(form, each)} for each in found.refusals
        ],
        "findings": [
            {
                "code": each.code,
                "kind": each.kind.value,
                "fields": list(each.fields),
                "message": texts.about_finding(form, each),
                "source": texts.source(form, each.source),
            }
            for each in found.findings
        ],
        "computed": found.computed,
        "next_due_on": found.next_due_on,
    }


def declared() -> dict[str, type[Form]]:
    """All forms of the house by code, as ``create_app`` put them together."""
    found: dict[str, type[Form]] = current_app.extensions["forms"]
    return found


def _form(code: str) -> type[Form]:
    form = declared().get(code)
    if form is None:
        click.echo(f"shipa: no form {values.shown(code)}; see `shipa forms list`", err=True)
        sys.exit(UNUSABLE)
    return form


def _day(text: str | None) -> datetime.date:
    day = values.day(text) if text is not None else clock.today()
    if isinstance(day, datetime.date):
        return day
    raise click.BadParameter("must be a day like 2026-03-05", param_hint="--on")


def _read(path: Path) -> object:
    """The JSON of a file, numbers exactly as written."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_float=_number, parse_int=_number)
    except (OSError, ValueError, RecursionError) as error:
        click.echo(f"shipa: cannot read {path}: {values.shown(error)}", err=True)
        sys.exit(UNUSABLE)


def _number(text: str) -> object:
    """A number of JSON; one that no field could hold becomes a text, which is refused as no number."""
    if len(text) > _LONGEST_NUMBER:
        return text
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        return text


def _print_json(document: object) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain)
    _print_line(text)


def _plain(value: object) -> object:
    return float(value) if isinstance(value, decimal.Decimal) else str(value)


def _print_line(text: str) -> None:
    """UTF-8 whatever the terminal says; half characters (lone surrogates) as JSON escapes them."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
