"""The code tables of the national forms (third edition, 2017); the codes are those on the paper."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Choice, Choices
from saas.formkit.kinds import table

SEX: Choices = {
    "1": Choice(_l("Male")),
    "2": Choice(_l("Female")),
    "0": Choice(_l("Unknown")),
    "9": Choice(_l("Not stated")),
}
DOCUMENT: Choices = {
    "01": Choice(_l("Identity card")),
    "02": Choice(_l("Household register")),
    "03": Choice(_l("Passport")),
    "04": Choice(_l("Officer card")),
    "05": Choice(_l("Driving licence"), retired=True),
    "06": Choice(_l("Hong Kong and Macau travel permit")),
    "07": Choice(_l("Taiwan travel permit")),
    "99": Choice(_l("Other document")),
}
ABO = table(_l("Type A"), _l("Type B"), _l("Type O"), _l("Type AB"), _l("Not known"))
RH = table(_l("Negative"), _l("Positive"), _l("Not known"))
EDUCATION = table(
    _l("Postgraduate"), _l("University"), _l("College"), _l("Secondary specialised school"),
    _l("Technical school"), _l("Senior high school"), _l("Junior high school"), _l("Primary school"),
    _l("Little or no schooling"), _l("Not known"),
)  # fmt: skip
OCCUPATION = table(
    _l("Heads of organisations"), _l("Professional and technical staff"), _l("Office staff"),
    _l("Trade and services"), _l("Farming, forestry, herding, fishing, water"),
    _l("Operators of production and transport"), _l("Military"), _l("Other occupation"), _l("No occupation"),
    first=0,
)  # fmt: skip
PAYMENT = table(
    _l("Urban employee insurance"), _l("Urban resident insurance"), _l("Rural cooperative insurance"),
    _l("Medical assistance for the poor"), _l("Commercial insurance"), _l("Fully public"),
    _l("Fully self-paid"), _l("Other"),
)  # fmt: skip
DRUG_ALLERGY = table(
    _l("None"), _l("Penicillin"), _l("Sulfonamides"), _l("Streptomycin"), _l("Other"), alone="1"
)
EXPOSURE = table(_l("None"), _l("Chemicals"), _l("Poisons"), _l("Radiation"), alone="1")
PAST_DISEASE = table(
    _l("None"), _l("Hypertension"), _l("Diabetes"), _l("Coronary heart disease"),
    _l("Chronic obstructive lung disease"), _l("Malignant tumour"), _l("Stroke"),
    _l("Severe mental disorder"),
    _l("Tuberculosis"), _l("Hepatitis"), _l("Another notifiable disease"), _l("Occupational disease"),
    _l("Other"),
)  # fmt: skip
FAMILY_DISEASE = table(
    _l("None"), _l("Hypertension"), _l("Diabetes"), _l("Coronary heart disease"),
    _l("Chronic obstructive lung disease"), _l("Malignant tumour"), _l("Stroke"),
    _l("Severe mental disorder"),
    _l("Tuberculosis"), _l("Hepatitis"), _l("Congenital malformation"), _l("Other"), alone="1",
)  # fmt: skip
FAMILY_RELATION: Choices = {
    "father": Choice(_l("Father")),
    "mother": Choice(_l("Mother")),
    "sibling": Choice(_l("Brothers and sisters")),
    "child": Choice(_l("Children")),
}
NONE_OR_SOME = table(_l("None"), _l("Yes, there is"))
DISABILITY = table(
    _l("No disability"), _l("Visual disability"), _l("Hearing disability"), _l("Speech disability"),
    _l("Physical disability"), _l("Intellectual disability"), _l("Psychiatric disability"),
    _l("Another disability"), alone="1",
)  # fmt: skip
KITCHEN_VENTILATION = table(_l("None"), _l("Extractor hood"), _l("Fan"), _l("Chimney"))
FUEL = table(_l("Liquefied gas"), _l("Coal"), _l("Natural gas"), _l("Biogas"), _l("Firewood"), _l("Other"))
DRINKING_WATER = table(
    _l("Tap water"), _l("Filtered water"), _l("Well"), _l("River or lake"), _l("Pond"), _l("Other")
)
TOILET = table(
    _l("Sanitary toilet"), _l("Pit of one or two chambers"), _l("Commode"), _l("Open pit"), _l("Simple shed")
)
LIVESTOCK_PEN = table(_l("None"), _l("Separate"), _l("Inside the house"), _l("Outside the house"))

VISIT_MODE = table(_l("At the clinic"), _l("At home"), _l("By telephone"))
HT_SYMPTOM = table(
    _l("No symptoms"), _l("Headache, dizziness"), _l("Nausea, vomiting"),
    _l("Dim sight, ringing in the ears"),
    _l("Shortness of breath"), _l("Palpitations, tight chest"), _l("Nosebleed that does not stop"),
    _l("Numb limbs"), _l("Swollen legs"), _l("Other"), alone="1",
)  # fmt: skip
DM_SYMPTOM = table(
    _l("No symptoms"), _l("Much thirst"), _l("Much hunger"), _l("Much urine"), _l("Blurred vision"),
    _l("Infection"), _l("Numb hands or feet"), _l("Puffy legs"), _l("Marked weight loss"), _l("Other"),
    alone="1",
)  # fmt: skip
HT_DANGER = table(
    _l("Consciousness changed"), _l("Severe headache or dizziness"), _l("Nausea with vomiting"),
    _l("Blurred vision"), _l("Eye pain"), _l("Palpitations or tight chest"),
    _l("Cannot lie flat for breathlessness"), _l("Raised pressure in pregnancy or while breastfeeding"),
    _l("Something else that cannot be managed here"),
)  # fmt: skip
DM_DANGER = table(
    _l("Consciousness or behaviour changed"), _l("Breath smells of acetone"), _l("Palpitations"),
    _l("Sweating"), _l("Poor appetite"), _l("Nausea"), _l("Vomiting"), _l("Much thirst"), _l("Much urine"),
    _l("Abdominal pain"), _l("Deep laboured breathing"), _l("Flushed skin"), _l("Lasting fast heartbeat"),
    _l("Temperature above 39 °C"), _l("Another sudden change, like loss of sight"),
    _l("High glucose in pregnancy or while breastfeeding"),
)  # fmt: skip
FOLLOWUP_CLASS = table(_l("Controlled"), _l("Not controlled"), _l("Adverse reaction"), _l("Complication"))
ADHERENCE = table(_l("Regular"), _l("With gaps"), _l("Takes none"))
GOOD_FAIR_POOR = table(_l("Good"), _l("Fair"), _l("Poor"))
SALT = table(_l("Light"), _l("Medium"), _l("Heavy"))
HYPOGLYCAEMIA = table(_l("None"), _l("Occasional"), _l("Frequent"))
DORSALIS_PEDIS = table(_l("Felt, normal"), _l("Weak"), _l("Absent"))
SIDE: Choices = {
    "both": Choice(_l("Both sides")),
    "left": Choice(_l("Left side")),
    "right": Choice(_l("Right side")),
}
BMI_BAND: Choices = {
    "low": Choice(_l("Underweight")),
    "normal": Choice(_l("Normal weight")),
    "overweight": Choice(_l("Overweight")),
    "obese": Choice(_l("Obese")),
}
COMPLICATION = table(_l("None"), _l("New or worse"))
REFERRAL_URGENCY: Choices = {
    "emergency": Choice(_l("Urgent")),
    "advised": Choice(_l("Advised")),
}
DOSE_UNIT: Choices = {
    "mg": Choice(_l("mg (milligram)")),
    "g": Choice(_l("g (gram)")),
    "片": Choice(_l("tablet")),
    "粒": Choice(_l("capsule, grain")),
    "mL": Choice(_l("mL (millilitre)")),
    "U": Choice(_l("U (unit)")),
}
ARM = table(_l("Left arm"), _l("Right arm"))
POSITION = table(_l("Sitting"), _l("Lying"), _l("Standing"))
PLACE: Choices = {
    "clinic": Choice(_l("Read by staff")),
    "home": Choice(_l("Own reading at home")),
    "ambulatory": Choice(_l("Recorder over the day")),
}
HT_RISK = table(
    _l("Pressure 130–139 or 85–89 mmHg"), _l("Overweight or large waist"),
    _l("Hypertension among close relatives"), _l("Salty food for long"), _l("Much alcohol for long"),
    _l("55 years or older"),
)  # fmt: skip
END_REASON: Choices = {
    "died": Choice(_l("Died")),
    "moved": Choice(_l("Moved away")),
    "lost": Choice(_l("Contact lost")),
    "withdrawn": Choice(_l("No longer wishes it")),
    "not_confirmed": Choice(_l("Diagnosis not confirmed")),
}
EDUCATION_FORM: Choices = {
    "lecture": Choice(_l("Lecture")),
    "consultation": Choice(_l("Public consultation")),
    "print": Choice(_l("Printed material")),
    "audio_visual": Choice(_l("Audio or video")),
    "board": Choice(_l("Notice board")),
    "individual": Choice(_l("Individual guidance")),
}
ARCHIVED_MATERIAL = table(
    _l("Written material"),
    _l("Pictures"),
    _l("Prints"),
    _l("Recordings"),
    _l("Attendance count"),
    _l("Other"),
)
MATERIAL_LANGUAGE: Choices = {
    "zh": Choice(_l("Chinese")),
    "ug": Choice(_l("Uyghur")),
    "both": Choice(_l("Both languages")),
}
CHRONIC_CONDITION = table(
    _l("None"), _l("Hypertension"), _l("Diabetes"), _l("Stroke"), _l("Coronary heart disease"), _l("Asthma"),
    _l("Occupational disease"), _l("Another disease"), alone="1",
)  # fmt: skip
_FOUR = (_l("By oneself"), _l("A little help"), _l("Much help"), _l("Cannot do it"))
SELF_CARE = table(*_FOUR)
SELF_CARE_WITHOUT_MILD: Choices = {code: each for code, each in SELF_CARE.items() if code != "2"}
