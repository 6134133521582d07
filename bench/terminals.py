"""A regency's terminals against one server: pace of polls and uploads, and a full memory sent twice.

    python bench/terminals.py load [--terminals 1000] [--uploading 200] [--seconds 60] [--threads 8]
    python bench/terminals.py replay [--records 44718]

`load` starts `hadir serve` on an SQLite database of its own in a temporary folder (or that of DATABASE_URL, which must
be new) and speaks to it over sockets: every terminal polls every 30 s with jitter; those that upload send blocks of 128
records, the next 8 s after the answer, as an MB10-VL does with its memory. Then it polls as fast as answers come.
`replay` sends the memory of one terminal in blocks of 128, twice. The parsers are fuzzed by `fuzz_gateways.py`.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import django

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-bench-")
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["HADIR_LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from hadir.cli.web import free_port  # noqa: E402
from hadir.devices.services_terminal import add_terminal  # noqa: E402
from hadir.ledger.models import TerminalScan  # noqa: E402
from hadir.schools.models import District, Region, School  # noqa: E402
from hadir.schools.services import add_school  # noqa: E402

BLOCK = 128
POLL_EVERY = 30.0
PAUSE = 8.0


@dataclass(slots=True)
class Measured:
    """Seconds that answers took, by what was asked, and how many answers were not as they should be."""

    taken: dict[str, list[float]] = field(default_factory=lambda: {"poll": [], "block": []})
    wrong: int = 0

    def line(self, what: str, seconds: float) -> str:
        """Return a line of the table."""
        found = self.taken[what]
        if len(found) < 2:
            return f"{what}: {len(found)}"
        cuts = quantiles(found, n=100)
        return (
            f"{what}: {len(found):,} = {len(found) / seconds:.1f}/s; "
            f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
        )


def schools(count: int) -> list[School]:
    """Make schools."""
    region = Region.objects.create(name="Kabupaten Uji")
    district = District.objects.create(region=region, name="Kota")
    now = datetime.now(UTC)
    return [
        add_school(npsn=f"{20_000_000 + number}", name=f"SDN Uji {number}", level="SD", district=district, now=now)
        for number in range(count)
    ]


def folders(count: int) -> list[tuple[str, str]]:
    """Make terminals; return serial and secret folder of each."""
    now = datetime.now(UTC)
    made = []
    for number, school in enumerate(schools(count)):
        terminal, secret = add_terminal(
            serial=f"BENCH{number:06}", kind="zkteco", schools=[school], by=None, now=now, name=""
        )
        made.append((terminal.serial, f"/m/{secret}/iclock"))
    return made


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a process of its own."""

    port: int
    pid: int

    def processor(self) -> float:
        """Return the seconds of processor that it has used; other work on the machine does not change them."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(threads: int) -> Iterator[Served]:
    """Run `hadir serve` on a free port."""
    connection.close()
    port = free_port()
    words = [sys.executable, "-m", "hadir.cli.main", "serve", "--port", str(port), "--threads", str(threads)]
    process = subprocess.Popen([*words, "--no-worker"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101  for the type checker
        while "berjalan" not in process.stdout.readline():
            if process.poll() is not None:
                raise SystemExit("the server did not start")
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


async def ask(port: int, target: str, body: bytes | None = None) -> str:
    """Send one request as a terminal does, on a connection of its own, and return the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"{'GET' if body is None else 'POST'} {target} HTTP/1.1\r\nUser-Agent: iClock Proxy/1.09\r\n"
        head += "Host: 127.0.0.1\r\nConnection: close\r\nAccept: */*\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n" if body is not None else "\r\n"
        writer.write(head.encode() + (body or b""))
        await writer.drain()
        answer = await reader.read()
        return answer.partition(b"\r\n\r\n")[2].decode("latin-1")
    finally:
        writer.close()


def block(number: int, *, first: int = 0) -> bytes:
    """Return the block of records with this number: 60 people, a record every 20 minutes, long past."""
    start = datetime.fromisoformat("2024-06-01 06:00:00")
    rows = []
    for place in range(number * BLOCK + first, (number + 1) * BLOCK + first):
        moment = start + place * timedelta(minutes=20)
        rows.append(f"{place % 60 + 1}\t{moment:%Y-%m-%d %H:%M:%S}\t255\t15\t0\t0\t0\t0\t0\t0\t{place + 1}\n")
    return "".join(rows).encode()


async def polls(port: int, serial: str, folder: str, measured: Measured, end: float) -> None:
    """Poll every 30 s with jitter."""
    await asyncio.sleep(random.uniform(0, POLL_EVERY))  # noqa: S311  no secret
    while time.monotonic() < end:
        begun = time.monotonic()
        measured.wrong += await ask(port, f"{folder}/getrequest?SN={serial}") != "OK"
        measured.taken["poll"].append(time.monotonic() - begun)
        await asyncio.sleep(max(0.0, POLL_EVERY + random.uniform(-3, 3) - (time.monotonic() - begun)))  # noqa: S311


