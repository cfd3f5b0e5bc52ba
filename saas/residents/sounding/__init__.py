"""How names sound, whatever script they are written in: keys to find by, and likeness to rank by.

For finding a person only. No field, filter, count or report derives from it (rights N2).
"""

from saas.residents.sounding.keys import VERSION, find_keys, sound_keys

__all__ = ["VERSION", "find_keys", "sound_keys"]
