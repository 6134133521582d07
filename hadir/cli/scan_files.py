"""`hadir import scans`: a terminal's file, shown and, with --yes, taken into the ledger."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from hadir.cli.base import HadirCommand
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import terminal_by_serial
from hadir.gateways.files import words
from hadir.gateways.files.columns import Columns, columns_of
from hadir.gateways.files.models import ScanFile
from hadir.gateways.files.queries import Preview
from hadir.gateways.files.services import (
    apply_scan_file,
    choose_order,
    keep_scan_file,
    name_columns,
    preview_kept,
    read_kept,
    refuse_questions,
)
from hadir.gateways.files.stamps import Order

PARTS = ("pin", "name", "stamp", "date", "time", "state", "verify")
SHOWN = 40


def add_scans_arguments(parser: ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("file", metavar="BERKAS")
    parser.add_argument("--device", metavar="SERI", required=True, help="nomor seri mesinnya")
    parser.add_argument("--dates", choices=[order.value for order in Order], help="urutan tanggal")
    parser.add_argument(
        "--columns",
        metavar="NAMA=N,...",
        help="kolom tabel tanpa judul yang dikenal, dari 1: pin=1,date=3,time=4,time=5 atau pin=2,stamp=4",
    )
    parser.add_argument("--vendor", metavar="NAMA", default="", help="ingat --columns untuk judul kolom yang sama")


def import_scans(command: HadirCommand, options: dict[str, Any], data: bytes) -> int:
    """Show what a file holds; with --yes take it in. Without it nothing is kept. Raises HadirError `scans_*`."""
    terminal = terminal_by_serial(options["device"].strip())
    if terminal is None:
        raise HadirError("terminal_unknown", serial=options["device"])
    if options["yes"]:
        preview, kept = _work(terminal, options, data)
    else:
        with transaction.atomic():
            preview, kept = _work(terminal, options, data)
            transaction.set_rollback(True)
    if options["json"]:
        command.fact(_fact(options, terminal, preview, kept))
    else:
        _report(command, terminal, preview, kept, applied=options["yes"])
    return 0


def _work(terminal: Terminal, options: dict[str, Any], data: bytes) -> tuple[Preview, ScanFile]:
    now = clock.now()
    kept = keep_scan_file(device=terminal.device, data=data, file_name=options["file"], by=None, now=now)
    if options["columns"]:
        told = read_kept(kept, now=now)
        columns = _columns(options["columns"], told.begun)
        name_columns(kept=kept, told=told, columns=columns, vendor=options["vendor"], by=None, now=now)
    if options["dates"]:
        choose_order(kept=kept, order=Order(options["dates"]))
    told = read_kept(kept, now=now)
    refuse_questions(told)
    preview = preview_kept(kept, told)
    return preview, apply_scan_file(kept=kept, now=now, by=None) if options["yes"] else kept


def _columns(text: str, headings: int) -> Columns:
    """Read `pin=1,date=3,time=4`. Raises HadirError `scans_columns_wrong`."""
    named: dict[str, list[int]] = {}
    for part in text.split(","):
        name, _, place = part.strip().partition("=")
        if name not in PARTS or not place.isdecimal() or not 0 < int(place) < 1000:
            raise HadirError("scans_columns_wrong")
        named.setdefault(name, []).append(int(place) - 1)
    if any(len(places) > 1 for name, places in named.items() if name != "time") or "pin" not in named:
        raise HadirError("scans_columns_wrong")
    single = {name: places[0] for name, places in named.items() if name not in {"time", "pin"}}
    told = {"pin": named["pin"][0], **single, "times": named.get("time", []), "headings": headings}
    try:
        return columns_of(told)
    except ValueError:
        raise HadirError("scans_columns_wrong") from None


def _fact(options: dict[str, Any], terminal: Terminal, preview: Preview, kept: ScanFile) -> dict[str, Any]:
    told = preview.told
    return {
        "device": terminal.serial,
        "file": kept.file_name,
        "sha256": kept.sha256,
        "layout": told.layout.value,
        "order": told.order.value if told.order else None,
        "records": len(told.good),
        "new": len(preview.new),
        "known": preview.known,
        "bad": [{"line": one.number, "reason": one.reason.value, "text": one.text} for one in told.bad],
        "reported": len(told.reported),
        "first": preview.first,
        "last": preview.last,
        "pins": preview.pins,
        "unknown_pins": [{"pin": one.pin, "name": one.name, "records": one.count} for one in preview.unknown],
        "double_taps": preview.double,
        "warnings": [code for code, _values in preview.warnings],
        "other_sheets": list(told.other_sheets),
        "applied": kept.counts if options["yes"] else None,
        "import": str(kept.pk) if options["yes"] else None,
    }


def _report(command: HadirCommand, terminal: Terminal, preview: Preview, kept: ScanFile, *, applied: bool) -> None:
    told = preview.told
    command.say(f"{kept.file_name}: {words.LAYOUTS[told.layout.value]}, untuk {terminal.device.name}")
    for code, values in preview.warnings:
        command.note(f"Perhatian: {words.warning(code, values)}")
    if preview.first:
        command.say(f"Tanggal: {preview.first} sampai {preview.last}")
    command.say(f"Baru: {len(preview.new)}, sudah ada: {preview.known}, tidak diambil: {len(told.bad)}")
    if told.reported:
        command.say(f"Hari menurut laporan, disimpan terpisah: {len(told.reported)}")
    for one in told.bad[:SHOWN]:
        command.say(f"  baris {one.number}: {words.REASONS[one.reason.value]}: {one.text}")
    if preview.unknown:
        shown = ", ".join(one.pin for one in preview.unknown[:SHOWN])
        command.say(f"PIN tanpa orang: {len(preview.unknown)} dari {preview.pins} ({shown})")
    if not applied:
        command.say("Baru pratinjau; tidak ada yang berubah. Tambahkan --yes untuk memasukkannya.")
        return
    command.say(f"Masuk: {kept.counts.get('new', 0)} catatan.")
