"""The peer's application of one tenant: the tables of a clinic as Django models."""
