"""Build `static/dist/`: two style sheets, one script, the font, the icon, and their manifest.

Every file carries a hash of its content, so browsers keep it for ever; beside each lie its
.br and .gz forms, so nothing is compressed while a clinic waits.
"""

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from urllib.parse import quote

import brotli

from assets import font, node

ROOT = node.ROOT
MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
WORK = ROOT / "static" / ".dist-new"

OF_TESTS = "chrome-aws-lambda"
"""The one package that only tests need: Chromium 80."""


def main() -> None:
    """Build into a new folder and exchange it for the old one only when all is there."""
    install_packages()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    manifest = {}
    font.cut(MODULES / "@fontsource/noto-sans-arabic/files", WORK / "uyghur.woff2")
    manifest["uyghur.woff2"] = _named_by_content(WORK / "uyghur.woff2")
    node.run("node", ["assets/build.mjs", str(WORK), manifest["uyghur.woff2"], font.FAMILY])
    for name in ("app.ltr.css", "app.rtl.css", "app.js"):
        manifest[name] = _named_by_content(WORK / name)
        _compress(WORK / manifest[name])
    icon = (ROOT / "assets" / "favicon.svg").read_text().strip()
    # Inlined by the layout: an icon is not worth a request on a village line.
    manifest["favicon.data"] = "data:image/svg+xml," + quote(icon, safe=" /:='")
    (WORK / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    shutil.rmtree(DIST, ignore_errors=True)
    WORK.rename(DIST)


def install_packages() -> None:
    """Install the locked npm packages when the lock file is newer than what lies there.

    The browser of the tests is kept where it was installed, and not fetched where it was not.
    """
    installed, locked = MODULES / ".package-lock.json", ROOT / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        without = [] if (MODULES / OF_TESTS).exists() else ["--omit=dev"]
        node.run("npm", ["ci", "--loglevel=error", *without])


def _named_by_content(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    named = path.with_stem(f"{path.stem}.{digest}")
    path.rename(named)
    return named.name


def _compress(path: Path) -> None:
    content = path.read_bytes()
    path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    main()
