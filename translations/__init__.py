"""The catalogues of both languages and the tool that keeps them complete."""
