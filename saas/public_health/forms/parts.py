"""What many forms share: the visit, medicines, the referral block, how a contact ended (§0.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from saas.formkit import limits
from saas.formkit.conditions import Given, chosen
from saas.formkit.declaring import Code, Form
from saas.formkit.kinds import Day, Number, OneOf, Reference, Text, Whole
from saas.public_health import choices

SYSTOLIC = (Code("LOINC", "8480-6", "sure"), Code("WS 365", "DE04.10.174.00"))
DIASTOLIC = (Code("LOINC", "8462-4", "sure"), Code("WS 365", "DE04.10.176.00"))
WEIGHT = (Code("LOINC", "29463-7", "sure"), Code("WS 365", "DE04.10.188.00"))
HEIGHT = (Code("LOINC", "8302-2", "sure"), Code("WS 365", "DE04.10.167.00"))
BMI = (Code("LOINC", "39156-5", "sure"),)
HEART_RATE = (Code("LOINC", "8867-4", "sure"), Code("WS 365", "DE04.10.206.00"))
TEMPERATURE = (Code("LOINC", "8310-5", "sure"), Code("WS 365", "DE04.10.186.00"))
FASTING_GLUCOSE = (Code("LOINC", "14771-0", "sure"),)
HBA1C = (Code("LOINC", "4548-4", "sure"),)
FACE_TO_FACE = chosen("visit_mode", "1", "2")
"""By telephone nothing can be measured by staff (§7.2, §19a)."""
REFERRED = chosen("referral_advised", "2")


class Medication(Form):
    """One medicine in use."""

    drug_name = Text(label=_l("Name of the medicine"), longest=100, required=True)
    times_per_day = Number(label=_l("Times a day"), limits=limits.between("0.1", "24", 1))
    dose_each = Number(label=_l("Each time"), limits=limits.between("0", "100000", 2))
    dose_unit = OneOf(label=_l("Unit of the dose"), choices=choices.DOSE_UNIT, printed_with="dose_each")
    route = Text(label=_l("How to use"), longest=50)
    started_on = Day(label=_l("Taken since"))
    adherence = OneOf(label=_l("Taken as ordered"), choices=choices.ADHERENCE)


class PressureReading(Form):
    """One of several readings of a visit, 1–2 minutes apart."""

    systolic = Whole(label=_l("Systolic pressure"), unit="mmHg", limits="systolic_bp", required=True)
    diastolic = Whole(label=_l("Diastolic pressure"), unit="mmHg", limits="diastolic_bp", required=True)
    pulse = Whole(label=_l("Pulse"), unit="/min", limits="pulse_rate")


class Visit(Form):
    """The head of a follow-up."""

    service_date = Day(label=_l("Visit date"), required=True, past=True)
    visit_mode = OneOf(
        label=_l("Visit method"), choices=choices.VISIT_MODE, required=True, may_miss=False, carried=True
    )


class Referral(Form, closing=True):
    """The referral block, the same everywhere."""

    section = _l("Referral")

    referral_advised = OneOf(
        label=_l("Referral"), choices=choices.NONE_OR_SOME, required=True, demanded=False, may_miss=False
    )
    referral_reason = Text(label=lazy_pgettext("in a form", "Reason"), required=REFERRED, shown_when=REFERRED)
    referral_institution_dept = Text(
        label=_l("Institution and department"), required=REFERRED, shown_when=REFERRED
    )
    referral_urgency = OneOf(
        label=_l("Urgency"), choices=choices.REFERRAL_URGENCY, shown_when=REFERRED, may_miss=False, added=True
    )
    referral_followed_up_on = Day(label=_l("Followed up on"), shown_when=REFERRED, past=True, added=True)
    referral_result = Text(label=_l("Result"), shown_when=REFERRED, added=True)


class NextVisit(Form, closing=True):
    """The next date, why contact ended, the signature."""

    next_due_date = Day(label=_l("Next visit date"), required=True, demanded=False)
    lost_reason = Text(label=_l("Why contact was lost"), added=True)
    death_date = Day(label=_l("Date of death"), past=True, added=True)
    death_cause = Text(
        label=_l("Cause of death, from the certificate"), shown_when=Given("death_date"), added=True
    )
    consent_ref = Reference(label=_l("Consent"), to="consent")


class Signed(Form, closing=True):
    """The signature of the doctor."""

    doctor = Reference(label=_l("Doctor's signature"), required=True, demanded=False)


class SignedVisit(Form, closing=True):
    """The signature below a follow-up."""

    doctor = Reference(label=_l("Signature of the visiting doctor"), required=True, demanded=False)
