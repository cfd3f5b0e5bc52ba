"""The pages of the console."""

from tenants.console.blueprint import blueprint
from tenants.console.views import clinics, rosters, signing_in, slips

__all__ = ["blueprint", "clinics", "rosters", "signing_in", "slips"]
