"""The page check itself: a sound page passes, and each planted fault is named."""

import pytest

from tests.support.page import check_page

SOUND = """<!doctype html><html lang="ug" dir="rtl"><head><title>شىپا</title></head><body>
<h1>ئاھالىلەر</h1><p>«چېسلا» <bdi dir="ltr">2026-03-05</bdi> \u20661961-03\u2069</p>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
<label for="a">ئىسمى</label><input id="a" name="a" value="1-2"><button>ساقلا</button></form>
<script src="/app.js"></script></body></html>"""


def test_a_sound_page_passes() -> None:
    check_page(SOUND, "ug")


@pytest.mark.parametrize(
    ("sound", "faulty", "named"),
    [
        ("<h1>ئاھالىلەر</h1>", "<h2>ئاھالىلەر</h2>", "0 h1"),
        ("<title>شىپا</title>", "<title> </title>", "no title"),
        ('dir="rtl"', 'dir="ltr"', "dir=ltr"),
        ("<button>", '<button id="a">', "id a stands 2 times"),
        ("<button>", '<button aria-describedby="b">', "leads nowhere"),
        ('<label for="a">ئىسمى</label>', "", "has no label"),
        ('name="csrf_token" value="t"', 'name="csrf_token" value=""', "no CSRF token"),
        ("<button>", '<button onclick="x()">', "inline"),
        ("<button>", '<button style="color:red">', "inline"),
        ('<script src="/app.js">', "<script>", "inline script"),
        ('<bdi dir="ltr">2026-03-05</bdi>', "2026-03-05", "not isolated"),
        ("\u20661961-03\u2069", "0.5–1", "not isolated"),
        ("<button>ساقلا", "<button>Save", "not translated"),
        ("<button>", '<button title="Save">', "not translated"),
        ("<p>", "<p><div>x</div>", "nesting"),
    ],
)
def test_a_planted_fault_is_named(sound: str, faulty: str, named: str) -> None:
    assert sound in SOUND
    with pytest.raises(AssertionError, match=named):
        check_page(SOUND.replace(sound, faulty), "ug")
