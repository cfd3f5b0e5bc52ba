"""The person: identity, names, numbers and how she is found again."""
