"""A list of staff that the clinic brings in itself: read, judged as a whole, added, printed."""
