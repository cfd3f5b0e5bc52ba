"""The routes that every room's forms have; ``register`` puts them on the room's blueprint."""

from __future__ import annotations

import functools
import typing

from saas.formkit.views.exporting import Exporter
from saas.formkit.views.filling import Filler
from saas.formkit.views.printing import Printer
from saas.formkit.views.reading import Shower
from saas.formkit.views.voiding import Voider
from saas.web.guard import needs

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk

    View = Callable[..., ResponseReturnValue]

GET, BOTH, POST = ["GET"], ["GET", "POST"], ["POST"]


def register(blueprint: Blueprint, desk: Desk, root: str, *, read: str) -> None:
    """Add the pages of the desk's forms to a blueprint; ``root`` is the address of whom they are about."""
    form, record = f"{root}/forms/<code>", f"{root}/records/<uuid:record_id>"
    records = f"{root}/records" if desk.about == "resident" else root
    filler, shower, printer, exporter = Filler(desk), Shower(desk), Printer(desk), Exporter(desk)
    pages: list[tuple[str, str, View, str, list[str]]] = [
        (form, "fill", filler.fill, desk.write, BOTH),
        (f"{form}/afresh", "afresh", filler.afresh, desk.write, POST),
        (f"{form}/look", "look", filler.look, desk.write, POST),
        (f"{record}/amend", "amend", filler.amend, desk.write, BOTH),
        (f"{record}/void", "void", Voider(desk).void, desk.write, BOTH),
        (records, "record_list", shower.listed, read, GET),
        (record, "record", shower.shown, read, GET),
        (f"{record}/print", "record_print", printer.printed, read, GET),
        (f"{record}/fhir", "record_fhir", exporter.fhir, read, GET),
        (f"{record}/table", "record_csv", exporter.csv, read, GET),
    ]
    for rule, name, view, permission, methods in pages:
        # What a script asks while one types is worth nothing later, so it is not held behind the cover.
        guard = needs(permission, held=name != "look")
        endpoint = desk.prefix + name
        blueprint.add_url_rule(rule, endpoint, guard(_function(view)), methods=methods)


def _function(view: View) -> View:
    """A method as a function: a bound method cannot carry its condition."""

    @functools.wraps(view)
    def function(**values: object) -> ResponseReturnValue:
        return view(**values)

    return function
