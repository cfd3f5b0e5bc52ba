"""A clinic's existing list of residents on its way in: read, mapped, checked, run, taken back."""
