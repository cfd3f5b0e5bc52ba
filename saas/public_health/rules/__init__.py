"""The clinical rules of public health: pure functions of answers; each docstring is the norm's sentence."""
