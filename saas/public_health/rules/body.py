"""Weight, height and waist: body mass index and its bands (§0.7), when weighing is due (§7.2, §19a)."""

from __future__ import annotations

import datetime
import decimal
import typing

from saas.formkit.findings import Finding, advising, asking, blocking
from saas.formkit.rules import days

if typing.TYPE_CHECKING:
    from saas.public_health.rules.followup import EarlierRecord

Decimal = decimal.Decimal
SOURCE = "body"
UNDERWEIGHT, OVERWEIGHT, OBESE = Decimal("18.5"), Decimal(24), Decimal(28)
"""kg/m², adults in China: below, from, from."""
LEAST, MOST = Decimal(8), Decimal(80)
ASK_LEAST, ASK_MOST = Decimal(15), Decimal(40)
"""kg/m² of a possible and of a plausible body mass index (value-ranges, bmi)."""
WAIST_MEN, WAIST_WOMEN = Decimal(90), Decimal(85)
"""cm from which the waist of men and of women is large."""
MALE, FEMALE = "1", "2"
_HUNDREDTH = Decimal("0.01")


def mass_index(weight: Decimal | None, height: Decimal | None) -> Decimal | None:
    """Body mass index = kg / m², two decimals, halves rounded up; None without weight or height."""
    if weight is None or not height:
        return None
    return (weight * 10000 / (height * height)).quantize(_HUNDREDTH, decimal.ROUND_HALF_UP)


def bmi(*, weight: Decimal | None, known_height: Decimal | None) -> Decimal | None:
    """Body mass index of the visit's weight (kg) and the height (cm) that is known of the person."""
    return mass_index(weight, known_height)


def bmi_of_exam(*, weight: Decimal | None, height: Decimal | None) -> Decimal | None:
    """Body mass index of the examination's own weight (kg) and height (cm)."""
    return mass_index(weight, height)


def bmi_band(*, computed_bmi: Decimal | None) -> str | None:
    """Below 18.5 low, to 23.9 normal, 24.0 to 27.9 overweight, from 28.0 obese (kg/m², adults)."""
    if computed_bmi is None:
        return None
    if computed_bmi < UNDERWEIGHT:
        return "low"
    if computed_bmi < OVERWEIGHT:
        return "normal"
    return "overweight" if computed_bmi < OBESE else "obese"


def bmi_is_possible(*, weight: Decimal | None, known_height: Decimal | None) -> Finding | None:
    """A body mass index below 8 or above 80 kg/m² cannot be: weight or height is wrong (value-ranges)."""
    return _impossible(mass_index(weight, known_height), "weight")


def bmi_of_exam_is_possible(*, weight: Decimal | None, height: Decimal | None) -> Finding | None:
    """The same for the weight and height of one examination."""
    return _impossible(mass_index(weight, height), "weight", "height")


def _impossible(index: Decimal | None, *fields: str) -> Finding | None:
    if index is None or LEAST <= index <= MOST:
        return None
    return blocking("bmi-impossible", *fields, source=SOURCE, bmi=index, low=LEAST, high=MOST)


def bmi_is_plausible(*, computed_bmi: Decimal | None) -> Finding | None:
    """A body mass index below 15 or above 40 kg/m² asks once (value-ranges)."""
    if computed_bmi is None or ASK_LEAST <= computed_bmi <= ASK_MOST:
        return None
    return asking("bmi-unusual", "weight", source=SOURCE, bmi=computed_bmi, low=ASK_LEAST, high=ASK_MOST)


def sent_bmi_agrees(*, bmi: Decimal | None, computed_bmi: Decimal | None) -> Finding | None:
    """A body mass index that was sent along is replaced by the computed one; a difference is told."""
    if bmi is None or computed_bmi is None or bmi == computed_bmi:
        return None
    return advising("bmi-differs", "bmi", source=SOURCE, sent=bmi, computed=computed_bmi)


def weight_due(
    *,
    known_height: Decimal | None,
    last_weighed_on: datetime.date | None,
    earlier: tuple[EarlierRecord, ...],
    visit_on: datetime.date | None,
) -> bool | None:
    """Weighing is due at each visit if the last body mass index is 24 or more, otherwise once a year.

    Unknown, and so not demanded, while neither the height with an earlier weight nor the day of the last
    weighing is known.
    """
    if last_weighed_on and visit_on and days.completed_years(last_weighed_on, visit_on) >= 1:
        return True
    index = mass_index(last_weight(earlier), known_height)
    if index is not None and index >= OVERWEIGHT:
        return True
    return None if last_weighed_on is None and index is None else False


def last_weight(earlier: tuple[EarlierRecord, ...]) -> Decimal | None:
    """The newest weight (kg) of the earlier records."""
    weights = (record.answered("weight") for record in earlier)
    return next((weight for weight in weights if isinstance(weight, Decimal)), None)


def has_large_waist(waist: Decimal | None, sex_code: str | None) -> bool:
    """Central obesity: waist of 90 cm and more in men, 85 cm and more in women."""
    limit = {MALE: WAIST_MEN, FEMALE: WAIST_WOMEN}.get(sex_code or "")
    return waist is not None and limit is not None and waist >= limit


def weight_guidance(
    *, computed_bmi: Decimal | None, waist_circumference: Decimal | None, sex_code: str | None
) -> Finding | None:
    """BMI of 24 and more or a large waist: guidance and a target weight (§1.3.2)."""
    heavy = computed_bmi is not None and computed_bmi >= OVERWEIGHT
    if not heavy and not has_large_waist(waist_circumference, sex_code):
        return None
    return advising("overweight", "risk_control", "risk_control_weight_target", source="exam-advice")
