"""Laboratory and apparatus (§1.3); which of them are free depends on the group (§1.3.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit import limits
from saas.formkit.conditions import chosen
from saas.formkit.declaring import Code, Form
from saas.formkit.kinds import Graded, Number, OneOf, Text, Whole
from saas.public_health import exam_choices as choices
from saas.public_health.forms import parts

UPPER = limits.between("1", "1000", 1)
ON_PAPER = _l("Auxiliary tests")
"""The paper has one word over all of them."""


def _loinc(code: str, certainty: str = "sure") -> tuple[Code, ...]:
    return (Code("LOINC", code, certainty),)


class Blood(Form):
    """Blood count, urine, glucose."""

    section = _l("Blood and urine")
    paper_section = ON_PAPER

    hemoglobin = Whole(
        label=_l("Haemoglobin"),
        unit="g/L",
        limits="hemoglobin",
        codes=_loinc("718-7"),
        printed_as=_l("Blood count"),
    )
    wbc = Number(
        label=_l("White blood cells"),
        unit="10⁹/L",
        limits="wbc",
        codes=_loinc("6690-2"),
        printed_with="hemoglobin",
    )
    platelet = Whole(
        label=_l("Platelets"),
        unit="10⁹/L",
        limits="platelet",
        codes=_loinc("777-3"),
        printed_with="hemoglobin",
    )
    blood_count_other = Text(label=_l("Blood count, other"), printed_with="hemoglobin")
    urine_protein = Graded(
        label=_l("Urine protein"), codes=_loinc("20454-5"), printed_as=_l("Urine routine test")
    )
    urine_glucose = Graded(label=_l("Urine glucose"), codes=_loinc("25428-4"), printed_with="urine_protein")
    urine_ketone = Graded(label=_l("Urine ketones"), codes=_loinc("2514-8"), printed_with="urine_protein")
    urine_occult_blood = Graded(label=_l("Urine blood"), codes=_loinc("5794-3"), printed_with="urine_protein")
    urine_other = Text(label=_l("Urine, other"), printed_with="urine_protein")
    fasting_glucose = Number(
        label=_l("Fasting blood glucose"), unit="mmol/L", limits="fasting_glucose",
        codes=parts.FASTING_GLUCOSE,
    )  # fmt: skip
    ecg = OneOf(label=_l("Electrocardiogram"), choices=choices.NORMAL_ABNORMAL, codes=_loinc("11524-6"))
    ecg_text = Text(label=_l("What is abnormal (electrocardiogram)"), shown_when=chosen("ecg", "2"))
    urine_microalbumin = Number(label=_l("Urine microalbumin"), unit="mg/dL", limits="urine_microalbumin")
    stool_occult_blood = OneOf(
        label=_l("Blood in the stool"), choices=choices.NEGATIVE_POSITIVE, codes=_loinc("2335-8")
    )
    hba1c = Number(label=_l("HbA1c"), unit="%", limits="hba1c", codes=parts.HBA1C)
    hbsag = OneOf(
        label=_l("Hepatitis B surface antigen, only on request"), choices=choices.NEGATIVE_POSITIVE,
        sensitive=True, codes=_loinc("5195-3"),
    )  # fmt: skip


class Chemistry(Form):
    """Liver, kidneys, lipids; upper limits as the laboratory prints them."""

    section = _l("Blood chemistry")
    paper_section = ON_PAPER

    alt = Number(
        label=_l("ALT"), unit="U/L", limits="alt", codes=_loinc("1742-6"), printed_as=_l("Liver function")
    )
    alt_upper_limit = Number(
        label=_l("ALT, the laboratory's upper limit"),
        unit="U/L",
        limits=UPPER,
        printed_with="alt",
        added=True,
    )
    ast = Number(label=_l("AST"), unit="U/L", limits="ast", codes=_loinc("1920-8"), printed_with="alt")
    albumin = Number(
        label=_l("Albumin"),
        unit="g/L",
        limits="albumin",
        codes=_loinc("1751-7", "unsure"),
        printed_with="alt",
    )
    total_bilirubin = Number(
        label=_l("Total bilirubin"),
        unit="μmol/L",
        limits="total_bilirubin",
        codes=_loinc("14631-6"),
        printed_with="alt",
    )
    conjugated_bilirubin = Number(
        label=_l("Conjugated bilirubin"),
        unit="μmol/L",
        limits="conjugated_bilirubin",
        codes=_loinc("14629-0", "unsure"),
        printed_with="alt",
    )
    creatinine = Number(
        label=_l("Creatinine"),
        unit="μmol/L",
        limits="creatinine",
        codes=_loinc("14682-9"),
        printed_as=_l("Kidney function"),
    )
    creatinine_upper_limit = Number(
        label=_l("Creatinine, the laboratory's upper limit"),
        unit="μmol/L",
        limits=UPPER,
        printed_with="creatinine",
        added=True,
    )
    blood_urea = Number(
        label=_l("Blood urea"),
        unit="mmol/L",
        limits="blood_urea",
        codes=_loinc("22664-7", "unsure"),
        printed_with="creatinine",
    )
    potassium = Number(
        label=_l("Potassium"),
        unit="mmol/L",
        limits="potassium",
        codes=_loinc("2823-3"),
        printed_with="creatinine",
    )
    sodium = Number(
        label=_l("Sodium"), unit="mmol/L", limits="sodium", codes=_loinc("2951-2"), printed_with="creatinine"
    )
    total_cholesterol = Number(
        label=_l("Total cholesterol"),
        unit="mmol/L",
        limits="total_cholesterol",
        codes=_loinc("14647-2"),
        printed_as=_l("Blood lipids"),
    )
    triglyceride = Number(
        label=_l("Triglyceride"),
        unit="mmol/L",
        limits="triglyceride",
        codes=_loinc("14927-8"),
        printed_with="total_cholesterol",
    )
    ldl_c = Number(
        label=_l("LDL cholesterol"),
        unit="mmol/L",
        limits="ldl_c",
        codes=_loinc("22748-8", "unsure"),
        printed_with="total_cholesterol",
    )
    hdl_c = Number(
        label=_l("HDL cholesterol"),
        unit="mmol/L",
        limits="hdl_c",
        codes=_loinc("14646-4"),
        printed_with="total_cholesterol",
    )


class Pictures(Form):
    """X-ray, ultrasound, smear, other tests."""

    section = _l("Pictures and other tests")
    paper_section = ON_PAPER

    chest_xray = OneOf(label=_l("Chest X-ray"), choices=choices.NORMAL_ABNORMAL)
    chest_xray_text = Text(label=_l("What is abnormal (X-ray)"), shown_when=chosen("chest_xray", "2"))
    ultrasound_abdomen = OneOf(
        label=_l("Ultrasound of the abdomen"), choices=choices.NORMAL_ABNORMAL, printed_as=_l("Ultrasound")
    )
    ultrasound_abdomen_text = Text(
        label=_l("What is abnormal (abdomen)"), shown_when=chosen("ultrasound_abdomen", "2")
    )
    ultrasound_other = OneOf(
        label=_l("Another ultrasound"), choices=choices.NORMAL_ABNORMAL, printed_with="ultrasound_abdomen"
    )
    ultrasound_other_text = Text(
        label=_l("What is abnormal (other ultrasound)"), shown_when=chosen("ultrasound_other", "2")
    )
    cervical_smear = OneOf(
        label=_l("Cervical smear"), choices=choices.NORMAL_ABNORMAL, sensitive=True,
        shown_when=~chosen("sex_code", "1"),
    )  # fmt: skip
    cervical_smear_text = Text(
        label=_l("What is abnormal (smear)"), sensitive=True, shown_when=chosen("cervical_smear", "2")
    )
    other_tests = Text(label=_l("Other tests"), longest=1000, lines=True)
