"""The built files of ``static/dist``: names with hashes, served compressed and kept by the browser."""

from __future__ import annotations

import json
import re
import typing

from whitenoise import WhiteNoise

if typing.TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

_HASHED = re.compile(r"\.[0-9a-f]{8,}\.")


class NotBuiltError(RuntimeError):
    """The assets are missing; ``make install`` builds them."""


def install(app: Flask, folder: Path) -> None:
    """Serve the folder under ``/static/`` and give templates ``asset(name)``."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        message = f"{manifest} is missing; run `make install`"
        raise NotBuiltError(message)
    names: dict[str, str] = json.loads(manifest.read_text())
    addresses = {
        name: built if built.startswith("data:") else f"/static/{built}" for name, built in names.items()
    }
    app.jinja_env.globals["asset"] = addresses.__getitem__
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix="/static/",
        immutable_file_test=lambda path, _: bool(_HASHED.search(path)),
        add_headers_function=_headers,
    )


def _headers(headers: typing.Any, _path: str, _url: str) -> None:  # noqa: ANN401 - WhiteNoise's
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
