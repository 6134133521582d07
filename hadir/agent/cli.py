"""`hadir agent run | once | check`: what the person at the school's PC types, and what the scheduler starts."""

from __future__ import annotations

import argparse
import json
import logging
import logging.handlers
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Sequence

from hadir.agent import VERSION, hikvision
from hadir.agent.faults import AgentError
from hadir.agent.forward import Server
from hadir.agent.lock import locked, reading
from hadir.agent.pull import check_serial, opened, pull
from hadir.agent.runner import Runner
from hadir.agent.settings import Settings, TerminalSettings, read_settings
from hadir.agent.store import Store

CONFIG = "agen.ini"
ACTIONS = {
    "run": "jalankan terus: baca mesin berkala dan kirim ke Hadir",
    "once": "baca semua mesin dan kirim satu kali, lalu selesai",
    "check": "periksa pengaturan, server, kunci, dan tiap mesin; tidak mengubah apa pun",
    "clock": "bandingkan jam mesin dengan jam server; dengan --set disetel sama",
}


def add_arguments(actions: Any) -> None:
    """Describe the three actions to a parser's subparsers; shared with the `hadir` command."""
    for name, line in ACTIONS.items():
        action = actions.add_parser(name, help=line)
        action.add_argument("--config", default=CONFIG, metavar="BERKAS", help="berkas pengaturan (semula: agen.ini)")
        action.add_argument("--json", action="store_true", help="keluaran JSON untuk program")
        if name == "clock":
            action.add_argument("--set", action="store_true", help="setel jam mesin; tanpa ini hanya dibandingkan")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something failed, 2 wrong usage or settings."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="hadir agent", description="Agen sekolah: membaca mesin absensi di jaringan ini."
    )
    parser.add_argument("--version", action="version", version=f"agen {VERSION}")
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(ACTIONS))
    add_arguments(actions)
    options = parser.parse_args(arguments)
    return perform(options.action, options.config, as_json=options.json, sets=getattr(options, "set", False))


def main_exit() -> None:
    """Run as a program."""
    sys.exit(main())


def perform(action: str, config: str, *, as_json: bool, sets: bool = False) -> int:
    """Do one action and return the exit code."""
    try:
        settings = read_settings(_found(config))
    except AgentError as fault:
        _complain(fault)
        return 2
    try:
        if action == "run":
            return _run(settings)
        if action == "clock":
            return _clock(settings, as_json, sets)
        return _once(settings, as_json) if action == "once" else _check(settings, as_json)
    except AgentError as fault:
        _complain(fault)
        return 1


def _found(config: str) -> Path:
    """Return the settings file; the usual one may also lie beside the program, since schedulers start it anywhere."""
    beside = Path(sys.argv[0]).resolve().parent / CONFIG
    return beside if config == CONFIG and not Path(config).exists() and beside.exists() else Path(config)


def _complain(fault: AgentError) -> None:
    sys.stderr.write(f"Error {fault.code}: {fault}\n")


def _say(fact: dict[str, Any], line: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(fact, ensure_ascii=False) if as_json else line) + "\n")
    sys.stdout.flush()


def _log_to(folder: Path) -> None:
    """Log to stderr and to a file that never grows beyond five megabytes."""
    folder.mkdir(parents=True, exist_ok=True)
    to_file = logging.handlers.RotatingFileHandler(
        str(folder / "agen.log"), maxBytes=1024 * 1024, backupCount=4, encoding="utf-8"
    )
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        handlers=[to_file, logging.StreamHandler(sys.stderr)],
    )


def _run(settings: Settings) -> int:
    _log_to(settings.data)
    runner = Runner(settings)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda _number, _frame: runner.stop())
    logging.getLogger("hadir.agent").info("agen %s mulai, %d mesin", VERSION, len(settings.terminals))
    runner.run()
    return 0


def _once(settings: Settings, as_json: bool) -> int:
    failed = False
    with locked(settings.data, "agen", AgentError("running")):
        store = Store(settings.data)
        server = Server(settings, store)
        for terminal in settings.terminals:
            failed |= not _pull_and_say(settings, terminal, store, server, as_json)
        sent = server.send_all()
        for serial, sentence in sent.waiting.items():
            failed = True
            _say({"terminal": serial, "code": "waiting", "message": sentence}, f"{serial}: {sentence}", as_json)
        _say({"sent": sent.records, "batches": sent.batches}, f"Terkirim: {sent.records} catatan.", as_json)
        store.close()
    return int(failed)


