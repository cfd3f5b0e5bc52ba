"""Staff, roles, sign-in, sessions, second factor."""
