"""The definitions of the figures, and why somebody is missing, in words of both languages.

The English texts of the definitions stand in ``data/indicators.csv``; a test keeps these the same.
"""

from __future__ import annotations

import typing

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

SPECIFICATION = _l("National basic public health service specification, 3rd edition (2017)")
"""The source of every definition so far."""


class Words(typing.NamedTuple):
    """One definition: name, who is counted, out of whom, and what the project chose."""

    name: object
    numerator: object = ""
    denominator: object = ""
    reading: object = ""
    certainty: object = ""


DEFINITIONS: Mapping[str, Words] = {
    "record_rate": Words(
        _l("Residents with a health record"),
        _l("Residents who live here and have a health record"),
        _l("Resident population of the year, as typed with its source"),
        _l("a person counts while she lives here and the record is not ended (project)"),
        _l("sure"),
    ),
    "electronic_record_rate": Words(
        _l("Residents with an electronic health record"),
        _l("Residents who live here and have an electronic health record"),
        _l("Resident population of the year, as typed with its source"),
        _l("records that exist on paper only are left out"),
        _l("sure"),
    ),
    "record_use_rate": Words(
        _l("Health records in use"),
        _l("Records with a visit or a signed service within the last 365 days"),
        _l("All records that are not ended"),
        _l("365 days back from the last day of the period; ended records are left out of both (project)"),
        _l("sure"),
    ),
    "edu_print_kinds": Words(
        _l("Printed material given out"),
        "",
        "",
        _l("kinds are different topics (project)"),
        _l("unsure (quotas of health education)"),
    ),
    "edu_av_count": Words(
        _l("Audio and video material played"),
        "",
        "",
        _l("kinds are different topics (project)"),
        _l("unsure (quotas of health education)"),
    ),
    "edu_board_updates": Words(
        _l("Notice boards and their new content"),
        "",
        "",
        "",
        _l("unsure (quotas of health education)"),
    ),
    "edu_events": Words(
        _l("Lectures and consultations"),
        "",
        "",
        "",
        _l("unsure (quotas of health education)"),
    ),
    "elderly_rate": Words(
        _l("Older people who got the yearly health service"),
        _l(
            "Of these, people with a record, a whole examination and guidance in the year up to the "
            "last day of the period"
        ),
        _l(
            "Residents who live here on the last day of the period and complete 65 years within its "
            "calendar year"
        ),
        _l("65 completed on any day of the calendar year (project; some provinces subtract years)"),
        _l("sure"),
    ),
    "ht_standard_rate": Words(
        _l("Hypertension, managed to the standard"),
        _l(
            "Of these, people seen face to face in each full quarter of their management, with the "
            "yearly examination"
        ),
        _l("People managed for hypertension on any day of the period"),
        _l(
            "one visit in each full quarter; the examination is owed when the period ends with the "
            "year and the person is still managed (project; provinces differ)"
        ),
        _l("sure; intervals and people who join within the year: project choice"),
    ),
    "ht_control_rate": Words(
        _l("Hypertension, pressure controlled"),
        _l(
            "Of these, people whose last follow-up in the period was controlled: below 140/90, from 65 "
            "years below 150/90 mmHg"
        ),
        _l("People managed for hypertension on any day of the period"),
        _l(
            "the recorded class 1 or 2 decides, otherwise the pressure with the age on the visit's "
            "day; a telephone call is passed over; nobody seen, contact lost or not measured means not "
            "controlled (project)"
        ),
        _l("sure"),
    ),
    "dm_standard_rate": Words(
        _l("Type 2 diabetes, managed to the standard"),
        _l(
            "Of these, people seen face to face in each full quarter of their management, with the "
            "yearly examination"
        ),
        _l("People managed for type 2 diabetes on any day of the period"),
        _l("as for hypertension (project)"),
        _l("sure; intervals and people who join within the year: project choice"),
    ),
    "dm_control_rate": Words(
        _l("Type 2 diabetes, glucose controlled"),
        _l("Of these, people whose last follow-up in the period had a fasting glucose below 7.0 mmol/L"),
        _l("People managed for type 2 diabetes on any day of the period"),
        _l(
            "the recorded class 1 or 2 decides, otherwise the glucose; a value told by telephone from "
            "the person's own meter counts (project)"
        ),
        _l("sure"),
    ),
}
MEASURES: Mapping[str, object] = {
    "kinds": _l("Kinds"),
    "copies": _l("Copies"),
    "times": _l("Times played"),
    "minutes": _l("Hours"),
    "boards": _l("Boards"),
    "updates": _l("Changes of content"),
    "events": _l("Events"),
    "participants": _l("People who came"),
}
MINUTES = _l("Minutes")


def counted(figure: object, measure: object) -> object:
    """A count among several of one figure, by both their names."""
    return LazyString(lambda: f"{figure} · {measure}")


MISSING: Mapping[str, object] = {
    "no_record": _l("The clinic owes a health record; it is offered and voluntary."),
    "no_exam": _l("The clinic owes the yearly health examination."),
    "exam_incomplete": _l("The clinic owes the rest of the health examination."),
    "no_guidance": _l("The clinic owes guidance on the results of the examination."),
    "not_in_use": _l("No visit and no service within 365 days: the clinic owes contact."),
    "on_paper_only": _l("The record exists on paper only."),
    "no_followup": _l("The clinic owes a follow-up: there was none in the period."),
    "contact_lost": _l("Contact was lost at the last follow-up: the clinic owes another try."),
    "not_measured": _l("The clinic owes the measurement: the last follow-up has none."),
    "not_controlled": _l(
        "Above the goal at the last follow-up: the clinic owes treatment and the next visit."
    ),
    "no_visit_q1": _l("The clinic owes a visit face to face: none in January to March."),
    "no_visit_q2": _l("The clinic owes a visit face to face: none in April to June."),
    "no_visit_q3": _l("The clinic owes a visit face to face: none in July to September."),
    "no_visit_q4": _l("The clinic owes a visit face to face: none in October to December."),
}
SERVICES: Mapping[str, object] = {
    "record": _l("Health records"),
    "education": _l("Health education"),
    "elderly": _l("Older people"),
    "hypertension": _l("Hypertension"),
    "diabetes": _l("Type 2 diabetes"),
}

KEPT_BACK = _l("* Kept back: small numbers, and others from which they could be worked out.")
INSIDE = _l("For use inside the institution only.")
