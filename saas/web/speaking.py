"""Templates in the language of the page: its texts are put in when a template is compiled, not each time.

A page says some fifty fixed texts, a form more; looking for each translation anew cost a tenth of the page.
"""

from __future__ import annotations

import typing

from flask.templating import Environment
from flask_babel import get_locale, get_translations
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

if typing.TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from jinja2 import Template

    Translated = Callable[[str], str]


class Spoken(Environment):
    """Gives each template in the language of the moment; where nobody answers anybody, as it is written.

    The environments of the languages are overlays: they share filters, globals and loader with this one.
    """

    language: str | None = None
    """Of an overlay: whose texts its templates have, and what they know by this name."""
    translated: Translated | None = None
    by_language: dict[str, Spoken]
    """The overlays, each made when a page in its language is first asked for."""

    def __init__(self, *arguments: typing.Any, **options: typing.Any) -> None:  # noqa: ANN401 - Flask's
        super().__init__(*arguments, **options)
        self.by_language = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, typing.Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """The template; whatever it extends, includes or imports is in the same language."""
        locale = get_locale() if self.language is None else None
        if locale is None:
            return super().get_template(name, parent, globals)
        return self._of(locale.language).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, typing.Any] | None) -> MutableMapping[str, typing.Any]:
        """What a template knows everywhere; a plain dictionary, since each import of macros compares it."""
        return {**self.globals, **(d or {})}

    def _of(self, language: str) -> Spoken:
        found = self.by_language.get(language)
        if found is None:
            found = self.overlay()
            found.language = language
            found.globals = self.globals | {"language": language}
            found.translated = get_translations().ugettext
            # Two threads may make one each: both say the same.
            self.by_language[language] = found
        return found

    def _generate(self, source: nodes.Template, *how: typing.Any, **more: typing.Any) -> str:  # noqa: ANN401 - Jinja's
        if self.translated is not None:
            source = _Put(self.translated).visit(source)
        return super()._generate(source, *how, **more)


class _Put(NodeTransformer):
    """Each ``_("…")`` without values becomes what it says."""

    def __init__(self, translated: Translated) -> None:
        self._translated = translated

    def visit_Call(self, node: nodes.Call, *_: object) -> nodes.Expr:  # noqa: N802 - Jinja finds it by this
        node = typing.cast("nodes.Call", self.generic_visit(node))
        text = _fixed_text(node)
        if text is None:
            return node
        # As ``i18n`` says one that has values: what it says is ours and safe, and its %% is one.
        return nodes.Const(Markup(self._translated(text)) % {}, lineno=node.lineno)  # noqa: S704


def _fixed_text(node: nodes.Call) -> str | None:
    """The English text of ``_("…")``; nothing for another call, and for one that is given values."""
    if not isinstance(node.node, nodes.Name) or node.node.name != "_" or len(node.args) != 1:
        return None
    only, more = node.args[0], (node.kwargs, node.dyn_args, node.dyn_kwargs)
    return str(only.value) if isinstance(only, nodes.Const) and not any(more) else None
