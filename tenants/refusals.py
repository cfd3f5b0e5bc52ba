"""Why something cannot be: a sentence for the command and the log, which the console says in its language."""

from __future__ import annotations

import typing


class Refused(Exception):  # noqa: N818 - reads as what happened
    """It cannot be; nothing has changed. ``text`` has holes ``%(name)s`` for the values, as a catalogue's."""

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(text % self.values if self.values else text)

    def told(self) -> dict[str, typing.Any]:
        """As it is kept with an order, to be said in whatever language it is looked at."""
        return {"text": self.text, "values": self.values}
