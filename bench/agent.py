"""The school agent: 100,000 records from a simulated terminal into a real server's ledger, and fifty real kills.

    python bench/agent.py [--records 100000] [--kills 50] [--longest 6] [--seed 1]

Starts `hadir serve` with an SQLite database of its own in a temporary folder, simulates terminals on port 4370 (TCP and
UDP), and runs the agent's program as a child. Prints seconds and peak memory of a pull, of a second pull with nothing
new, and of sending; then kills the agent by SIGKILL at random moments while the terminal goes on recording, lets it
finish, and compares the ledger with the terminal, record by record. Exit code 1 if one is lost or there twice.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from hadir.agent.tests.rows import row8, row16, row40, user72
from hadir.agent.tests.simulator import SimulatedTerminal
from hadir.cli.web import free_port

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 1, 5, 5, 0, 0)  # noqa: DTZ001  a terminal's clock
PEOPLE = 60
NPSN = "20529001"


def rows_of(size: int, count: int) -> list[bytes]:
    """Make records, each in a second of its own."""
    moments = [START + timedelta(seconds=13 * number) for number in range(count)]
    if size == 8:
        return [row8(number % PEOPLE + 1, moment) for number, moment in enumerate(moments)]
    if size == 16:
        return [row16(number % PEOPLE + 1, moment) for number, moment in enumerate(moments)]
    pad = b"\0" * (size - 40)
    return [row40(str(number % PEOPLE + 1), moment, pad=pad) for number, moment in enumerate(moments)]


USERS = [user72(number, str(number), f"Guru {number}") for number in range(1, PEOPLE + 1)]


class Office:
    """A server with one school and its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "HADIR_DATA": str(folder / "server"), "HADIR_LOG_LEVEL": "WARNING"}
        self.url = f"http://127.0.0.1:{free_port()}"

    def hadir(self, *words: str) -> list[dict[str, object]]:
        """Run a command and return its facts."""
        ran = subprocess.run(self._command(*words), env=self.environment, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "hadir.cli.main", *words]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run `hadir serve`."""
        self.hadir("migrate")
        self.hadir("schools", "add", NPSN, "SDN Ukur", "--region", "Ukur", "--district", "Ukur", "--level", "SD")
        self.key = str(self.hadir("agent", "key", "--school", NPSN, "--json")[0]["key"])
        port = self.url.rsplit(":", 1)[1]
        server = subprocess.Popen(
            self._command("serve", "--port", port),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            if server.stdout is None or not server.stdout.readline():
                raise SystemExit("the server did not start")
            yield
        finally:
            server.terminate()
            server.wait()

    def ledger(self, serial: str) -> Counter[tuple[str, str]]:
        """Return what the ledger holds of a terminal: PIN and time, with how often."""
        return Counter(
            (str(row["pin"]), str(row["local_time"])) for row in self.hadir("scans", "--json", "--device", serial)
        )

    def join(self, name: str, terminal: SimulatedTerminal, way: str) -> Path:
        """Register a terminal and return the settings file of an agent for it."""
        self.hadir("devices", "add", terminal.serial, "--kind", "zkteco", "--school", NPSN)
        path = self.folder / name / "agen.ini"
        path.parent.mkdir()
        path.write_text(
            f"[hadir]\nserver = {self.url}\nkunci = {self.key}\njeda_menit = 1\n[mesin ukur]\nalamat = 127.0.0.1\n"
            f"port = {terminal.port}\nseri = {terminal.serial}\njalur = {way}\n",
            encoding="utf-8",
        )
        return path


def agent(config: Path, action: str = "once") -> subprocess.Popen[bytes]:
    """Start the agent as a child."""
    command = [
        sys.executable,
        "-m",
        "hadir.agent",
        action,
        "--config",
        str(config),
        *(["--json"] if action == "once" else []),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def measured(config: Path) -> tuple[float, float, float]:
    """Run once; return seconds of the pull with its commit, seconds of sending, and the child's peak memory in MB."""
    begun = time.perf_counter()
    child = agent(config)
    if child.stdout is None:
        raise SystemExit("no output")
    peaks = [0.0]
    watching = threading.Thread(target=_watch_memory, args=(child, peaks))
    watching.start()
    first = json.loads(child.stdout.readline())
    pulled = time.perf_counter() - begun
    child.stdout.read()
    watching.join()
    if child.returncode or "code" in first:
        raise SystemExit(f"the agent failed: {first}")
    return pulled, time.perf_counter() - begun - pulled, max(peaks)


def _watch_memory(child: subprocess.Popen[bytes], peaks: list[float]) -> None:
    """Read the child's own high-water mark; what the kernel reports at its end counts this process too."""
    while child.poll() is None:
        with contextlib.suppress(OSError, IndexError):
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
            peaks.append(int(status.split("VmHWM:")[1].split()[0]) / 1024)
        time.sleep(0.01)


def measure(office: Office, records: int) -> bool:
    """Pull every layout over both ways; compare the ledger with the terminal."""
    whole = True
    for way, size in (("tcp", 40), ("tcp", 8), ("udp", 49), ("udp", 16)):
        serial = f"UKUR{way.upper()}{size}"
        with SimulatedTerminal(rows_of(size, records), USERS, serial=serial) as terminal:
            config = office.join(serial, terminal, way)
            pulled, sent, memory = measured(config)
            again, _nothing, _memory = measured(config)
        kept = office.ledger(serial)
        right = len(kept) == records and max(kept.values()) == 1
        whole &= right
        print(
            f"{way} {size:>2} bytes: {records:,} records read and kept in {pulled:.1f} s, nothing new {again:.1f} s, "
            f"sent in {sent:.1f} s ({records / sent:,.0f}/s); {memory:.0f} MB; {'equal' if right else 'DIFFERS'}",
            flush=True,
        )
    return whole


def kill(office: Office, records: int, kills: int, longest: float, chance: random.Random) -> bool:
    """Kill the agent again and again, then let it finish, and compare."""
    rows, serial = rows_of(40, records), "UKURMATI"
    begun_with = records * 9 // 10
    step = -(-(records - begun_with) // max(kills, 1))
    with SimulatedTerminal(rows[:begun_with], USERS, serial=serial) as terminal:
        config = office.join(serial, terminal, "auto")
        for number in range(kills):
            child = agent(config, "run" if number % 2 else "once")
            time.sleep(chance.uniform(0.05, longest))
            child.send_signal(signal.SIGKILL)
            child.communicate()
            have = len(terminal.rows)
            terminal.rows.extend(rows[have : have + step])
        time.sleep(5)  # the terminal still holds the session of the one that was killed
        _pulled, _sent, _memory = measured(config)
    kept = office.ledger(serial)
    wanted = {(str(number % PEOPLE + 1), str(START + timedelta(seconds=13 * number))) for number in range(records)}
    lost, foreign = wanted - kept.keys(), kept.keys() - wanted
    twice = sum(count - 1 for count in kept.values())
    print(f"killed {kills} times: {len(wanted):,} records, lost {len(lost)}, twice {twice}, foreign {len(foreign)}")
    return not (lost or foreign or twice)


def main() -> int:
    """Measure, kill, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("records", 100_000), ("kills", 50), ("longest", 6), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        office = Office(Path(folder))
        with office.serving():
            whole = measure(office, chosen.records)
            chance = random.Random(chosen.seed)  # noqa: S311  no secret
            whole &= kill(office, chosen.records, chosen.kills, chosen.longest, chance)
    return int(not whole)


if __name__ == "__main__":
    raise SystemExit(main())
