"""Mouth, senses, skin, chest, abdomen, legs (§1.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit import limits
from saas.formkit.conditions import chosen
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Number, OneOf, Rows, Text, Whole
from saas.public_health import exam_choices as choices
from saas.public_health.forms import parts

COUNT = limits.between("0", "8")
NOT_MALE = ~chosen("sex_code", "1")
"""Gynaecology is not asked of men."""
TEETH_MARKED = chosen("teeth", "2", "3", "4")


class Quadrants(Form):
    """Teeth of one kind, counted in the four quadrants."""

    finding = OneOf(
        label=_l("Finding"), required=True,
        choices={code: each for code, each in choices.TEETH.items() if code != "1"},
    )  # fmt: skip
    upper_right = Whole(label=_l("Upper right"), limits=COUNT)
    upper_left = Whole(label=_l("Upper left"), limits=COUNT)
    lower_right = Whole(label=_l("Lower right"), limits=COUNT)
    lower_left = Whole(label=_l("Lower left"), limits=COUNT)


class Organs(Form):
    """How the organs work."""

    section = _l("Organs")

    lips = OneOf(label=_l("Lips"), choices=choices.LIPS, required=True, printed_as=_l("Mouth and throat"))
    teeth = AnyOf(label=_l("Teeth"), choices=choices.TEETH, required=True, printed_with="lips")
    teeth_quadrants = Rows(
        label=_l("Teeth by quadrant"), row=Quadrants, most=3, shown_when=TEETH_MARKED, printed_with="teeth"
    )
    throat = OneOf(label=_l("Pharynx"), choices=choices.THROAT, required=True, printed_with="lips")
    vision_left = Number(label=_l("Vision, left"), limits="vision", printed_as=_l("Vision"))
    vision_right = Number(label=_l("Vision, right"), limits="vision", printed_with="vision_left")
    corrected_left = Number(label=_l("Vision corrected, left"), limits="vision", printed_with="vision_left")
    corrected_right = Number(label=_l("Vision corrected, right"), limits="vision", printed_with="vision_left")
    hearing = OneOf(label=_l("Hearing"), choices=choices.HEARING, required=True)
    motor_function = OneOf(label=_l("Motor function"), choices=choices.MOTOR, required=True)


class Body(Form):
    """Physical examination."""

    section = _l("Physical examination")

    fundus = OneOf(label=_l("Fundus of the eye"), choices=choices.NORMAL_ABNORMAL)
    fundus_text = Text(label=_l("What is abnormal (fundus)"), shown_when=chosen("fundus", "2"))
    skin = OneOf(label=_l("Skin"), choices=choices.SKIN, required=True)
    skin_text = Text(label=_l("Skin, other"), shown_when=chosen("skin", "7"))
    sclera = OneOf(label=_l("White of the eyes"), choices=choices.SCLERA, required=True)
    sclera_text = Text(label=_l("White of the eyes, other"), shown_when=chosen("sclera", "4"))
    lymph_nodes = OneOf(label=_l("Lymph nodes"), choices=choices.LYMPH_NODES, required=True)
    lymph_nodes_text = Text(label=_l("Lymph nodes, other"), shown_when=chosen("lymph_nodes", "4"))
    barrel_chest = OneOf(
        label=_l("Barrel chest"), choices=choices.NO_YES, required=True, printed_as=_l("Lungs")
    )
    breath_sounds = OneOf(
        label=_l("Breath sounds"), choices=choices.NORMAL_ABNORMAL, required=True, printed_with="barrel_chest"
    )
    breath_sounds_text = Text(
        label=_l("What is abnormal (breath sounds)"), shown_when=chosen("breath_sounds", "2")
    )
    rales = OneOf(label=_l("Rales"), choices=choices.RALES, required=True, printed_with="barrel_chest")
    rales_text = Text(label=_l("Rales, other"), shown_when=chosen("rales", "4"))
    heart_rate = Whole(
        label=_l("Heart rate"),
        unit="/min",
        limits="heart_rate",
        required=True,
        codes=parts.HEART_RATE,
        printed_as=_l("Heart"),
    )
    rhythm = OneOf(label=_l("Heart rhythm"), choices=choices.RHYTHM, required=True, printed_with="heart_rate")
    murmur = OneOf(label=_l("Murmur"), choices=choices.NONE_OR_SOME, required=True, printed_with="heart_rate")
    murmur_text = Text(label=_l("Which murmur"), shown_when=chosen("murmur", "2"))
    tenderness = OneOf(
        label=_l("Abdomen: tenderness"),
        choices=choices.NONE_OR_SOME,
        required=True,
        printed_as=_l("Findings of the abdomen"),
    )
    tenderness_text = Text(label=_l("Tenderness: where"), shown_when=chosen("tenderness", "2"))
    mass = OneOf(
        label=_l("Abdomen: lump"), choices=choices.NONE_OR_SOME, required=True, printed_with="tenderness"
    )
    mass_text = Text(label=_l("Lump: where"), shown_when=chosen("mass", "2"))
    hepatomegaly = OneOf(
        label=_l("Enlarged liver"), choices=choices.NONE_OR_SOME, required=True, printed_with="tenderness"
    )
    hepatomegaly_text = Text(label=_l("Enlarged liver: how"), shown_when=chosen("hepatomegaly", "2"))
    splenomegaly = OneOf(
        label=_l("Enlarged spleen"), choices=choices.NONE_OR_SOME, required=True, printed_with="tenderness"
    )
    splenomegaly_text = Text(label=_l("Enlarged spleen: how"), shown_when=chosen("splenomegaly", "2"))
    shifting_dullness = OneOf(
        label=_l("Shifting dullness"), choices=choices.NONE_OR_SOME, required=True, printed_with="tenderness"
    )
    shifting_dullness_text = Text(
        label=_l("Shifting dullness: how"), shown_when=chosen("shifting_dullness", "2")
    )
    leg_oedema = OneOf(label=_l("Swelling of the legs"), choices=choices.OEDEMA, required=True)
    dorsalis_pedis = OneOf(
        label=_l("Pulse of the feet"), choices=choices.DORSALIS_PEDIS, required=chosen("exam_groups", "3")
    )


class Consented(Form):
    """Only with the person's explicit word; never required, never linked to anything else."""

    section = _l("Only with consent")
    paper_section = Body.section

    rectal_exam = OneOf(label=_l("Rectal examination"), choices=choices.RECTAL, sensitive=True)
    rectal_exam_text = Text(
        label=_l("Rectal examination, other"), shown_when=chosen("rectal_exam", "5"), sensitive=True
    )
    breast = AnyOf(label=_l("Breasts"), choices=choices.BREAST, sensitive=True)
    breast_text = Text(label=_l("Breasts, other"), shown_when=chosen("breast", "5"), sensitive=True)
    vulva = OneOf(
        label=_l("Vulva"),
        choices=choices.UNREMARKABLE,
        sensitive=True,
        shown_when=NOT_MALE,
        printed_as=_l("Gynaecological findings"),
    )
    vagina = OneOf(
        label=_l("Vagina"),
        choices=choices.UNREMARKABLE,
        sensitive=True,
        shown_when=NOT_MALE,
        printed_with="vulva",
    )
    cervix = OneOf(
        label=_l("Cervix"),
        choices=choices.UNREMARKABLE,
        sensitive=True,
        shown_when=NOT_MALE,
        printed_with="vulva",
    )
    uterus = OneOf(
        label=_l("Uterus"),
        choices=choices.UNREMARKABLE,
        sensitive=True,
        shown_when=NOT_MALE,
        printed_with="vulva",
    )
    adnexa = OneOf(
        label=_l("Adnexa"),
        choices=choices.UNREMARKABLE,
        sensitive=True,
        shown_when=NOT_MALE,
        printed_with="vulva",
    )
    gynaecology_text = Text(
        label=_l("What is abnormal (gynaecology)"), sensitive=True, shown_when=NOT_MALE, printed_with="vulva"
    )
    body_other = Text(label=_l("Other findings of the examination"), longest=500, lines=True)
