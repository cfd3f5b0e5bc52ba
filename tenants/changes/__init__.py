"""Institutions renamed, re-coded, merged, a site moved: previewed, told to the staff, undoable for 7 days."""
