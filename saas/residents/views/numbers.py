"""Which part of the record numbers belongs to which site, for the administrator."""

from __future__ import annotations

import typing

from flask import render_template

from saas.residents import numbering
from saas.residents.rules import record_number
from saas.residents.views import blueprint
from saas.web.guard import needs

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/record-numbers")
@needs("sites.manage")
def numbers() -> ResponseReturnValue:
    """Each site's statistical code beside the first twelve digits of its residents' numbers."""
    return render_template("residents/numbers.html", places=numbering.places(), record_number=record_number)
