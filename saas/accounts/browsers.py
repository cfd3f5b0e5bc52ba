"""A browser's long name for itself, in the few words that its owner knows it by."""

from __future__ import annotations

import re

# In this order: each later one also calls itself by the earlier names.
_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("QQ", re.compile(r"QQBrowser/(\d+)")),
    ("360", re.compile(r"360SE|360EE|QihooBrowser(?:/(\d+))?")),
    ("Firefox", re.compile(r"Firefox/(\d+)")),
    ("Chrome", re.compile(r"(?:Headless)?Chrom(?:e|ium)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+).*Safari/")),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows NT 6.1", "Windows 7"),
    ("Windows NT 10", "Windows 10/11"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST = 30


def short_name(user_agent: str) -> str:
    """``Chrome 109, Windows 7``; the beginning of a name that is not known."""
    parts = [word for word in (_browser(user_agent), _system(user_agent)) if word]
    return ", ".join(parts) or user_agent[:_LONGEST]


def _browser(user_agent: str) -> str:
    for name, pattern in _BROWSERS:
        found = pattern.search(user_agent)
        if found:
            return f"{name} {found.group(1) or ''}".strip()
    return ""


def _system(user_agent: str) -> str:
    return next((name for mark, name in _SYSTEMS if mark in user_agent), "")
