"""Personal basic information (个人基本信息表, §1.2)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Code, Form
from saas.formkit.kinds import AnyOf, Day, Month, OneOf, Rows, Text
from saas.public_health import choices
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import record


class PastDisease(Form):
    """One disease, and when it was confirmed."""

    disease = OneOf(label=_l("Illness"), choices=choices.PAST_DISEASE, required=True)
    disease_text = Text(label=_l("Which illness"), longest=100)
    confirmed_on = Month(label=_l("Confirmed in month"))


class Event(Form):
    """An operation or an injury."""

    name = Text(label=_l("Which one"), longest=100, required=True)
    happened_on = Month(label=_l("In month"))


class Transfusion(Form):
    """One blood transfusion."""

    reason = Text(label=lazy_pgettext("in a form", "Reason"), longest=100, required=True)
    happened_on = Month(label=_l("In month"))


class FamilyHistory(Form):
    """Diseases of one group of relatives."""

    relation = OneOf(label=_l("Relative"), choices=choices.FAMILY_RELATION, required=True)
    diseases = AnyOf(label=_l("Illnesses"), choices=choices.FAMILY_DISEASE, required=True)
    diseases_text = Text(label=_l("Other illnesses"), longest=100)


class _Person(Form):
    """Who it is, and what medicines she does not bear."""

    sex_code = OneOf(
        label=_l("Sex"), choices=choices.SEX, required=True, may_miss=False,
        codes=(Code("WS 365", "DE02.01.040.00"),),
    )  # fmt: skip
    birth_date = Day(
        label=_l("Birth date"), required=True, past=True, codes=(Code("WS 365", "DE02.01.005.01"),)
    )
    id_document_type = OneOf(label=_l("Document"), choices=choices.DOCUMENT, may_miss=False)
    id_number = Text(
        label=_l("Document number"),
        longest=30,
        sensitive=True,
        codes=(Code("WS 365", "DE02.01.030.00", "sure"),),
    )
    workplace = Text(label=_l("Workplace"), longest=70)
    own_phone = Text(label=_l("Own phone"), longest=20)
    contact_name = Text(label=_l("Name of the contact person"), longest=100)
    contact_phone = Text(label=_l("Phone of the contact person"), longest=20)
    abo_blood_type = OneOf(
        label=_l("Blood type (ABO)"),
        choices=choices.ABO,
        codes=(Code("WS 365", "DE04.50.001.00", "sure"),),
        printed_as=_l("Blood type"),
    )
    rh_blood_type = OneOf(
        label=_l("Blood type (Rh)"),
        choices=choices.RH,
        codes=(Code("WS 365", "DE04.50.010.00", "sure"),),
        printed_with="abo_blood_type",
    )
    education_code = OneOf(label=_l("Education"), choices=choices.EDUCATION)
    occupation_code = OneOf(label=_l("Occupation"), choices=choices.OCCUPATION)
    payment_methods = AnyOf(label=_l("Payment of care"), choices=choices.PAYMENT)
    payment_methods_text = Text(label=_l("Payment, other"), shown_when=chosen("payment_methods", "8"))
    drug_allergies = AnyOf(label=_l("History of drug allergy"), choices=choices.DRUG_ALLERGY, required=True)
    drug_allergies_text = Text(label=_l("Another drug allergy"), shown_when=chosen("drug_allergies", "5"))
    exposure_history = AnyOf(label=_l("Exposures"), choices=choices.EXPOSURE)


class _Past(Form):
    """Illnesses, operations, injuries, transfusions."""

    section = _l("Past medical history")

    past_diseases = Rows(label=_l("Past illnesses"), row=PastDisease, required=True, sensitive=True)
    surgeries = Rows(label=_l("Operations"), row=Event)
    injuries = Rows(label=_l("Injuries"), row=Event)
    transfusions = Rows(label=_l("Blood transfusions"), row=Transfusion)


class _Family(Form):
    """What runs in the family, and what she lives with."""

    family_history = Rows(label=_l("Family history"), row=FamilyHistory, most=4, sensitive=True)
    genetic_disease = OneOf(label=_l("Hereditary illness"), choices=choices.NONE_OR_SOME, sensitive=True)
    genetic_disease_text = Text(
        label=_l("Which hereditary illness"), shown_when=chosen("genetic_disease", "2"), sensitive=True
    )
    disabilities = AnyOf(label=_l("State of disability"), choices=choices.DISABILITY)
    disabilities_text = Text(label=_l("Which disability"), shown_when=chosen("disabilities", "8"))


class _Surroundings(Form):
    """How the household lives; in the country, and where it is of use."""

    section = _l("Living environment")

    kitchen_ventilation = OneOf(label=_l("Kitchen ventilation"), choices=choices.KITCHEN_VENTILATION)
    fuel_type = OneOf(label=_l("Fuel"), choices=choices.FUEL)
    drinking_water = OneOf(label=_l("Drinking water"), choices=choices.DRINKING_WATER)
    toilet_type = OneOf(label=_l("Toilet"), choices=choices.TOILET)
    livestock_pen = OneOf(label=_l("Pen for animals"), choices=choices.LIVESTOCK_PEN)


class ResidentProfile(_Person, _Past, _Family, _Surroundings):
    """Filled once when the record is made, then amended; children under seven do not use it."""

    filled_on = Day(label=_l("Filled in on"), required=True, past=True)
    doctor = parts.Signed.doctor

    about = card(
        code="resident_profile",
        title=_l("Personal information"),
        source="§1.2",
        visit_day="filled_on",
        contradictions=(record.birth_date_is_possible, record.no_disease_stands_alone),
        checks=(
            record.allergy,
            record.id_number_fits,
            record.id_number_agrees,
            record.offered_service,
            record.elderly_due,
        ),
    )
