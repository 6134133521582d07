"""`hadir scans`: what the ledger holds, and what it holds back for a person to look at."""

import base64
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hadir.cli.base import HadirCommand, add_json, decimal, find_school
from hadir.cli.terminal_facts import scan_fact
from hadir.core.clock import day_bounds
from hadir.core.errors import HadirError
from hadir.devices.models import Device
from hadir.devices.queries_terminal import is_terminal
from hadir.ledger.models import HeldRecord, Scan
from hadir.ledger.queries import held_records, scans
from hadir.ledger.queries_terminal import terminal_scans


class Command(HadirCommand):
    """List scans in the order in which they were captured, or held records in that of their arrival."""

    help = "Tampilkan catatan yang masuk, yang terlama lebih dulu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the filters."""
        parser.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        parser.add_argument(
            "--device", metavar="PERANGKAT", help="hanya perangkat dengan nomor, nama, atau nomor seri ini"
        )
        parser.add_argument("--date", type=date.fromisoformat, metavar="TANGGAL", help="hanya tanggal ini, 2026-09-14")
        parser.add_argument("--last", type=int, metavar="N", help="hanya N catatan terakhir")
        parser.add_argument(
            "--held", action="store_true", help="yang ditahan: tidak terbaca, atau nomor sama dengan isi lain"
        )
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Print one line per scan."""
        device = _find_device(options["device"]) if options["device"] else None
        if device is not None and is_terminal(device):
            if options["held"]:
                raise HadirError("held_in_quarantine", serial=device.terminal.serial)
            return self._terminal(device, options)
        if options["held"]:
            return self._held(device, as_json=options["json"])
        found = _selected(options, device)
        if options["json"]:
            for scan in found:
                self.fact(_fact(scan))
            return 0
        head = ("Waktu catatan", "Sekolah", "Orang", "Kemiripan", "Kedua", "Perangkat", "Tanda")
        self.table(head, [_row(scan) for scan in found], right=(3, 4))
        return 0

    def _terminal(self, device: Device, options: dict[str, Any]) -> int:
        school = find_school(options["school"]) if options["school"] else None
        found = terminal_scans(device=device, school=school, day=options["date"])
        chosen = found.iterator(chunk_size=2000)
        if options["last"] is not None:
            chosen = iter(list(found.reverse()[: max(options["last"], 0)])[::-1])
        if options["json"]:
            for scan in chosen:
                self.fact(scan_fact(scan))
            return 0
        head = ("Waktu di mesin", "PIN", "Cara", "Sumber", "Bukti asal", "Tanda")
        rows = [
            (scan.local_time, scan.pin, scan.verify_raw, scan.source, scan.trust, ", ".join(scan.flags))
            for scan in chosen
        ]
        self.table(head, rows)
        return 0

    def _held(self, device: Device | None, *, as_json: bool) -> int:
        found = held_records() if device is None else held_records().filter(device=device)
        if as_json:
            for record in found.defer(None):
                self.fact(_held_fact(record))
            return 0
        rows = [_held_row(record) for record in found]
        self.table(("Diterima", "Perangkat", "Sebab", "Nomor", "Sidik", "Keterangan"), rows)
        return 0


def _selected(options: dict[str, Any], device: Device | None) -> Iterable[Scan]:
    school = find_school(options["school"]) if options["school"] else None
    found = scans(school=school, device_id=device.pk if device else None)
    if options["date"]:
        start, end = day_bounds(options["date"], school.time_zone if school else settings.TIME_ZONE)
        found = found.filter(captured_at__gte=start, captured_at__lt=end)
    if options["last"] is None:
        return found
    return list(found.reverse()[: max(options["last"], 0)])[::-1]


def _find_device(words: str) -> Device:
    found = Device.objects.filter(terminal__serial=words).first() or Device.objects.filter(name=words).first()
    if found is None and len(words) in {32, 36}:
        try:
            found = Device.objects.filter(pk=words).first()
        except ValueError:
            found = None
    if found is None:
        raise HadirError("device_unknown", device=words)
    return found


def _printed(moment: datetime, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H.%M.%S")


def _row(scan: Scan) -> tuple[str, ...]:
    return (
        _printed(scan.captured_at, scan.school.time_zone),
        scan.school.name,
        scan.person.name if scan.person else "belum dikenali",
        decimal(scan.similarity),
        decimal(scan.second),
        scan.device.name,
        ", ".join(scan.flags),
    )


def _fact(scan: Scan) -> dict[str, Any]:
    return {
        "id": str(scan.pk),
        "captured_at": scan.captured_at.astimezone(ZoneInfo(scan.school.time_zone)).isoformat(),
        "received_at": scan.received_at.isoformat(),
        "school": scan.school.npsn,
        "device": str(scan.device_id),
        "device_name": scan.device.name,
        "person": str(scan.person_id) if scan.person_id else None,
        "name": scan.person.name if scan.person else None,
        "verdict": scan.verdict,
        "similarity": scan.similarity,
        "second": scan.second,
        "frames": scan.frames,
        "pack": scan.pack,
        "source": scan.source,
        "flags": scan.flags,
        "digest": scan.digest,
    }


def _held_row(record: HeldRecord) -> tuple[str, ...]:
    return (
        _printed(record.received_at, settings.TIME_ZONE),
        record.device.name,
        record.get_reason_display(),
        record.claimed_id,
        record.digest[:16],
        record.detail,
    )


def _held_fact(record: HeldRecord) -> dict[str, Any]:
    return {
        "device": str(record.device_id),
        "device_name": record.device.name,
        "claimed_id": record.claimed_id,
        "reason": record.reason,
        "detail": record.detail,
        "received_at": record.received_at.isoformat(),
        "digest": record.digest,
        "record": base64.b64encode(bytes(record.record)).decode(),
    }
