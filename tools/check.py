"""Run the checks of the project and print one result.

    python tools/check.py all | NAME...

Cheap checks and the tests on the databases run side by side; the browser tests run alone, because they watch a clock.
Each check writes to `build/logs/check-<name>.log`; what failed is shown in full. The last line counts everything:
`N passed, M failed`, tests by their own count, every other check as one.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "logs"
RESULTS = ROOT / "build" / "test-results"
PY = sys.executable
LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# Far from Indonesia in both: a time zone or number format taken from the machine shows at once.
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C"}
ELSEWHERE_NODE = {"TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8"}
VITEST_COUNTS = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={RESULTS / 'kiosk.xml'}"]
SHOWN_LINES = 150


@dataclass(frozen=True)
class Check:
    """One command whose exit status 0 means passed; `results` is the JUnit file it writes, if it counts tests."""

    name: str
    title: str
    command: Sequence[str]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def results(self) -> Path:
        return RESULTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    """What a check came to: counts of tests, or of the check itself where it has none."""

    check: Check
    passed: int
    failed: int
    skipped: int
    seconds: float
    output: str


def pytest_check(name: str, title: str, before: Sequence[str], *arguments: str) -> Check:
    """Return a check that runs pytest, with a command put before it where one is needed."""
    command = [*before, PY, "-m", "pytest", "-q", f"--junitxml={RESULTS / name}.xml", *arguments]
    return Check(name, title, command, environment=ELSEWHERE)


POSTGRES = [PY, "tools/postgres.py", "--"]
CHECKS = {
    check.name: check
    for check in (
        Check("format", "ruff format", [PY, "-m", "ruff", "format", "--check", "."]),
        Check("lint", "ruff check", [PY, "-m", "ruff", "check", "."]),
        Check("layers", "import layers", [PY, "-c", LAYERS]),
        Check("types", "mypy --strict", [PY, "-m", "mypy"]),
        Check(
            "kiosk",
            "kiosk: tsc, eslint, vitest",
            ["npm", "run", "--silent", "check", "--", *VITEST_COUNTS],
            folder=ROOT / "kiosk",
            environment=ELSEWHERE_NODE,
        ),
        pytest_check("sqlite", "tests on SQLite", [], "--ignore=tests/browser"),
        pytest_check("postgres", "tests on PostgreSQL", POSTGRES, "--ignore=tests/browser", "--database-only"),
        pytest_check("browser", "tests in Chromium", [], "tests/browser"),
    )
}
# Lanes run side by side, the checks of one lane after each other; what stands in ALONE runs at the end.
LANES = (("format", "lint", "layers", "types", "kiosk"), ("sqlite", "postgres"))
ALONE = ("browser",)
speaking = Lock()


def count_tests(results: Path) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of a JUnit file; zeros when there is none or it is broken."""
    if not results.exists():
        return 0, 0, 0
    try:
        root = ElementTree.parse(results).getroot()  # noqa: S314  # our own test runner wrote it
    except ElementTree.ParseError:
        return 0, 0, 0
    cases = list(root.iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def run_check(check: Check, data: str) -> Outcome:
    """Run one check with a data folder of its own, so that nothing reaches the data of a real Hadir."""
    check.results.unlink(missing_ok=True)
    environment = {**os.environ, "HADIR_DATA": f"{data}/{check.name}", **check.environment}
    environment.pop("DATABASE_URL", None)
    started = time.monotonic()
    log = LOGS / f"check-{check.name}.log"
    with log.open("wb") as stream:
        try:
            status = subprocess.run(
                check.command,
                cwd=check.folder,
                env=environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
            ).returncode
        except OSError as error:
            stream.write(f"{check.command[0]}: {error}\n".encode())
            status = 127
    passed, failed, skipped = count_tests(check.results)
    if status != 0 and failed == 0:
        failed = 1
    if status == 0 and passed + failed + skipped == 0:
        passed = 1
    output = log.read_text(errors="replace")
    return Outcome(check, passed, failed, skipped, time.monotonic() - started, output)


def say(outcome: Outcome) -> None:
    """Print one line on the outcome, with the end of its output when it failed."""
    counts = f"{outcome.passed} passed" + (f", {outcome.failed} failed" if outcome.failed else "")
    counts += f", {outcome.skipped} skipped" if outcome.skipped else ""
    word = "FAIL" if outcome.failed else "ok"
    with speaking:
        if outcome.failed:
            lines = outcome.output.splitlines()[-SHOWN_LINES:]
            sys.stdout.write("\n".join(["", *lines, ""]) + "\n")
        sys.stdout.write(f"{word:4} {outcome.check.title:28} {counts:30} {outcome.seconds:6.1f} s\n")
        for line in outcome.output.splitlines():
            if line.startswith("SKIPPED"):
                sys.stdout.write(f"     {line}\n")
        sys.stdout.flush()


def run_lane(names: Iterable[str], data: str) -> list[Outcome]:
    """Run these checks one after the other."""
    outcomes = []
    for name in names:
        outcome = run_check(CHECKS[name], data)
        say(outcome)
        outcomes.append(outcome)
    return outcomes


def run_checks(names: Sequence[str]) -> list[Outcome]:
    """Run the named checks, the lanes side by side."""
    lanes = [[name for name in lane if name in names] for lane in LANES]
    with tempfile.TemporaryDirectory(prefix="hadir-check-") as data, ThreadPoolExecutor(len(lanes)) as pool:
        outcomes = [outcome for lane in pool.map(run_lane, lanes, [data] * len(lanes)) for outcome in lane]
        return outcomes + run_lane([name for name in ALONE if name in names], data)


def main() -> int:
    """Run what the command line names and print the total."""
    names = list(CHECKS) if sys.argv[1:] == ["all"] else sys.argv[1:]
    unknown = [name for name in names if name not in CHECKS]
    if unknown or not names:
        sys.stderr.write(f"usage: check.py all | {' | '.join(CHECKS)}\n")
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    outcomes = run_checks(names)
    passed, failed, skipped = (
        sum(getattr(outcome, kind) for outcome in outcomes) for kind in ("passed", "failed", "skipped")
    )
    sys.stdout.write(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped\n" if skipped else "\n"))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
