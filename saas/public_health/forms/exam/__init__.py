"""The sections of the health examination form; ``health_exam.py`` beside this folder puts them together."""
