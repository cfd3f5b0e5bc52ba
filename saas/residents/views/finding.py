"""The search box: answers as one types, and the same as a page. The words of a search travel sealed."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for

from saas.residents import reading, searching, tokens
from saas.residents.messages import sentence
from saas.residents.rules.finding import blocking
from saas.residents.showing import Line, lines
from saas.residents.views import blueprint, carding
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here, may

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/find")
@needs("residents.read")
def find() -> ResponseReturnValue:
    """Take the words of a search; a document's whole number opens its person at once."""
    words = _words()
    if not words:
        return redirect(url_for("residents.index"), code=303)
    if told := too_long(request.form["q"].strip()):
        flash(told, "warn")
    if (scanned := carding.scanned(words)) is not None:
        return scanned
    only = reading.document_of(words, here.clinic.keys)
    if only is not None:
        log.note("residents.find", residents=[only], detail={"by": "document"})
        return redirect(url_for("residents.show", resident_id=only), code=303)
    return redirect(url_for("residents.found", words=_sealed(words)), code=303)


@blueprint.post("/suggest")
@needs("residents.read", held=False)
def suggest() -> ResponseReturnValue:
    """Whom the words typed so far lead to, for the list under the search box."""
    words = _words()
    answer = searching.search(words, here.clinic.keys)
    log.note("residents.suggest", residents=[one.id for one in answer.residents])
    add = url_for("residents.add", words=_sealed(words)) if words and may("residents.write") else ""
    shown = lines(answer.residents, here.clinic.keys, clock.today())
    return {"lines": [_short(line) for line in shown], "add": add}


@blueprint.get("/found/<words>")
@needs("residents.read")
def found(words: str) -> ResponseReturnValue:
    """Whom the sealed words lead to; reload, Back and the language switch stay possible."""
    opened = tokens.opened(words, words_place(), here.clinic.keys)
    if opened is None:
        abort(404)
    answer = searching.search(opened, here.clinic.keys)
    log.note("residents.found", residents=[one.id for one in answer.residents])
    return render_template(
        "residents/found.html",
        lines=lines(answer.residents, here.clinic.keys, clock.today()),
        has_more=answer.has_more,
        words=words,
        search_text=opened,
    )


def words_place() -> str:
    """Search words open only for the person who typed them."""
    return f"residents.words:{here.staff.id}"


def too_long(words: str) -> str:
    """What is said when more was typed than a search looks at; nothing else."""
    if len(words) <= searching.LONGEST:
        return ""
    limits = {"longest": str(searching.LONGEST), "length": str(len(words))}
    return sentence(blocking("too-long", "words", **limits))


def _words() -> str:
    return request.form.get("q", "").strip()[: searching.LONGEST]


def _sealed(words: str) -> str:
    return tokens.sealed(words, words_place(), here.clinic.keys)


def _short(line: Line) -> dict[str, object]:
    """A line for the script: what tells two people apart, and the address."""
    names = [list(name) for name in line.names] or [[line.placeholder, ""]]
    end = line.document or line.phone
    return {"url": line.url, "names": names, "about": [line.sex, line.age, line.village], "end": end}
