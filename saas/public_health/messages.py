"""The sentences of the rules' findings and the paragraphs they come from; the rules know no language."""

from __future__ import annotations

import functools
import typing

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import About, Source

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

EDITION = "2017"
"""国家基本公共卫生服务规范, third edition."""

SENTENCES: Mapping[str, object] = {
    "pressure-emergency": _l(
        "Emergency: blood pressure of 180/110 mmHg or more. Treat, refer at once, and follow up within"
        " 14 days."
    ),
    "danger-sign": _l(
        "Emergency: a sign of danger. Treat, refer at once, and follow the referral up within 14 days."
    ),
    "glucose-high": _l(
        "Emergency: fasting glucose of 16.7 mmol/L or more. Treat, refer at once, and follow up within"
        " 14 days."
    ),
    "glucose-low": _l(
        "Emergency: fasting glucose of 3.9 mmol/L or less. Give 15–20 g of sugar now, measure again after"
        " 15 minutes, refer, and follow up within 14 days."
    ),
    "fever": _l(
        "Emergency: temperature above 39 °C in diabetes. Treat, refer at once, follow up within 14 days."
    ),
    "refer-urgently": _l("Refer at once, and follow the referral up within 14 days."),
    "refer-complication": _l("New or worse complication: refer, and contact the person within 14 days."),
    "refer-second-time": _l(
        "Not controlled, or a reaction not resolved, for the second time: refer, and contact the person"
        " within"
        " 14 days."
    ),
    "referral-not-made": _l("The rules advise a referral. If it is not made, note why."),
    "check-adherence": _l(
        "First time: check how the medicines are taken, adjust dose or kind, and see the person again within"
        " 14 days."
    ),
    "class-differs": _l("The computed class is “%(computed)s”. Keep the other one, with the reason?"),
    "is-it-an-emergency": _l("Is this an emergency? If so, tick the sign of danger and refer at once."),
    "heart-fast": _l("The heart beats more than 100 times a minute. If it lasts, it is a sign of danger."),
    "home-reading": _l("The person's own reading sets no class; at home the goal is below 135/85 mmHg."),
    "own-meter": _l("The value comes from the person's own meter; it counts and is marked so."),
    "mean-differs": _l(
        "The mean of the last two readings is %(systolic)s/%(diastolic)s mmHg. Keep the other value?"
    ),
    "consider-ketones": _l("Fasting glucose of 13.9 mmol/L or more: consider a test for ketones."),
    "glucose-impaired": _l(
        "Fasting glucose of 6.1 to 6.9 mmol/L is impaired: advise on the way of life, test every year."
    ),
    "foot-pulse": _l("Weak or absent pulse of the foot: teach foot care and refer."),
    "bmi-impossible": _l(
        "Weight and height give a body mass index of %(bmi)s; possible are %(low)s to %(high)s."
    ),
    "bmi-unusual": _l(
        "Weight and height give a body mass index of %(bmi)s, outside %(low)s to %(high)s. Measure again, or"
        " confirm."
    ),
    "bmi-differs": _l("The body mass index is computed: %(computed)s and not %(sent)s."),
    "overweight": _l("Overweight or a large waist: give guidance and agree a target weight."),
    "probable-hypertension": _l(
        "Raised on three different days: probable hypertension. Refer to confirm, and follow up within"
        " 14 days."
    ),
    "raised-recheck": _l(
        "Raised (day %(count)s of 3). Remove what may have caused it, and measure on another day within"
        " 4 weeks."
    ),
    "risk-half-yearly": _l("At risk of hypertension: measure every six months and give guidance."),
    "home-raised": _l("A reading outside the clinic of 135/85 mmHg or more; measure at the clinic."),
    "no-consent": _l("Without the person's consent nobody is enrolled. Care goes on as before."),
    "refer-secondary": _l("Not primary hypertension: refer to find the cause."),
    "under-35": _l("The service is meant from 35 years on; this person is %(age)s. Enrol all the same?"),
    "enrolled-before-confirmed": _l("Enrolment must not lie before the diagnosis was confirmed (%(day)s)."),
    "ended-before-enrolled": _l("The end must not lie before the enrolment (%(day)s)."),
    "told-first": _l(
        "First tell what the service is and that nothing follows from a no: care goes on as before."
    ),
    "visit-at-home": _l("The person is dependent: visit at home."),
    "under-65": _l("The yearly service for older people begins in the year of the 65th birthday."),
    "too-old-to-be": _l("This person would be %(age)s years old; possible are 120 at most."),
    "very-old": _l("This person would be %(age)s years old. Look at the year once more."),
    "id-number-doubtful": _l(
        "This is no valid identity card number. Correct it, or keep it as it stands on the document."
    ),
    "id-number-differs": _l(
        "Sex or birth date differ from the identity card number. Correct one of them, or keep both."
    ),
    "allergy": _l("Drug allergy: shown in red everywhere and checked with every prescription."),
    "none-and-more": _l("“None” excludes every other illness."),
    "offer-hypertension": _l("Hypertension: offer the follow-up service. The person decides."),
    "offer-diabetes": _l("Diabetes: offer the follow-up service. The person decides."),
    "offer-lung": _l("Chronic obstructive lung disease: offer the service. The person decides."),
    "offer-tuberculosis": _l("Tuberculosis: offer the service. The person decides."),
    "offer-several": _l("Several illnesses have a service of their own: offer each. The person decides."),
    "elderly-due": _l("65 years this year or older: offer the yearly service for older people."),
    "no-record-consent": _l(
        "A record is voluntary. Without consent none is made, and care goes on as before."
    ),
    "record-number": _l("A record number has 17 digits, the last five not all zero."),
    "board-small": _l("A notice board has at least %(least)s m²."),
    "removed-before-posted": _l("It must not be taken down before it was put up (%(day)s)."),
    "arms-differ": _l("The arms differ by 20 mmHg or more: measure again, then look for the cause."),
    "exam-pressure-raised": _l(
        "Blood pressure of 140/90 mmHg or more. If hypertension is not known: measure on other days."
    ),
    "exam-glucose-raised": _l("Fasting glucose of 7.0 mmol/L or more: repeat, or refer to confirm diabetes."),
    "lipids-raised": _l("%(field)s of %(limit)s mmol/L or more: measure again or refer."),
    "anaemia": _l("Haemoglobin below %(limit)s g/L: anaemia, look for the cause."),
    "laboratory-raised": _l("%(field)s above %(limit)s: measure again or refer."),
    "rhythm-irregular": _l("Absolutely irregular rhythm. If atrial fibrillation is not known: refer."),
    "cognition-positive": _l("Cognition, screening positive: do the full test (score: %(score)s) and refer."),
    "emotion-positive": _l(
        "Mood, screening positive: do the full scale (score: %(score)s), support the person and refer."
    ),
    "falls": _l("Risk of falls: give advice on falls."),
    "abnormal-unsaid": _l("Say what is abnormal."),
    "abnormal-said": _l(
        "Something abnormal is written, and the evaluation says nothing is. Which one holds?"
    ),
}

