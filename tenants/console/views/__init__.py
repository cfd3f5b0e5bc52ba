"""The pages of the console."""

from tenants.console.blueprint import blueprint
from tenants.console.views import (
    changes,
    clinics,
    closing,
    devices,
    orders,
    practices,
    region,
    rosters,
    signing_in,
    slips,
)

__all__ = [
    "blueprint",
    "changes",
    "clinics",
    "closing",
    "devices",
    "orders",
    "practices",
    "region",
    "rosters",
    "signing_in",
    "slips",
]
