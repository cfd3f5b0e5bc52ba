"""Devices that the platform hands out to clinics: registered, shipped, received, enrolled, lost, retired.

Nothing here knows where a device is, who uses it, or when it was last seen (rights N1): a clinic says once
in a while which of its devices it still has.
"""
