"""Chromium 80, the oldest browser that Shipa promises to work in, out of an npm package."""

import io
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[2]
PACKED = ROOT / "node_modules" / "chrome-aws-lambda" / "bin"
UNPACKED = ROOT / "node_modules" / ".cache" / "chromium-80"


def executable() -> Path:
    """Path of the program, unpacked at the first call (3 s, 140 MB).

    FileNotFoundError when the package is not there: `make dev` installs it.
    """
    program = UNPACKED / "chromium"
    if not program.exists():
        _unpack()
    return program


def environment() -> dict[str, str]:
    """Environment to start it with: the package's own NSS libraries where the system has none."""
    if any(Path(folder).glob("**/libnss3.so") for folder in ("/usr/lib", "/lib64", "/usr/lib64")):
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(UNPACKED / "lib")}


def _unpack() -> None:
    if not (PACKED / "chromium.br").exists():
        message = f"{PACKED.parent.name} is not installed: run `make dev`"
        raise FileNotFoundError(message)
    UNPACKED.parent.mkdir(parents=True, exist_ok=True)
    # Test processes run side by side: each unpacks for itself, the first to finish wins.
    work = Path(tempfile.mkdtemp(dir=UNPACKED.parent))
    libraries = brotli.decompress((PACKED / "aws.tar.br").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(libraries)) as archive:
        archive.extractall(work, filter="data")
    program = work / "chromium"
    program.write_bytes(brotli.decompress((PACKED / "chromium.br").read_bytes()))
    program.chmod(0o755)
    try:
        work.rename(UNPACKED)
    except OSError:
        shutil.rmtree(work)
