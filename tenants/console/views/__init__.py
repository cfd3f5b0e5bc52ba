"""The pages of the console."""

from tenants.console.blueprint import blueprint
from tenants.console.views import (
    clinics,
    devices,
    orders,
    region,
    rosters,
    signing_in,
    slips,
)

__all__ = [
    "blueprint",
    "clinics",
    "devices",
    "orders",
    "region",
    "rosters",
    "signing_in",
    "slips",
]
