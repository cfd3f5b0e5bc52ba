"""The peer's shared application: which tenants there are."""
