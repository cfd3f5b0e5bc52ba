"""A clinic on its way from one cell to another: paused, copied, compared, switched, removed where it was."""
