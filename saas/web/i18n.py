"""The two languages of a page: which one, its direction, and how a person changes it."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import typing
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, abort, g, has_request_context, redirect, request
from flask_babel import Babel, Domain, force_locale, get_translations, refresh
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from saas.web.cookies import cookie_name, set_cookie
from saas.web.guard import public
from saas.web.request import here, recognise, signed_in, speak

if typing.TYPE_CHECKING:
    from flask import Flask, Response
    from werkzeug.wrappers import Response as AnyResponse

Language = typing.Literal["ug", "zh"]

CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
COOKIE = "language"
COOKIE_DAYS = 400  # browsers keep none longer
FIELD = "_language"


@dataclasses.dataclass(frozen=True)
class Tongue:
    """One language as pages need it; ``locale`` is Babel's name, ``html_lang`` the page's."""

    code: Language
    locale: str
    html_lang: str
    direction: typing.Literal["ltr", "rtl"]
    own_name: str


# Our own list: libraries forget that Uyghur is written from right to left.
TONGUES: typing.Final[dict[Language, Tongue]] = {
    "ug": Tongue("ug", "ug", "ug", "rtl", "ئۇيغۇرچە"),
    "zh": Tongue("zh", "zh_Hans_CN", "zh-Hans-CN", "ltr", "中文"),
}

# Only a path of this site: `//host` and `/\\host` would lead away, also with the blanks that browsers drop.
_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")

blueprint = Blueprint("language", __name__)


def set_up(app: Flask) -> None:
    """Load the catalogues, choose the language of each request, and add the switch.

    Called after the pipeline is installed: who asks must be known before the language is.
    """
    compile_catalogues()
    babel = Babel(
        app,
        default_locale="ug",
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: TONGUES[current()].locale,
    )
    babel.domain_instance = _Catalogues()
    app.jinja_env.globals |= {"_": _text, "gettext": _text}
    app.register_blueprint(blueprint)
    app.before_request(settle)
    app.context_processor(_page_language)
    app.after_request(_keep_on_this_computer)


@pass_context
def _text(context: Context, text: str, **values: object) -> str:
    """A text of a template, as the extension gives it, which calls itself twice more for each one."""
    said: str = get_translations().ugettext(text)
    safe = Markup(said) if context.eval_ctx.autoescape else said  # noqa: S704 - a text of ours; values are escaped
    return safe % values


class _Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's own; the catalogue of an answer is looked up once as long as its language stays the same.

    A page asks for it with each of its texts; the library's own way there was a sixth of a form's page.
    """

    def get_translations(self) -> typing.Any:  # noqa: ANN401 - Flask-Babel is untyped
        """The catalogue of this answer's language."""
        kept = g._flask_babel  # noqa: SLF001 - who asks for a domain has made it
        locale = getattr(kept, "babel_locale", None)
        if locale is None or getattr(kept, "catalogue_of", None) is not locale:
            kept.catalogue = super().get_translations()
            kept.catalogue_of = kept.babel_locale
        return kept.catalogue


def in_tongue(word: object, tongue: Tongue) -> str:
    """A word of a page in this language, whatever the page's is."""
    with force_locale(tongue.locale):
        return str(word)


def compile_catalogues(folder: Path = CATALOGUES) -> None:
    """Make each ``messages.mo`` that is missing or older than its ``messages.po``."""
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        # Several workers start at once: each writes its own file, and the last one stays.
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(compiled.getvalue())
        part.replace(target)


def known(code: str | None) -> Language | None:
    """The language of this code, or None."""
    return code if code in TONGUES else None


def asked() -> Language | None:
    """The language that this very request switches to, if it does."""
    if request.method != "POST":
        return None
    try:
        return known(request.form.get(FIELD))
    except RequestEntityTooLarge:  # the page that says so needs a language too
        return None


def current() -> Language:
    """The language of this answer: asked now, the person's own, this PC's, the clinic's, the browser's."""
    if not has_request_context():
        return "ug"
    return (
        asked()
        or (known(here.staff.language) if signed_in() else None)
        or known(request.cookies.get(cookie_name(COOKIE)))
        or (known(here.clinic.setting.default_language) if signed_in() else None)
        or known(request.accept_languages.best_match(TONGUES))
        or "ug"
    )


def settle() -> None:
    """Choose anew once it is known who asks, and keep a switch on the person's own row."""
    refresh()
    language = asked()
    if language and signed_in() and here.staff.language != language:
        speak(language)


def choose(language: Language) -> None:
    """Keep it on the person's own row, and answer in it from here on."""
    speak(language)
    refresh()


@blueprint.post("/language")
@public
def language_switch() -> AnyResponse:
    """Change the language of a page without a form and come back to it."""
    if asked() is None:
        abort(422)
    if recognise():
        settle()
    back = request.form.get("back", "/")
    return redirect(back if _OWN_PATH.fullmatch(back) else "/", 303)


def _page_language() -> dict[str, object]:
    tongue = TONGUES[current()]
    return {
        "language": tongue.code,
        "html_lang": tongue.html_lang,
        "direction": tongue.direction,
        "other_language": TONGUES["zh" if tongue.code == "ug" else "ug"],
        "this_page": request.full_path.removesuffix("?") if request.method == "GET" else request.path,
    }


def _keep_on_this_computer(response: Response) -> Response:
    language = asked()
    if language:
        set_cookie(response, COOKIE, language, days=COOKIE_DAYS)
    return response
