"""`hadir scans`: what the ledger holds."""

from argparse import ArgumentParser
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from hadir.cli.base import HadirCommand, add_json, find_school
from hadir.core.clock import day_bounds
from hadir.core.errors import HadirError
from hadir.devices.models import Device
from hadir.ledger.models import Scan


class Command(HadirCommand):
    """List scans in the order in which they were captured."""

    help = "Tampilkan catatan yang masuk, yang terlama lebih dulu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the filters."""
        parser.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        parser.add_argument("--device", metavar="PERANGKAT", help="hanya perangkat dengan nomor atau nama ini")
        parser.add_argument("--date", type=date.fromisoformat, metavar="TANGGAL", help="hanya tanggal ini, 2026-09-14")
        parser.add_argument("--last", type=int, metavar="N", help="hanya N catatan terakhir")
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Print one line per scan."""
        scans = _selected(options)
        if options["json"]:
            for scan in scans:
                self.fact(_fact(scan))
            return 0
        rows = [
            (
                _local(scan).strftime("%Y-%m-%d %H.%M.%S"),
                scan.school.name,
                scan.person.name if scan.person else "belum dikenali",
                f"{scan.similarity:.2f}".replace(".", ","),
                "-" if scan.second is None else f"{scan.second:.2f}".replace(".", ","),
                scan.device.name,
                ", ".join(scan.flags),
            )
            for scan in scans
        ]
        head = ("Waktu catatan", "Sekolah", "Orang", "Kemiripan", "Kedua", "Perangkat", "Tanda")
        self.table(head, rows, right=(3, 4))
        return 0


def _selected(options: dict[str, Any]) -> list[Scan] | QuerySet[Scan]:
    scans = Scan.objects.select_related("school", "device", "person").defer("record")
    if options["school"]:
        scans = scans.filter(school=find_school(options["school"]))
    if options["device"]:
        scans = scans.filter(device=_find_device(options["device"]))
    if options["date"]:
        start, end = day_bounds(options["date"], settings.TIME_ZONE)
        scans = scans.filter(captured_at__gte=start, captured_at__lt=end)
    if options["last"] is None:
        return scans
    return list(reversed(scans.order_by("-captured_at", "-id")[: max(options["last"], 0)]))


def _find_device(words: str) -> Device:
    found = Device.objects.filter(name=words).first()
    if found is None and len(words) in {32, 36}:
        try:
            found = Device.objects.filter(pk=words).first()
        except ValueError:
            found = None
    if found is None:
        raise HadirError("device_unknown", device=words)
    return found


def _local(scan: Scan) -> Any:
    return scan.captured_at.astimezone(ZoneInfo(scan.school.time_zone))


def _fact(scan: Scan) -> dict[str, Any]:
    return {
        "id": str(scan.pk),
        "captured_at": _local(scan).isoformat(),
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
