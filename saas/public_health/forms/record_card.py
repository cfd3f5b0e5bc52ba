"""Information card (居民健康档案信息卡, §1.7)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Day, OneOf, Reference, Text
from saas.public_health import choices
from saas.public_health.messages import card
from saas.public_health.rules import record


class _Front(Form):
    """Who she is, and what helps her in need."""

    section = _l("Front")

    full_name = Text(label=_l("Name as on the document"), longest=100, required=True, may_miss=False)
    sex_code = OneOf(label=_l("Sex"), choices=choices.SEX, required=True, may_miss=False)
    birth_date = Day(label=_l("Birth date"), required=True, past=True)
    record_no = Text(label=_l("Health record number"), longest=17, required=True)
    abo_blood_type = OneOf(label=_l("Blood type (ABO)"), choices=choices.ABO, printed_as=_l("Blood type"))
    rh_blood_type = OneOf(label=_l("Blood type (Rh)"), choices=choices.RH, printed_with="abo_blood_type")
    chronic_conditions = AnyOf(
        label=_l("Chronic conditions that the person wants printed"), choices=choices.CHRONIC_CONDITION
    )
    chronic_conditions_text = Text(
        label=_l("Another condition"), shown_when=chosen("chronic_conditions", "8")
    )
    drug_allergies = AnyOf(label=_l("History of drug allergy"), choices=choices.DRUG_ALLERGY, required=True)
    drug_allergies_text = Text(label=_l("Another drug allergy"), shown_when=chosen("drug_allergies", "5"))


class _Back(Form):
    """Where she lives, whom to call."""

    section = _l("Back of the card")

    current_address = Text(label=_l("Present address"), longest=300)
    home_phone = Text(label=_l("Home phone"), longest=20)
    contact_name = Text(label=_l("Contact person"), longest=100)
    contact_phone = Text(label=_l("Phone of the contact person"), longest=20)
    institution = Text(label=_l("Institution"), longest=100)
    institution_phone = Text(label=_l("Phone of the institution"), longest=20)
    responsible_doctor = Reference(label=_l("Responsible doctor"), required=True, demanded=False)
    doctor_phone = Text(label=_l("Phone of the doctor or nurse"), longest=20)
    remarks = Text(label=_l("Remarks"), longest=300)


class RecordCard(_Front, _Back):
    """The person chooses what is printed; no number of a document, no picture, nothing sensitive."""

    issued_on = Day(label=_l("Issued on"), required=True, past=True)

    about = card(
        code="record_card",
        title=_l("Information card"),
        source="§1.7",
        visit_day="issued_on",
        signature="responsible_doctor",
        contradictions=(record.record_number_has_17_digits,),
        checks=(record.allergy,),
    )
