"""The code tables of the health examination form (third edition, 2017), 1.3; codes as on the paper."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.kinds import table

SYMPTOM = table(
    _l("No symptoms"), _l("Headache"), _l("Dizziness"), _l("Palpitations"), _l("Tight chest"),
    _l("Chest pain"), _l("Lasting cough"), _l("Coughing up sputum"), _l("Shortness of breath"),
    _l("Much thirst"),
    _l("Much urine"), _l("Weight loss"), _l("Fatigue"), _l("Painful swollen joints"), _l("Blurred vision"),
    _l("Numb hands or feet"), _l("Urgent urination"), _l("Painful urination"), _l("Constipation"),
    _l("Diarrhoea"), _l("Nausea, vomiting"), _l("Dim sight"), _l("Ringing in the ears"),
    _l("Breast pain"), _l("Other"), alone="1",
)  # fmt: skip
SELF_HEALTH = table(
    _l("Satisfied"), _l("Mostly satisfied"), _l("Cannot say"), _l("Not very satisfied"), _l("Dissatisfied")
)
SELF_CARE_LEVEL = table(
    _l("Independent (0–3)"), _l("Mildly dependent (4–8)"), _l("Moderately dependent (9–18)"),
    _l("Dependent (19 and more)"),
)  # fmt: skip
SCREEN = table(_l("Screening negative"), _l("Screening positive"))
EXERCISE = table(_l("Daily"), _l("More than once a week"), _l("Now and then"), _l("No exercise"))
DIET = table(_l("Balanced"), _l("Mainly meat"), _l("Mainly vegetables"), _l("Salty"), _l("Oily"), _l("Sweet"))
SMOKING = table(_l("Never smoked"), _l("Has quit smoking"), _l("Smokes"))
DRINKING = table(_l("Never"), _l("Now and then"), _l("Often"), _l("Daily"))
QUIT_DRINKING = table(_l("Has not quit drinking"), _l("Has quit drinking"))
YES_NO = table(_l("Yes"), _l("No"))
ALCOHOL = table(_l("Liquor"), _l("Beer"), _l("Red wine"), _l("Yellow wine"), _l("Other"))
HAZARD = table(_l("Dust"), _l("Radioactive material"), _l("Physical hazard"), _l("Chemicals"), _l("Other"))
NONE_OR_SOME = table(_l("None"), _l("Yes, there is"))
LIPS = table(_l("Rosy"), _l("Pale"), _l("Bluish"), _l("Cracked"), _l("Blisters"))
TEETH = table(_l("Normal"), _l("Missing teeth"), _l("Decayed teeth"), _l("Dentures"), alone="1")
THROAT = table(_l("Not reddened"), _l("Reddened"), _l("Follicles"))
HEARING = table(_l("Hears"), _l("Hears poorly or not at all"))
MOTOR = table(_l("Completes all"), _l("Cannot do any alone"))
NORMAL_ABNORMAL = table(_l("Normal"), _l("Abnormal"))
SKIN = table(
    _l("Normal"), _l("Flushed"), _l("Pale"), _l("Bluish"), _l("Yellow"), _l("Pigmented"), _l("Other")
)
SCLERA = table(_l("Normal"), _l("Yellow"), _l("Reddened"), _l("Other"))
LYMPH_NODES = table(_l("Not felt"), _l("Above the collarbone"), _l("Armpit"), _l("Other"))
NO_YES = table(_l("No"), _l("Yes"))
RALES = table(_l("None"), _l("Dry rales"), _l("Moist rales"), _l("Other"))
RHYTHM = table(_l("Regular rhythm"), _l("Irregular rhythm"), _l("Absolutely irregular rhythm"))
OEDEMA = table(_l("None"), _l("One side"), _l("Both sides, unequal"), _l("Both sides, equal"))
DORSALIS_PEDIS = table(
    _l("Not felt"), _l("Felt, equal on both sides"), _l("Left weak or absent"), _l("Right weak or absent")
)
RECTAL = table(_l("Nothing abnormal"), _l("Painful"), _l("Lump"), _l("Prostate abnormal"), _l("Other"))
BREAST = table(
    _l("Nothing abnormal"), _l("Breast removed"), _l("Abnormal milk flow"), _l("Breast lump"), _l("Other"),
    alone="1",
)  # fmt: skip
UNREMARKABLE = table(_l("Nothing abnormal"), _l("Abnormal"))
NEGATIVE_POSITIVE = table(_l("Negative"), _l("Positive"))
CEREBROVASCULAR = table(
    _l("Not found"), _l("Ischaemic stroke"), _l("Brain haemorrhage"), _l("Subarachnoid haemorrhage"),
    _l("Transient ischaemic attack"), _l("Other"), alone="1",
)  # fmt: skip
RENAL = table(
    _l("Not found"), _l("Diabetic kidney disease"), _l("Kidney failure"), _l("Acute nephritis"),
    _l("Chronic nephritis"), _l("Other"), alone="1",
)  # fmt: skip
CARDIAC = table(
    _l("Not found"), _l("Heart attack"), _l("Angina"), _l("Coronary vessels reopened"),
    _l("Congestive heart failure"), _l("Pain over the heart"), _l("Other"), alone="1",
)  # fmt: skip
VASCULAR = table(_l("Not found"), _l("Dissecting aneurysm"), _l("Occluded arteries"), _l("Other"), alone="1")
EYE = table(
    _l("Not found"), _l("Retinal bleeding or exudate"), _l("Swollen optic disc"), _l("Cataract"),
    _l("Other"), alone="1",
)  # fmt: skip
FOUND = table(_l("Not found"), _l("Yes, there is"))
EVALUATION = table(_l("Nothing abnormal at this exam"), _l("Something abnormal"))
GUIDANCE = table(_l("Enrol in chronic disease management"), _l("Recheck advised"), _l("Referral advised"))
RISK_CONTROL = table(
    _l("Stop smoking"), _l("Drink less"), _l("Diet"), _l("Exercise"), _l("Lose weight"),
    _l("Vaccination advised"), _l("Other"),
)  # fmt: skip
EXAM_GROUP = table(_l("Older people (65+)"), _l("Hypertension"), _l("Diabetes"))
