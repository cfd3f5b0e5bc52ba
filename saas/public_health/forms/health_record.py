"""Cover of the health record (居民健康档案封面, §1.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Code, Form
from saas.formkit.kinds import Day, Reference, Rows, Text, YesNo
from saas.public_health.messages import card
from saas.public_health.rules import record


class OtherName(Form):
    """Another written form of the name, in any script."""

    name = Text(label=_l("Name, another written form"), longest=100, required=True)


class HealthRecord(Form):
    """Made by consent for everybody who lives in the area for six months or more, registered or not."""

    record_no = Text(
        label=_l("Health record number"), longest=17, required=True, may_miss=False,
        codes=(Code("WS 365", "DE01.00.009.00", "sure"),),
    )  # fmt: skip
    full_name = Text(
        label=_l("Name as on the document"), longest=100, required=True, may_miss=False,
        codes=(Code("WS 365", "DE02.01.039.00"),),
    )  # fmt: skip
    other_names = Rows(label=_l("Other written forms of the name"), row=OtherName, most=2)
    current_address = Text(label=_l("Present address"), longest=300, required=True)
    phone = Text(
        label=_l("Phone"), longest=20, codes=(Code("WS 365", "DE02.01.010.00"),), known_as="own_phone"
    )  # fmt: skip
    township_name = Text(label=_l("Name of the township or street office"), longest=70, required=True)
    village_name = Text(label=_l("Name of the village or neighbourhood"), longest=70, required=True)
    created_institution = Reference(label=_l("Record made by (institution)"), to="institution", required=True)
    created_by = Reference(label=_l("Record made by"), required=True)
    responsible_doctor = Reference(label=_l("Responsible doctor"), required=True, demanded=False)
    created_on = Day(label=_l("Record made on"), required=True, past=True)
    consent_given = YesNo(label=_l("The person agrees"), required=True, may_miss=False)
    consent_on = Day(label=_l("Agreed on"), required=True, past=True)

    about = card(
        code="health_record",
        title=_l("Cover of the health record"),
        source="§1.1",
        visit_day="created_on",
        signature="responsible_doctor",
        contradictions=(record.record_consent, record.record_number_has_17_digits),
    )
