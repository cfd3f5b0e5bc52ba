"""Finding a person by whatever the doctor has: words of any script, the end of a number, a card."""

from saas.residents.searching.answers import LONGEST, MOST, Answer, search

__all__ = ["LONGEST", "MOST", "Answer", "search"]
