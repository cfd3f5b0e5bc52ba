"""Exercise, food, smoking, alcohol, hazards at work (§1.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit import limits
from saas.formkit.conditions import chosen
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Number, OneOf, Rows, Text, Whole
from saas.public_health import exam_choices as choices

EXERCISES = chosen("exercise_frequency", "1", "2", "3")
SMOKED = chosen("smoking_status", "2", "3")
QUIT_SMOKING = chosen("smoking_status", "2")
DRINKS = chosen("drinking_frequency", "2", "3", "4")
QUIT_DRINKING = chosen("quit_drinking", "2")
EXPOSED = chosen("occupational_exposure", "2")
AGE = limits.between("0", "120")


class Hazard(Form):
    """One hazard at work and the protection against it."""

    hazard = OneOf(label=_l("Hazard"), choices=choices.HAZARD, required=True)
    name_text = Text(label=_l("Name of the hazard"), longest=100)
    protection = OneOf(label=_l("Protection"), choices=choices.NONE_OR_SOME)


class Lifestyle(Form):
    """How the person lives. Nobody is asked about alcohol who does not wish it (reason: declined)."""

    section = _l("Way of life")

    exercise_frequency = OneOf(
        label=_l("How often exercise"),
        choices=choices.EXERCISE,
        required=True,
        carried=True,
        printed_as=_l("Physical exercise"),
    )
    exercise_minutes = Whole(
        label=_l("Exercise, minutes each time"),
        unit="min",
        limits="exercise_minutes",
        required=EXERCISES,
        shown_when=EXERCISES,
        printed_with="exercise_frequency",
    )
    exercise_years = Number(
        label=_l("Exercise, for how many years"),
        limits="exercise_years",
        required=EXERCISES,
        shown_when=EXERCISES,
        printed_with="exercise_frequency",
    )
    exercise_type = Text(
        label=_l("Kind of exercise"),
        longest=100,
        required=EXERCISES,
        shown_when=EXERCISES,
        carried=True,
        printed_with="exercise_frequency",
    )
    diet_habits = AnyOf(label=_l("Food habits"), choices=choices.DIET, required=True, carried=True)
    smoking_status = OneOf(
        label=_l("Smoking status"),
        choices=choices.SMOKING,
        required=True,
        carried=True,
        printed_as=_l("About smoking"),
    )
    cigarettes_per_day = Whole(
        label=_l("Cigarettes a day"),
        limits="cigarettes_per_day",
        required=SMOKED,
        shown_when=SMOKED,
        printed_with="smoking_status",
    )
    smoking_start_age = Whole(
        label=_l("Smoking since the age of"),
        limits=AGE,
        required=SMOKED,
        shown_when=SMOKED,
        carried=True,
        printed_with="smoking_status",
    )
    smoking_quit_age = Whole(
        label=_l("Quit smoking at the age of"),
        limits=AGE,
        required=QUIT_SMOKING,
        shown_when=QUIT_SMOKING,
        carried=True,
        printed_with="smoking_status",
    )
    drinking_frequency = OneOf(
        label=_l("How often alcohol"),
        choices=choices.DRINKING,
        required=True,
        carried=True,
        printed_as=_l("About alcohol"),
    )
    alcohol_liang_per_day = Number(
        label=_l("Alcohol a day, as liquor"),
        unit="50 g",
        limits="alcohol_liang_per_day",
        required=DRINKS,
        shown_when=DRINKS,
        printed_with="drinking_frequency",
    )
    quit_drinking = OneOf(
        label=_l("Quit drinking"),
        choices=choices.QUIT_DRINKING,
        required=DRINKS,
        shown_when=DRINKS,
        printed_with="drinking_frequency",
    )
    quit_drinking_age = Whole(
        label=_l("Quit drinking at the age of"),
        limits=AGE,
        required=QUIT_DRINKING,
        shown_when=QUIT_DRINKING,
        printed_with="quit_drinking",
    )
    drinking_start_age = Whole(
        label=_l("Drinking since the age of"),
        limits=AGE,
        required=DRINKS,
        shown_when=DRINKS,
        carried=True,
        printed_with="drinking_frequency",
    )
    drunk_in_last_year = OneOf(
        label=_l("Drunk in the last year"),
        choices=choices.YES_NO,
        required=DRINKS,
        shown_when=DRINKS,
        printed_with="drinking_frequency",
    )
    alcohol_types = AnyOf(
        label=_l("Kinds of alcohol"),
        choices=choices.ALCOHOL,
        required=DRINKS,
        shown_when=DRINKS,
        printed_with="drinking_frequency",
    )
    alcohol_types_text = Text(label=_l("Another kind of alcohol"), shown_when=chosen("alcohol_types", "5"))
    occupational_exposure = OneOf(label=_l("Hazards at work"), choices=choices.NONE_OR_SOME, carried=True)
    occupational_job = Text(
        label=_l("Kind of work"), longest=100, shown_when=EXPOSED, printed_with="occupational_exposure"
    )
    occupational_years = Number(
        label=_l("Years at this work"),
        limits=limits.between("0", "100", 1),
        shown_when=EXPOSED,
        printed_with="occupational_exposure",
    )
    occupational_hazards = Rows(
        label=_l("Hazards and protection"),
        row=Hazard,
        most=10,
        shown_when=EXPOSED,
        printed_with="occupational_exposure",
    )
