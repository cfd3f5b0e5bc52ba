"""All tables of schema ``platform``: whoever compares them with the database needs every module's."""

from tenants import institution_tables, operator_tables, registry

MODULES = (registry, operator_tables, institution_tables)
metadata = registry.metadata
