"""The commands of the caretaker, as they stand under ``shipa``."""

from tenants.commands.check import check
from tenants.commands.clinics import clinics
from tenants.commands.devices import devices
from tenants.commands.init import init
from tenants.commands.migrate import migrate_clinics
from tenants.commands.operators import operators
from tenants.commands.revision import revision
from tenants.commands.serve import serve
from tenants.commands.worker import work

COMMANDS = (init, clinics, devices, operators, migrate_clinics, check, serve, work, revision)
