"""The peer of the figures: django-tenants with the same tables. Runs in an environment of its own."""
