"""The declared forms of the national public health services, in the order of the specification."""

from __future__ import annotations

import typing

from saas.public_health.forms.bp_reading import BloodPressureReading
from saas.public_health.forms.call_outcome import CallOutcome
from saas.public_health.forms.consultation import Consultation
from saas.public_health.forms.dm_followup import DiabetesFollowUp
from saas.public_health.forms.elderly_self_care import ElderlySelfCare
from saas.public_health.forms.encounter_note import EncounterNote
from saas.public_health.forms.health_education_activity import HealthEducationActivity
from saas.public_health.forms.health_exam import HealthExam
from saas.public_health.forms.health_record import HealthRecord
from saas.public_health.forms.ht_followup import HypertensionFollowUp
from saas.public_health.forms.hypertension_registration import HypertensionRegistration
from saas.public_health.forms.population import Population
from saas.public_health.forms.record_card import RecordCard
from saas.public_health.forms.referral import ReferralBack, ReferralOut
from saas.public_health.forms.resident_profile import ResidentProfile
from saas.public_health.forms.service_declined import ServiceDeclined

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Form

FORMS: tuple[type[Form], ...] = (
    HealthRecord,
    ResidentProfile,
    HealthExam,
    EncounterNote,
    Consultation,
    ReferralOut,
    ReferralBack,
    RecordCard,
    HealthEducationActivity,
    Population,
    ElderlySelfCare,
    BloodPressureReading,
    HypertensionRegistration,
    HypertensionFollowUp,
    DiabetesFollowUp,
    CallOutcome,
    ServiceDeclined,
)
