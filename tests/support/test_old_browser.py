"""The driver of Chromium 80 itself: it renders, types, presses keys and hears complaints."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.old_browser import OldBrowser, PageError

PAGE = """<!doctype html><html lang=ug dir=rtl><meta charset=utf-8><title>old</title>
<meta http-equiv=Content-Security-Policy content="default-src 'none'; script-src 'unsafe-inline'">
<form><input name=words><button>B</button></form><script>
const heard = [];
document.addEventListener('keydown', event => heard.push(event.code || event.key));
document.querySelector('form').onsubmit = event => {
  event.preventDefault();
  document.title = event.target.words.value;
};
document.querySelector('input').focus();
</script>"""


@pytest.fixture
def browser() -> Iterator[OldBrowser]:
    with OldBrowser() as browser:
        browser.open("data:text/html," + quote(PAGE))
        yield browser


def test_it_is_chromium_80_and_knows_no_more_than_that(browser: OldBrowser) -> None:
    assert "Chrome/80." in browser.eval("navigator.userAgent")
    with pytest.raises(PageError, match="replaceAll is not a function"):
        browser.eval("'a'.replaceAll('a', 'b')")


def test_it_types_in_every_script_and_presses_keys(browser: OldBrowser) -> None:
    browser.type("ئۇيغۇر 中文 a1")
    browser.press("F9")
    browser.press("Shift+Tab")
    browser.press("Tab")
    browser.press("Enter")
    browser.wait_for("document.title !== 'old'")
    assert browser.eval("document.title") == "ئۇيغۇر 中文 a1"
    assert browser.eval("heard").count("F9") == 1
    assert browser.eval("heard")[-2:] == ["Tab", "Enter"]


def test_it_hears_what_the_content_policy_blocks(browser: OldBrowser) -> None:
    assert browser.complaints == []
    browser.eval("""new Promise(done => {
        document.addEventListener('securitypolicyviolation', () => done());
        document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/'}));
    })""")
    browser.wait_for("true")
    assert any("Content Security Policy" in words for words in browser.complaints)


def test_it_takes_a_picture(browser: OldBrowser, tmp_path: Path) -> None:
    browser.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
