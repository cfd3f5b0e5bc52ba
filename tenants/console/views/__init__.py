"""The pages of the console."""

from tenants.console.blueprint import blueprint
from tenants.console.views import clinics, devices, region, rosters, signing_in, slips

__all__ = ["blueprint", "clinics", "devices", "region", "rosters", "signing_in", "slips"]
