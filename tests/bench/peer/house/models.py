"""Django-tenants' own two tables, with nothing added."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Clinic(TenantMixin):
    """A tenant; saving it makes its schema and runs its migrations."""

    name = models.TextField(default="")
    auto_create_schema = True


class Domain(DomainMixin):
    """An address of a tenant; the library asks for the class."""
