"""Run one set-up step: say what it is, show that it is alive, say how long it took, and what to do when it fails.

    python tools/step.py "Title" [--hint "What to do when it fails"] -- command argument...

The whole output of the command goes to `build/logs/<title>.log`; its end is shown only when the step fails.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "logs"
QUIET_SECONDS = 15.0
TAIL_LINES = 40


def log_path(title: str) -> Path:
    """Return the file that holds the output of the step with this title."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / (re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") + ".log")


def last_line(log: Path) -> str:
    """Return the last line of the log that is not empty, shortened for a terminal."""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 2000))
        lines = [line.strip() for line in re.split(r"[\r\n]+", stream.read().decode(errors="replace")) if line.strip()]
    return lines[-1][:80] if lines else ""


def watch(process: "subprocess.Popen[bytes]", log: Path, started: float) -> int:
    """Wait for the process; on a terminal keep one line alive, elsewhere print a line now and then."""
    terminal = sys.stdout.isatty()
    pause = 0.5 if terminal else QUIET_SECONDS
    while True:
        try:
            return process.wait(timeout=pause)
        except subprocess.TimeoutExpired:
            line = f"   {time.monotonic() - started:4.0f} s  {last_line(log)}"
            sys.stdout.write(f"\r\033[K{line}" if terminal else f"{line}\n")
            sys.stdout.flush()
        finally:
            if terminal and process.poll() is not None:
                sys.stdout.write("\r\033[K")


def run_step(title: str, command: list[str], hint: str) -> int:
    """Run the command and return its exit status."""
    log = log_path(title)
    sys.stdout.write(f"-> {title}\n")
    sys.stdout.flush()
    started = time.monotonic()
    with log.open("wb") as stream:
        try:
            process = subprocess.Popen(
                command, stdout=stream, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT
            )
        except OSError as error:
            sys.stderr.write(f"   gagal: {error}\n")
            return 127
        try:
            status = watch(process, log, started)
        except KeyboardInterrupt:
            process.wait()
            return 130
    seconds = time.monotonic() - started
    if status == 0:
        sys.stdout.write(f"   selesai, {seconds:.1f} s\n")
        return 0
    tail = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    sys.stderr.write("\n".join([*tail, "", f"   GAGAL setelah {seconds:.1f} s (status {status}): {title}"]) + "\n")
    sys.stderr.write(f"   Catatan lengkap: {log.relative_to(ROOT)}\n")
    if hint:
        sys.stderr.write(f"   Yang dapat dilakukan: {hint}\n")
    return status


def main() -> int:
    """Read the command line and run the step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("title")
    parser.add_argument("--hint", default="")
    words = sys.argv[1:]
    if "--" not in words:
        parser.error("no command given")
    options = parser.parse_args(words[: words.index("--")])
    command = words[words.index("--") + 1 :]
    return run_step(options.title, command, options.hint)


if __name__ == "__main__":
    raise SystemExit(main())
