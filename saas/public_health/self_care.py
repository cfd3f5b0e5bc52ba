"""The table of the elderly self-care form as its paper has it (老年人生活自理能力评估表, §6)."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Grid
from saas.public_health.exam_choices import SELF_CARE_LEVEL
from saas.public_health.rules import elderly

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES: Mapping[str, object] = {
    "meal": _l("bringing food to the mouth, chewing, swallowing"),
    "grooming": _l("combing, washing the face, brushing teeth, shaving, bathing"),
    "dressing": _l("trousers and shirts, socks, shoes"),
    "toileting": _l("passing water and stool, and holding them"),
    "mobility": _l("standing, walking indoors, stairs, going out"),
}
_ALONE, _ALL_HELP = _l("Does it alone"), _l("Needs help with all of it")
WORDS: Mapping[str, Mapping[str, object]] = {
    "meal": {"1": _ALONE, "3": _l("Needs help, as with cutting and mashing food"), "4": _ALL_HELP},
    "grooming": {
        "1": _ALONE,
        "2": _l("Combs, washes the face, brushes teeth and shaves alone; needs help with bathing"),
        "3": _l("Does part of it with help and enough time"),
        "4": _ALL_HELP,
    },
    "dressing": {"1": _ALONE, "3": _l("Needs help; does part of it in enough time"), "4": _ALL_HELP},
    "toileting": {
        "1": _l("Needs no help, holds it"),
        "2": _l("Now and then does not hold it, but mostly uses the toilet or a pan"),
        "3": _l("Often does not hold it; uses the toilet with much prompting and help"),
        "4": _l("Never holds it, needs help with all of it"),
    },
    "mobility": {
        "1": _l("Does all of it alone"),
        "2": _l("Stands, walks and takes stairs with a little support or an aid"),
        "3": _l("Stands and walks with much support only, takes no stairs"),
        "4": _l("Stays in bed, needs help with every movement"),
    },
}
_UNWORDED = {"2": 0}
"""The paper has no words for a little help with meals and dressing, and prints 0 points there."""
GRID = Grid(
    grades=SELF_CARE_LEVEL,
    scopes=SCOPES,
    words=WORDS,
    points={item: _UNWORDED | points for item, points in elderly.SCORES.items()},
    total="self_care_score",
    level="self_care_level",
)