SOURCES: Mapping[str, Source] = {
    "body": Source(_l("Body mass index and waist, adults in China (§0.7, §7.2)")),
    "followup-class": Source(_l("Basic public health services 2017: class of the follow-up (§7.3, §8.2)")),
    "followup-next": Source(_l("Basic public health services 2017: next visit and referral (§7.3, §8.2)")),
    "followup-emergency": Source(_l("Basic public health services 2017: signs of danger (§7.3, §8.2)")),
    "ht-emergency": Source(_l("Basic public health services 2017: hypertension, emergency (§7.3)")),
    "ht-home": Source(_l("Readings at home: a hint, no class (§7.1)"), "project"),
    "ht-screening": Source(_l("Basic public health services 2017: hypertension, screening (§7.1)")),
    "ht-enrolment": Source(_l("Basic public health services 2017: hypertension, who and consent (§7)")),
    "declining": Source(_l("Services are voluntary: a no has no consequence and rests for 12 months (§0.1)")),
    "dm-emergency": Source(_l("Basic public health services 2017: type 2 diabetes, emergency (§8.2)")),
    "dm-home": Source(_l("The person's own meter by telephone (§8.1)"), "project"),
    "dm-foot": Source(_l("Basic public health services 2017: type 2 diabetes, feet (§8.2)")),
    "dm-project": Source(_l("Type 2 diabetes: hints beside the norm (§8.2)"), "project"),
    "elderly": Source(_l("Basic public health services 2017: older people (§6)")),
    "elderly-project": Source(_l("Older people: year of the 65th birthday, falls (§0.4, §6)"), "project"),
    "exam": Source(_l("Basic public health services 2017: health examination (§1.3)")),
    "exam-advice": Source(_l("Health examination: what is advised (§1.3.2)")),
    "exam-limit": Source(
        _l("Health examination: usual upper limit, the laboratory's is not typed"), "unsure"
    ),
    "exam-scales": Source(_l("Health examination: scales of cognition and mood (§1.3.1)"), "unsure"),
    "profile": Source(_l("Basic public health services 2017: personal information (§1.2)")),
    "identity": Source(_l("Citizen identification number (GB 11643)")),
    "record": Source(_l("Basic public health services 2017: health record (§1, §1.1)")),
    "education": Source(_l("Basic public health services 2017: health education (§2)")),
}

card = functools.partial(About, edition=EDITION, sentences=SENTENCES, sources=SOURCES)
"""A form of this room."""
