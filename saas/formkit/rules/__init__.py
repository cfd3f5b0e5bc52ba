"""Pure rules that every form shares."""
