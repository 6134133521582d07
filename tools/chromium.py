"""Find Chromium for the browser tests; install Debian's when it is missing and we are root.

Prints its path. Without it the browser tests are skipped with the same words; on a CI machine they fail.
`HADIR_CHROMIUM` names another one.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "Chromium tidak ada; uji peramban dilewati. Pasang dengan: sudo apt-get install chromium (atau isi HADIR_CHROMIUM)."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium of this machine, or None."""
    named = os.environ.get("HADIR_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install_chromium(apt: str) -> None:
    """Install Debian's Chromium; quiet, and harmless where it is not to be had."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run([apt, "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Print the path of Chromium, or how to get it."""
    apt = shutil.which("apt-get")
    if not find_chromium() and apt and os.geteuid() == 0:
        sys.stdout.write("-> Chromium untuk uji peramban (apt-get)\n")
        sys.stdout.flush()
        install_chromium(apt)
    if not find_chromium():
        sys.stdout.write(HOW + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