def _pull_and_say(settings: Settings, terminal: TerminalSettings, store: Store, server: Server, as_json: bool) -> bool:
    try:
        kept = pull(settings, terminal, store, server.now)
    except AgentError as fault:
        fact = {"terminal": terminal.serial, "code": fault.code, "message": str(fault)}
        _say(fact, f"{terminal.name}: {fault}", as_json)
        return False
    read: dict[str, Any] = {"terminal": terminal.serial, "new": kept.new, "known": kept.known, "odd": kept.odd}
    line = f"{terminal.name}: {kept.new} catatan baru, {kept.known} sudah ada, {kept.odd} ditahan."
    _say(read, line, as_json)
    return True


def _check(settings: Settings, as_json: bool) -> int:
    store = Store(settings.data)
    server = Server(settings, store)
    results = [_check_server(server, as_json)]
    results += [_check_terminal(settings, terminal, server.now(), as_json) for terminal in settings.terminals]
    store.close()
    return int(not all(results))


def _check_server(server: Server, as_json: bool) -> bool:
    try:
        hello = server.hello()
    except AgentError as fault:
        _say({"server": False, "code": fault.code, "message": str(fault)}, f"Server: {fault}", as_json)
        return False
    missing = [str(serial) for serial, known in dict(hello.get("terminals") or {}).items() if not known]
    line = f"Server: tersambung, sekolah {hello.get('school')}."
    if missing:
        line += " Nomor seri yang belum terdaftar di Hadir: {}. Tambahkan di halaman Perangkat.".format(
            ", ".join(missing)
        )
    _say({"server": True, "school": hello.get("school"), "unregistered": missing}, line, as_json)
    return not missing


def _check_terminal(settings: Settings, terminal: TerminalSettings, now: datetime, as_json: bool) -> bool:
    try:
        with reading(settings.data, terminal.host, terminal.port):
            fact = _look_hikvision(terminal) if terminal.kind == "hikvision" else _look_zk(terminal)
    except AgentError as error:
        fact = {"terminal": terminal.serial, "code": error.code, "message": str(error)}
        _say(fact, f"{terminal.name}: {error}", as_json)
        return False
    parts: list[str] = ["jam mesin {}".format(fact["clock"] or "tidak terbaca")]
    if "records" in fact:
        parts.append("{users} orang, {records} catatan".format(**fact))
    line = "{}: tersambung, {} (jam komputer ini {}).".format(
        terminal.name,
        ", ".join(parts),
        now.astimezone().strftime("%H.%M.%S"),
    )
    _say(fact, line, as_json)
    return True


def _look_zk(terminal: TerminalSettings) -> dict[str, Any]:
    session, serial = opened(terminal)
    try:
        check_serial(terminal, serial)
        sizes, clock = session.sizes(), session.clock()
    finally:
        session.close()
    return {
        "terminal": terminal.serial,
        "clock": clock.isoformat(" ") if clock else "",
        "users": sizes.users,
        "records": sizes.records,
        "named_serial": serial,
    }


def _look_hikvision(terminal: TerminalSettings) -> dict[str, Any]:
    hello = hikvision.Hikvision(terminal).hello()
    check_serial(terminal, hello.serial)
    clock = hello.clock.isoformat(" ") if hello.clock else ""
    return {"terminal": terminal.serial, "clock": clock, "named_serial": hello.serial}


def _clock(settings: Settings, as_json: bool, sets: bool) -> int:
    """Compare each machine's clock with the server's, in this PC's time zone; set it where a person says so."""
    store = Store(settings.data)
    server = Server(settings, store)
    server.hello()  # whoever sets clocks must know the time: an old PC's own is often wrong
    readable = [terminal for terminal in settings.terminals if terminal.kind == "zkteco"]
    results = [_compare_clock(settings, terminal, server, as_json, sets) for terminal in readable]
    store.close()
    return int(not all(results))


def _compare_clock(settings: Settings, terminal: TerminalSettings, server: Server, as_json: bool, sets: bool) -> bool:
    try:
        with reading(settings.data, terminal.host, terminal.port):
            session, serial = opened(terminal)
            try:
                check_serial(terminal, serial)
                before, wanted = session.clock(), server.now().astimezone().replace(tzinfo=None, microsecond=0)
                if sets:
                    session.set_clock(wanted)
                after = session.clock()
            finally:
                session.close()
    except AgentError as error:
        _say(
            {"terminal": terminal.serial, "code": error.code, "message": str(error)},
            f"{terminal.name}: {error}",
            as_json,
        )
        return False
    fact = {"terminal": terminal.serial, "before": str(before or ""), "server": str(wanted), "after": str(after or "")}
    line = f"{terminal.name}: jam mesin {before or 'tidak terbaca'}, jam server {wanted}."
    _say(fact, line + (f" Sekarang {after}." if sets else ""), as_json)
    return True