async def sends(port: int, serial: str, folder: str, measured: Measured, end: float) -> None:
    """Send blocks, the next 8 s after the answer."""
    await asyncio.sleep(random.uniform(0, PAUSE))  # noqa: S311
    number = 0
    while time.monotonic() < end:
        begun = time.monotonic()
        answer = await ask(port, f"{folder}/cdata?SN={serial}&table=ATTLOG&Stamp=9999", block(number))
        measured.taken["block"].append(time.monotonic() - begun)
        measured.wrong += answer != f"OK: {BLOCK}"
        number += 1
        await asyncio.sleep(PAUSE)


async def load(port: int, machines: list[tuple[str, str]], uploading: int, seconds: float) -> Measured:
    """Let all terminals work for some seconds."""
    measured = Measured()
    end = time.monotonic() + seconds
    work = [polls(port, serial, folder, measured, end) for serial, folder in machines]
    work += [sends(port, serial, folder, measured, end) for serial, folder in machines[:uploading]]
    tasks = [asyncio.create_task(one) for one in work]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    measured.wrong += sum(isinstance(one, Exception) for one in results)
    return measured


async def saturate(port: int, machines: list[tuple[str, str]], seconds: float, at_once: int = 16) -> Measured:
    """Poll as fast as answers come."""
    measured = Measured()
    end = time.monotonic() + seconds

    async def busy() -> None:
        while time.monotonic() < end:
            serial, folder = random.choice(machines)  # noqa: S311
            begun = time.monotonic()
            measured.wrong += await ask(port, f"{folder}/getrequest?SN={serial}") != "OK"
            measured.taken["poll"].append(time.monotonic() - begun)

    await asyncio.gather(*(busy() for _ in range(at_once)))
    return measured


def run_load(chosen: argparse.Namespace) -> int:
    """Measure polls and uploads together, then polls alone."""
    call_command("migrate", verbosity=0)
    machines = folders(chosen.terminals)
    with served(chosen.threads) as server:
        port, before = server.port, server.processor()
        measured = asyncio.run(load(port, machines, chosen.uploading, chosen.seconds))
        print(f"{chosen.terminals:,} terminals polling every 30 s, {chosen.uploading} sending blocks of {BLOCK}:")
        print(f"  {measured.line('poll', chosen.seconds)}")
        print(f"  {measured.line('block', chosen.seconds)}")
        count = sum(map(len, measured.taken.values()))
        print(f"  together {count / chosen.seconds:.1f} requests a second; wrong answers {measured.wrong}")
        used = server.processor() - before
        print(f"  the server used {used / chosen.seconds:.2f} processors, {used / count * 1000:.1f} ms a request")
        most = asyncio.run(saturate(port, machines, 10))
        print(f"as fast as answers come, 16 at once: {most.line('poll', 10)}; wrong answers {most.wrong}")
    print(f"records in the ledger: {TerminalScan.objects.count():,}")
    return int(bool(measured.wrong or most.wrong))


def run_replay(chosen: argparse.Namespace) -> int:
    """Send one terminal's memory twice."""
    call_command("migrate", verbosity=0)
    ((serial, folder),) = folders(1)
    whole = chosen.records // BLOCK
    bodies = [block(number) for number in range(whole)]
    rest = chosen.records % BLOCK
    if rest:
        bodies.append(b"".join(line + b"\n" for line in block(whole).splitlines()[:rest]))

    async def send(port: int) -> int:
        wrong = 0
        for body in bodies:
            answer = await ask(port, f"{folder}/cdata?SN={serial}&table=ATTLOG&Stamp=9999", body)
            wrong += not answer.startswith("OK: ")
        return wrong

    wrong = 0
    with served(8) as server:
        for what in ("the first time", "again"):
            begun, before = time.perf_counter(), server.processor()
            wrong += asyncio.run(send(server.port))
            spent = time.perf_counter() - begun
            count = TerminalScan.objects.count()
            print(
                f"{chosen.records:,} records in {len(bodies)} blocks {what}: {spent:.1f} s "
                f"= {chosen.records / spent:,.0f}/s; {count:,} in the ledger; "
                f"{server.processor() - before:.1f} s of processor; wrong answers {wrong}"
            )
    return int(bool(wrong) or TerminalScan.objects.count() != chosen.records)


def main() -> int:
    """Choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    loaded = parts.add_parser("load")
    for name, default in (("terminals", 1000), ("uploading", 200), ("seconds", 60), ("threads", 8)):
        loaded.add_argument(f"--{name}", type=int, default=default)
    parts.add_parser("replay").add_argument("--records", type=int, default=44_718)
    chosen = parser.parse_args()
    return {"load": run_load, "replay": run_replay}[chosen.part](chosen)


if __name__ == "__main__":
    raise SystemExit(main())
