"""Two-way referral: out, and back (双向转诊单, §1.6)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Form, Letter
from saas.formkit.kinds import Day, Reference, Text, YesNo
from saas.public_health.messages import card
from saas.public_health.rules import record


class ReferralOut(Form):
    """To another institution; name, sex, age, address are printed from the resident."""

    referred_on = Day(label=_l("Referred on"), required=True, past=True)
    to_institution = Text(label=_l("Referred to (institution)"), longest=100, required=True)
    to_department = Text(label=_l("Department"), longest=100, required=True)
    receiving_doctor = Text(label=_l("Receiving doctor"), longest=100)
    initial_impression = Text(label=_l("First impression"), longest=500, lines=True, required=True)
    present_history = Text(
        label=_l("Present illness and why the person is referred"), longest=2000, lines=True, required=True
    )
    past_history = Text(label=_l("Main past illnesses"), longest=2000, lines=True)
    treatment_so_far = Text(label=_l("Treatment so far"), longest=2000, lines=True)
    print_sensitive = YesNo(label=_l("Print sensitive diagnoses as well"), may_miss=False, printed=False)
    phone = Text(label=_l("Phone"), longest=20)
    institution = Text(label=_l("Institution"), longest=100)
    referring_doctor = Reference(label=_l("Referring doctor"), required=True, demanded=False)

    about = card(
        code="referral",
        title=_l("Referral slip"),
        source="§1.6",
        permission="public_health.treat",
        visit_day="referred_on",
        signature="referring_doctor",
        next_due=record.referral_followup,
        letter=Letter(
            to=("to_institution", "to_department", "receiving_doctor"),
            request=_l("The person named above needs to be transferred to you. Please receive her or him."),
            close=("phone", "institution"),
        ),
    )


class ReferralBack(Form):
    """Back from the other institution."""

    returned_on = Day(label=_l("Referred back on"), required=True, past=True)
    to_institution = Text(label=_l("Referred back to (institution)"), longest=100)
    receiving_doctor = Text(label=_l("Receiving doctor"), longest=100)
    diagnosis = Text(label=_l("Result of the diagnosis"), longest=500, lines=True, required=True)
    inpatient_no = Text(label=_l("Inpatient number"), longest=50)
    main_findings = Text(label=_l("Main findings"), longest=2000, lines=True, required=True)
    treatment_next_plan_rehab = Text(
        label=_l("Treatment, next plan and rehabilitation"), longest=2000, lines=True, required=True
    )
    phone = Text(label=_l("Phone"), longest=20)
    institution = Text(label=_l("Institution"), longest=100)
    doctor = Text(label=_l("Doctor"), longest=100)

    about = card(
        code="referral_back",
        title=_l("Referral back"),
        source="§1.6",
        permission="public_health.treat",
        visit_day="returned_on",
        letter=Letter(
            to=("to_institution", "receiving_doctor"),
            request=_l("The person named above is transferred back to you. Please receive her or him."),
            close=("doctor", "phone", "institution"),
        ),
    )
