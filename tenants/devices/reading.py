"""What commands and the console read of devices: one list, one report; of people nothing (rights N1)."""

from __future__ import annotations

import re
import typing

from tenants.devices.moves import AT_CLINIC, CONFIRMED

if typing.TYPE_CHECKING:
    import datetime

WHERE: typing.Final = (
    "FROM platform.operator_device WHERE (%(state)s = '' OR state = %(state)s) "
    "AND (%(clinic)s = '' OR clinic_code = %(clinic)s) "
    "AND (asset_number ILIKE %(part)s OR serial ILIKE %(part)s OR waybill ILIKE %(part)s "
    "OR batch ILIKE %(part)s) "
)
LINE: typing.Final = "asset_number, kind, model, serial, state, coalesce(clinic_code, '') AS clinic, waybill "
ORDER: typing.Final = "ORDER BY asset_number"
LIST: typing.Final = "SELECT " + LINE + WHERE + ORDER
REPORT: typing.Final = """
WITH county AS (
    SELECT county_code, min(county_zh) AS county_zh FROM platform.operator_clinic GROUP BY county_code
), there AS (
    SELECT county_code, kind,
           count(*) FILTER (WHERE state = ANY (%(there)s)) AS distributed,
           count(*) FILTER (WHERE state = 'repair') AS in_repair,
           count(*) FILTER (WHERE state = 'lost') AS lost,
           count(*) FILTER (WHERE state = ANY (%(confirmed)s)
               AND coalesce(confirmed_on, '-infinity') < %(since)s) AS not_confirmed
    FROM platform.operator_device
    WHERE clinic_code IS NOT NULL AND NOT is_practice GROUP BY county_code, kind
)
SELECT county_code, coalesce(county_zh, '') AS county_zh, kind, coalesce(t.count, 0) AS target,
       coalesce(distributed, 0) AS distributed, coalesce(in_repair, 0) AS in_repair,
       coalesce(lost, 0) AS lost, coalesce(not_confirmed, 0) AS not_confirmed
FROM there FULL JOIN platform.device_target t USING (county_code, kind)
LEFT JOIN county USING (county_code) ORDER BY county_code, kind
"""


def part_of(text: str) -> str:
    """The pattern of a part of a number."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def report_values(confirmed_since: datetime.date) -> dict[str, object]:
    """What ``REPORT`` asks for: since which day a clinic must have said that it still has a device."""
    return {"there": sorted(AT_CLINIC), "confirmed": sorted(CONFIRMED), "since": confirmed_since}
