"""Health education activity (健康教育活动记录表, §2); about the clinic, never about a person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit import limits
from saas.formkit.conditions import chosen
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Day, Moment, Number, OneOf, Reference, Text, Whole
from saas.public_health import choices
from saas.public_health.messages import card
from saas.public_health.rules import record

BOARD = chosen("form", "board")


class HealthEducationActivity(Form):
    """Attendance is a number: no names, no ID numbers, no pictures of faces."""

    held_at = Moment(label=_l("Time of the activity"), required=True)
    place = Text(label=_l("Place"), required=True, may_miss=False)
    form = OneOf(label=_l("Form of the activity"), choices=choices.EDUCATION_FORM, required=True)
    topic = Text(label=_l("Topic"), required=True, may_miss=False)
    organizer = Text(label=_l("Organiser"), longest=100, required=True)
    speaker = Text(label=_l("Speaker"), longest=100)
    audience_type = Text(label=_l("Audience"), longest=100, required=True)
    audience_count = Whole(label=_l("Number of people"), limits=limits.between("0", "5000"), required=True)
    material_kinds_and_copies = Text(label=_l("Material given out, kinds and copies"))
    material_copies = Whole(label=_l("Copies given out"), limits=limits.between("0", "100000"), added=True)
    duration_minutes = Whole(
        label=_l("Playing time"), unit="min", limits=limits.between("0", "1440"),
        shown_when=chosen("form", "audio_visual"), added=True,
    )  # fmt: skip
    language = OneOf(label=_l("Language of the material"), choices=choices.MATERIAL_LANGUAGE, added=True)
    content = Text(label=_l("Content"), longest=2000, lines=True, required=True)
    evaluation = Text(label=_l("Summary and evaluation"), longest=2000, lines=True, required=True)
    archived_materials = AnyOf(label=_l("Material kept"), choices=choices.ARCHIVED_MATERIAL)
    archived_materials_text = Text(label=_l("Other material"), shown_when=chosen("archived_materials", "6"))
    board_no = Text(label=_l("Number of the board"), longest=20, required=BOARD, shown_when=BOARD, added=True)
    area_m2 = Number(
        label=_l("Area of the board"), unit="m²", limits=limits.between("0", "1000", 2), required=BOARD,
        shown_when=BOARD, added=True,
    )  # fmt: skip
    posted_on = Day(label=_l("Put up on"), required=BOARD, shown_when=BOARD, past=True, added=True)
    removed_on = Day(label=_l("Taken down on"), shown_when=BOARD, past=True, added=True)
    filled_by = Reference(label=_l("Filled in by"), required=True, demanded=False)
    in_charge = Reference(label=_l("In charge"))
    filled_on = Day(label=_l("Filled in on"), past=True)

    about = card(
        code="health_education_activity",
        title=_l("Health education activity"),
        source="§2",
        subject="clinic",
        visit_day="held_at",
        signature="filled_by",
        contradictions=(record.board_days_in_order,),
        checks=(record.board_is_large_enough,),
    )
