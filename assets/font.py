"""The Uyghur web font: Noto Sans Arabic, cut to what Uyghur, Kyrgyz and Kazakh names need."""

from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

# The licence (SIL OFL 1.1) wants another name on a changed font than its reserved ones.
FAMILY = "Shipa Uyghur"
UYGHUR = "ئابتجچخدرزژسشغفقكگڭلمنھەوۇۆۈۋېىيپ"
# Names of the region's Kyrgyz and Kazakh residents, in the same script.
NEIGHBOURS = "ۅۉعحءٴ"
PUNCTUATION = "،؛؟ـ"
# Drawn in the Latin file of the same family: quotes, dashes and the ellipsis of Uyghur text.
LATIN_PUNCTUATION = "«»‹›–—…·×"
FEATURES = ["calt", "ccmp", "fina", "init", "kern", "liga", "locl", "mark", "medi", "mkmk", "rlig"]


def cut(files: Path, target: Path) -> None:
    """Write the cut font as woff2; `files` is the npm package's folder of font files.

    Layout features stay, so joining and the obligatory ligatures work as in the full font.
    Digits and Latin letters come from the reader's system: they cost as much as all of Uyghur.
    """
    arabic = _subset(
        files / "noto-sans-arabic-arabic-400-normal.woff2", UYGHUR + NEIGHBOURS + PUNCTUATION + " "
    )
    latin = _subset(files / "noto-sans-arabic-latin-400-normal.woff2", LATIN_PUNCTUATION)
    parts = [target.with_suffix(f".{name}.ttf") for name in ("arabic", "latin")]
    for font, path in zip((arabic, latin), parts, strict=True):
        font.flavor = None
        font.save(path)
    font = merge.Merger().merge([str(path) for path in parts])
    for path in parts:
        path.unlink()
    _rename(font)
    # The same input gives the same bytes, and so the same file name.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = arabic["head"].modified
    font.flavor = "woff2"
    font.save(target)


def _subset(source: Path, text: str) -> TTFont:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    return font


def _rename(font: TTFont) -> None:
    names = {1: FAMILY, 2: "Regular", 4: FAMILY, 6: FAMILY.replace(" ", "")}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
