"""Archives of one clinic: written for its administrator's code, opened with it and the master key."""
