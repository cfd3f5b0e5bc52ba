"""Choices have the codes and the Chinese words of the paper forms (``data/code-tables.csv``)."""

from __future__ import annotations

import csv
import re
import typing
from pathlib import Path

import pytest

from saas.formkit import texts
from saas.public_health import choices, exam_choices

if typing.TYPE_CHECKING:
    from saas.formkit.declaring import Choices

FILE = Path(__file__).parent / "data" / "code-tables.csv"
TABLES: dict[str, Choices] = {
    "sex_code": choices.SEX,
    "id_document_type": choices.DOCUMENT,
    "abo_blood_type": choices.ABO,
    "rh_blood_type": choices.RH,
    "education_form": choices.EDUCATION,
    "occupation_form": choices.OCCUPATION,
    "payment_method": choices.PAYMENT,
    "drug_allergy": choices.DRUG_ALLERGY,
    "exposure_history": choices.EXPOSURE,
    "past_disease": choices.PAST_DISEASE,
    "family_disease": choices.FAMILY_DISEASE,
    "family_relation_group": choices.FAMILY_RELATION,
    "none_or_some": choices.NONE_OR_SOME,
    "disability": choices.DISABILITY,
    "kitchen_ventilation": choices.KITCHEN_VENTILATION,
    "fuel_type": choices.FUEL,
    "drinking_water": choices.DRINKING_WATER,
    "toilet_type": choices.TOILET,
    "livestock_pen": choices.LIVESTOCK_PEN,
    "visit_mode": choices.VISIT_MODE,
    "exam_symptom": exam_choices.SYMPTOM,
    "ht_symptom": choices.HT_SYMPTOM,
    "dm_symptom": choices.DM_SYMPTOM,
    "followup_class": choices.FOLLOWUP_CLASS,
    "medication_adherence": choices.ADHERENCE,
    "good_fair_poor": choices.GOOD_FAIR_POOR,
    "salt_level": choices.SALT,
    "hypoglycaemia": choices.HYPOGLYCAEMIA,
    "dorsalis_pedis_dm": choices.DORSALIS_PEDIS,
    "dorsalis_pedis_exam": exam_choices.DORSALIS_PEDIS,
    "smoking_status": exam_choices.SMOKING,
    "drinking_frequency": exam_choices.DRINKING,
    "exercise_frequency": exam_choices.EXERCISE,
    "diet_habit": exam_choices.DIET,
    "self_health_rating": exam_choices.SELF_HEALTH,
    "self_care_level": exam_choices.SELF_CARE_LEVEL,
    "archived_material": choices.ARCHIVED_MATERIAL,
}
# Identity is said with the shorter words that the page of a resident has.
SHORTER = {"sex_code", "id_document_type"}


def paper() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], {})[row["code"]] = row["name_zh"]
    return tables


def test_every_table_of_the_file_is_compared() -> None:
    assert paper().keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_codes_and_words_are_those_of_the_paper(name: str, speech: None) -> None:
    expected = paper()[name]
    assert TABLES[name].keys() == expected.keys()
    with texts.speaking("zh"):
        said = {code: re.sub("（[^）]*）$", "", str(each.label)) for code, each in TABLES[name].items()}
    for code, words in said.items():
        on_paper = re.sub("（[^）]*）$", "", expected[code])
        assert words == on_paper or (name in SHORTER and set(words) <= set(on_paper)), code


@pytest.mark.parametrize(
    "table", [choices.HT_SYMPTOM, choices.DM_SYMPTOM, exam_choices.SYMPTOM, choices.DRUG_ALLERGY]
)
def test_none_excludes_every_other_choice(table: Choices) -> None:
    assert [code for code, choice in table.items() if choice.alone] == ["1"]
