"""Browsers in a few words."""

from __future__ import annotations

import pytest

from saas.accounts.browsers import short_name

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            f"Mozilla/5.0 (Windows NT 6.1; Win64; x64) {_WEBKIT} Chrome/109.0.0.0 Safari/537.36",
            "Chrome 109, Windows 7",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; WOW64) {_WEBKIT} Chrome/80.0 Safari/537.36 Edg/80.0",
            "Edge 80, Windows 10/11",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/94.0 Safari/537.36 QQBrowser/11.5",
            "QQ 11, Windows 10/11",
        ),
        (f"Mozilla/5.0 (Windows NT 6.1) {_WEBKIT} Chrome/86.0 Safari/537.36 360SE", "360, Windows 7"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Linux"),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} HeadlessChrome/156.0 Safari/537.36",
            "Chrome 156, Linux",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10) {_WEBKIT} Chrome/120.0 Mobile Safari/537.36",
            "Chrome 120, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Safari/604.1",
            "Safari 16, iPhone",
        ),
        ("curl/8.0 with a very long name that goes on", "curl/8.0 with a very long name"),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_a_few_words(user_agent: str, name: str) -> None:
    assert short_name(user_agent) == name
