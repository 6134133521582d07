"""Any bytes at every parser of the gateways, guided by coverage: bodies tried, and crashes (there must be none).

    .venv/bin/python bench/fuzz_gateways.py [--seconds 20] [--target NAME] [--json]

Each target runs in a process of its own and begins from bodies made by hand and, where they are there, from recorded
requests in ../shared/data/captures (HADIR_TEST_DATA). A parser may refuse with its own error and nothing else; a record
has a PIN and a time without a zone, and what is kept of a body reads the same as the body.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import atheris

PROJECT = Path(__file__).resolve().parents[1]
CAPTURES = Path(os.environ.get("HADIR_TEST_DATA") or PROJECT.parent / "shared" / "data") / "captures"
LATEST = datetime.fromisoformat("2026-12-01 00:00:00")

INSIDE = sys.argv[1:2] == ["--inside"]
PARSERS = ["hadir.gateways", "hadir.agent", "hadir.core.tables"]

with atheris.instrument_imports(include=PARSERS) if INSIDE else contextlib.nullcontext():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hadir.config.settings")
    os.environ.setdefault("HADIR_DATA", tempfile.mkdtemp(prefix="hadir-fuzz-"))
    django.setup()
    from hadir.agent.hikvision import read_page
    from hadir.agent.packet import FrameReader, Packet, write_frame, write_packet
    from hadir.agent.records import Record, read_event, read_records, read_users, record_size
    from hadir.agent.tests import rows as memory
    from hadir.core.errors import HadirError
    from hadir.gateways.agent.protocol import Batch, BatchError
    from hadir.gateways.agent.protocol import read_body as read_batch
    from hadir.gateways.aiface.protocol import AifaceError, answer, read_message
    from hadir.gateways.aiface.reading import reading_of
    from hadir.gateways.files.reading import read_file
    from hadir.gateways.files.tests import samples as files
    from hadir.gateways.fingerspot.protocol import FingerspotError, read_pulled
    from hadir.gateways.fingerspot.webhook import read_call as read_webhook_call
    from hadir.gateways.fkweb.protocol import frame, read_poll
    from hadir.gateways.fkweb.reading import read_log
    from hadir.gateways.fkweb.wire import with_hyphens
    from hadir.gateways.hikvision.events import HikvisionError, read_answer
    from hadir.gateways.hikvision.push import read_body
    from hadir.gateways.hikvision.tests import samples as hikvision
    from hadir.gateways.zkteco.attlog import read_attlog
    from hadir.gateways.zkteco.calls import read_call
    from hadir.gateways.zkteco.results import read_results
    from hadir.gateways.zkteco.uploads import read_upload
    from hadir.ledger.punch import Punch


class WrongReadingError(Exception):
    """A parser reads something that cannot be."""


def require(holds: bool, what: str) -> None:
    """Fail a run with a text where something does not hold."""
    if not holds:
        raise WrongReadingError(what)


def check(punches: Sequence[Punch]) -> None:
    """Fail for a record that cannot be one."""
    for punch in punches:
        require(bool(punch.pin), "no PIN")
        require(punch.local_time.tzinfo is None, "a wall clock has no zone")


def fuzz_hikvision(data: bytes) -> None:
    """A pushed body, and an answer to a search."""
    push = read_body(data)
    check(push.reading.punches)
    require([*read_body(push.clean).reading.punches] == [*push.reading.punches], "what is kept reads otherwise")
    try:
        read_answer(data)
    except HikvisionError:
        return


def fuzz_fkweb(data: bytes) -> None:
    """A record, a poll, and the head of a request."""
    reading, clean = read_log(data)
    check(reading.punches)
    if reading.punches:
        require(read_log(clean)[0].punches == reading.punches, "what is kept reads otherwise")
    read_poll(data)
    with_hyphens(data)


def fuzz_fingerspot(data: bytes) -> None:
    """A webhook call, and an answer of the service."""
    check(read_webhook_call(data)[0].punches)
    try:
        check(read_pulled(data).punches)
    except FingerspotError:
        return


def fuzz_aiface(data: bytes) -> None:
    """A message and its answer."""
    try:
        message = read_message(data)
    except AifaceError:
        return
    reading, clean = reading_of(message, data)
    check(reading.punches)
    if clean:
        require(list(read_message(clean).punches) == list(message.punches), "what is kept reads otherwise")
    json.loads(answer(message, accepted=True, local=LATEST))


def fuzz_files(data: bytes) -> None:
    """A file that is no workbook: those are read by a library in a process of its own."""
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return
    try:
        told = read_file(data, latest=LATEST)
    except HadirError:
        return
    check([line.punch for line in told.good])
    require(all(line.punch.local_time <= LATEST for line in told.good), "a record of the future")


def fuzz_zkteco(data: bytes) -> None:
    """A body of every table, also cut; results of commands; an address."""
    for table in ("ATTLOG", "OPERLOG", "OPTIONS", "RTLOG", "USER", "ATTPHOTO"):
        upload = read_upload(table, data)
        check(upload.reading.punches)
        if table == "ATTLOG":
            require(len(upload.reading.punches) <= upload.lines, "more records than lines")
    whole = {(one.pin, one.local_time, one.state_raw, one.verify_raw) for one in read_attlog(data).punches}
    if data.endswith(b"\n"):
        cut = read_attlog(data[: len(data) * 2 // 3]).punches
        require({(one.pin, one.local_time, one.state_raw, one.verify_raw) for one in cut} <= whole, "invented by a cut")
    read_results(data)
    text = data.decode("latin-1")
    require(len(read_call("POST", text[:40], text[40:]).serial) <= 64, "a serial without end")


def fuzz_batch(body: bytes) -> None:
    """What an agent sends: every row of it is a record or bad."""
    try:
        told = read_batch(body)
    except BatchError:
        return
    if isinstance(told, Batch):
        check(list(told.punches.values()))


def fuzz_memory(body: bytes) -> None:
    """What a terminal on port 4370 answers: frames in a stream, then records, users and events of any bytes."""
    stream = FrameReader()
    stream.feed(body)
    while (packet := stream.next_packet()) is not None:
        body = packet.data or body
    for size in (8, 16, 32, 40, 49, 56):
        reads = list(read_records(body, size, {7: "0701"}, newest=LATEST))
        require(len(reads) == -(-len(body) // size), "a record got lost")
        pins = [one.pin for one in reads if isinstance(one, Record)]
        require(all(pin.strip() and pin.isprintable() for pin in pins), "a record of nobody")
    record_size(len(body), len(body) % 7, len(body) % 11)
    read_event(body)
    with contextlib.suppress(ValueError):
        read_users(body, len(body) // 72)
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        read_page(json.loads(body))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "batch": fuzz_batch,
    "memory": fuzz_memory,
    "hikvision": fuzz_hikvision,
    "fkweb": fuzz_fkweb,
    "fingerspot": fuzz_fingerspot,
    "aiface": fuzz_aiface,
    "files": fuzz_files,
    "zkteco": fuzz_zkteco,
}
RECORD = {"enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0}
SEEDS: Mapping[str, Sequence[bytes]] = {
    "batch": [
        b'{"v":1,"sequence":1,"terminal":"A","punches":[["0701","2026-09-14 06:58:12","0","1",""]],'
        b'"clock":{"at":"2026-09-14T00:10:00+00:00","shown":"2026-09-14 07:10:02"},'
        b'"report":{"outcome":"ok","at":"2026-09-14T00:10:00Z"}}',
        b'{"v":1,"sequence":0,"terminals":["A"]}',
    ],
    "memory": [
        memory.row40("0701", LATEST) * 3,
        memory.row8(7, LATEST) * 5,
        memory.user72(7, "0701", "Siti"),
        memory.event32("0701", LATEST),
        write_frame(write_packet(Packet(1501, 1, 2, memory.row16(701, LATEST)))),
    ],
    "hikvision": [
        hikvision.bare(hikvision.event()),
        hikvision.multipart(hikvision.event(), picture=hikvision.JPEG),
        hikvision.XML,
        json.dumps(hikvision.ANSWER).encode(),
    ],
    "fkweb": [frame({"user_id": "13", "io_time": "20260914065812", "io_mode": 2 << 24, "verify_mode": 1 << 28})],
    "fingerspot": [
        b'{"type":"attlog","cloud_id":"C1","data":{"pin":"7","scan":"2026-09-14 06:58","verify":"1"}}',
        b'{"success":true,"data":[{"pin":"7","scan_date":"2026-09-14 06:58:12","verify":1,"status_scan":0}]}',
    ],
    "aiface": [
        json.dumps({"cmd": "sendlog", "sn": "A", "count": 1, "logindex": 1, "record": [RECORD]}).encode(),
        b'{"cmd":"reg","sn":"A","devinfo":{"modelname":"x"}}',
    ],
    "files": [
        files.USB,
        files.CLOUD,
        files.TABULAR,
        files.csv("PIN;Nama;Tanggal;Scan 1;Scan 2", "5;Siti;14/09/2026;06:58;15:02", ""),
        files.biff2([["PIN", "Tanggal", "Jam"], [5, "14/09/2026", "06:58"]]),
    ],
    "zkteco": [
        b"7\t2026-09-14 07:04:30\t0\t15\t0\t0\t0\t0\t0\t0\t10881\n",
        b"ID=1&Return=0&CMD=DATA\nID=2&Return=0&CMD=INFO\n~DeviceName=X\n",
        b"time=2026-09-14 06:58:48\tpin=7\tevent=0\tinoutstatus=0\tverifytype=15\tindex=9\r\n",
        b"USER PIN=1\tName=Siti\tPri=0\nOPLOG 4\t0\t2026-09-14 07:00:00\t0\t0\t0\t0\n",
    ],
}
PREFIXES: Mapping[str, Sequence[str]] = {
    "batch": [],
    "memory": ["7"],
    "hikvision": ["6"], "fkweb": ["3"], "fingerspot": ["5"], "aiface": ["4"], "files": ["8"], "zkteco": ["0", "1", "2"],
}  # fmt: skip


def seed(target: str, folder: Path) -> None:
    """Write the bodies to begin from."""
    bodies = list(SEEDS[target])
    for prefix in PREFIXES[target]:
        for path in sorted(CAPTURES.glob(f"{prefix}??_*")):
            whole = path.read_bytes()
            bodies.append(whole.partition(b"\r\n\r\n")[2] if path.suffix == ".http" else whole)
    for number, body in enumerate(bodies):
        (folder / f"seed-{number}").write_bytes(body)


def run_apart(target: str, seconds: int) -> dict[str, object]:
    """Fuzz one target in a process of its own and return what it came to."""
    with tempfile.TemporaryDirectory() as folder:
        seed(target, Path(folder))
        command = [sys.executable, __file__, "--inside", target, folder, f"-max_total_time={seconds}", "-max_len=4096"]
        done = subprocess.run([*command, f"-artifact_prefix={folder}/"], capture_output=True, text=True, check=False)
        tried = re.findall(r"^#(\d+)\s", done.stderr, re.MULTILINE) or re.findall(r"Done (\d+) runs", done.stderr)
        crash = "" if done.returncode == 0 else done.stderr[-2000:]
        return {
            "target": target,
            "bodies": max(map(int, tried), default=0),
            "crashes": int(bool(crash)),
            "crash": crash,
        }


def main() -> int:
    """Run what was asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="for each target (default: 20)")
    parser.add_argument("--target", choices=[*TARGETS])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = [run_apart(target, options.seconds) for target in ([options.target] if options.target else TARGETS)]
    for one in found:
        print(
            json.dumps(one)
            if options.json
            else f"{one['target']:<11} {one['bodies']:>10} bodies  {one['crashes']} crashes"
        )
        if one["crash"] and not options.json:
            print(one["crash"])
    return int(any(one["crashes"] for one in found))


if __name__ == "__main__":
    if INSIDE:
        atheris.Setup([sys.argv[0], *sys.argv[3:]], TARGETS[sys.argv[2]])
        atheris.Fuzz()
    else:
        raise SystemExit(main())
