"""What the clinic's own name says of the address of people around it."""

from __future__ import annotations

PROVINCE = "新疆维吾尔自治区"
"""GB/T 2260 code 65: the region of every institution of the roster."""

_CLINIC_ENDINGS = ("中心卫生院", "卫生院")
_SITE_ENDING = "卫生室"


def township_of(clinic_name_zh: str) -> str:
    """The township that a health centre is named after (安宁渠镇卫生院 → 安宁渠镇); else empty.

    Community centres and stations are named after a neighbourhood, which is no township.
    """
    for ending in _CLINIC_ENDINGS:
        stem = clinic_name_zh.removesuffix(ending)
        if stem != clinic_name_zh and stem.endswith(("乡", "镇", "场")):
            return stem
    return ""


def village_of(site_name_zh: str) -> str:
    """The village that a village clinic is named after (北大路村卫生室 → 北大路村); else empty."""
    stem = site_name_zh.removesuffix(_SITE_ENDING)
    return stem if stem != site_name_zh and stem.endswith("村") else ""
