"""Chromium 80, the oldest browser that Shipa promises to work in, out of an npm package."""

import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[2]
PACKED = ROOT / "node_modules" / "chrome-aws-lambda" / "bin" / "chromium.br"
UNPACKED = ROOT / "node_modules" / ".cache" / "chromium-80"


def executable() -> Path:
    """Path of the program, unpacked at the first call (3 s, 140 MB).

    It needs the system's libnss3 and libexpat1, which come with today's Chromium.
    FileNotFoundError when the package is not there: `make dev` installs it.
    """
    if not UNPACKED.exists():
        UNPACKED.parent.mkdir(parents=True, exist_ok=True)
        # Test processes run side by side: each unpacks for itself, the last rename stands.
        handle, work = tempfile.mkstemp(dir=UNPACKED.parent)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(brotli.decompress(PACKED.read_bytes()))
        Path(work).chmod(0o755)
        Path(work).replace(UNPACKED)
    return UNPACKED
