"""How long `make run` takes for a newcomer: minutes and megabytes on a fresh clone, seconds on the second start.

    python bench/setup.py [--keep]

Clones the committed state of this checkout into a temporary folder, gives every package client an empty cache, runs
`make run` until Hadir answers, stops it and runs it again. Megabytes are what all network cards but the loopback
received meanwhile: let nothing else use the network. Nothing of this machine's Python or Node libraries is used.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 3600.0


def received_bytes() -> int:
    """Return the bytes that all network cards but the loopback have received since the machine started."""
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    cards = (line.split(":", 1) for line in lines)
    return sum(int(numbers.split()[0]) for name, numbers in cards if name.strip() != "lo")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Say whether Hadir answers at this port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def seconds_to_answer(clone: Path, environment: dict[str, str]) -> float:
    """Run `make run` in the clone until it answers; return the seconds, and stop it."""
    port = free_port()
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],  # noqa: S607  # the make of the person's PATH is what is measured
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit(f"make run ended with status {process.returncode} before it answered")
            if time.monotonic() - started > LONGEST_SECONDS:
                raise SystemExit("make run did not answer in an hour")
            time.sleep(0.05)
        return time.monotonic() - started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="leave the clone where it is")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hadir-setup-"))
    clone = folder / "hadir"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S607
    caches = {"UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip", "npm_config_cache": "npm", "XDG_CACHE_HOME": "cache"}
    environment = {**os.environ, **{name: str(folder / place) for name, place in caches.items()}}
    for name in ("HADIR_DATA", "DATABASE_URL", "VIRTUAL_ENV", "PYTHONPATH"):
        environment.pop(name, None)
    before = received_bytes()
    first = seconds_to_answer(clone, environment)
    megabytes = (received_bytes() - before) / 1e6
    second = seconds_to_answer(clone, environment)
    print(f"\n{'make run':34}{'':>10}")
    print(f"{'first start, fresh clone':34}{first / 60:8.1f} min")
    print(f"{'downloaded':34}{megabytes:8.0f} MB")
    print(f"{'second start':34}{second:8.1f} s")
    if options.keep:
        print(f"clone: {clone}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
