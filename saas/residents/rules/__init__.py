"""Pure rules about a person's identity: standard library and findings only; no clock, no table."""
