"""`hadir import`: the staff of a school from Dapodik's list, schools from a CSV, records from a terminal's file."""  # noqa: N999 the command's name

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from hadir.cli.base import HadirCommand, add_json, find_school
from hadir.cli.scan_files import add_scans_arguments, import_scans
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.core.tables.cells import read_date
from hadir.imports import words
from hadir.imports.models import ImportBatch
from hadir.imports.past import Past, touched_by
from hadir.imports.plans import Choices, Kind, SchoolItem, StaffItem, counts_of, digest_of, sure_choices
from hadir.imports.queries import district_names, names_other_school, plan_schools, plan_staff
from hadir.imports.reading import read_schools, read_staff
from hadir.imports.school_matching import new_districts
from hadir.imports.services import apply_schools, apply_staff, keep_file
from hadir.imports.staff_list import StaffList
from hadir.schools.models import Region, School

Items = Sequence[StaffItem | SchoolItem]
HEADINGS = {
    Kind.DOUBTFUL: "Meragukan",
    Kind.NEW: "Baru",
    Kind.CHANGED: "Berubah",
    Kind.GONE: "Tidak ada di berkas",
    Kind.SAME: "Sama",
}
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file holds and what was done with it.

    `skipped`: rows without a person. `unread_nip`: columns that seem to hold NIP. `districts`: kecamatan that are new.
    """

    items: Items
    batch: ImportBatch | None
    dropped: Sequence[str]
    skipped: Sequence[int] = ()
    unread_nip: Sequence[str] = ()
    districts: Sequence[str] = ()


class Command(HadirCommand):
    """Show what a file would change; with --yes apply what is not doubtful."""

    help = (
        "Impor orang dari Daftar PTK Dapodik (xlsx, xls, CSV), daftar sekolah dari CSV, atau catatan dari mesin. "
        "Tanpa --yes hanya pratinjau. "
        "Yang meragukan dan yang tidak ada di berkas tidak disentuh; putuskan di halaman /impor/. "
        "Kode akhir 1: ada baris yang belum dikerjakan."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the lists."""
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="staff|schools|scans")
        staff = kinds.add_parser("staff", help="orang di satu sekolah, dari Daftar PTK")
        staff.add_argument("file", metavar="BERKAS")
        staff.add_argument("--school", metavar="NPSN", help="sekolahnya; Daftar PTK tidak memuat NPSN")
        staff.add_argument("--from", dest="start", metavar="TANGGAL", help="berlaku mulai, 2026-07-13; semula hari ini")
        staff.add_argument(
            "--name-differs", action="store_true", help="terapkan walau nama sekolah di berkas lain dari yang dipilih"
        )
        staff.add_argument("--reason", metavar="ALASAN", help="mengapa hari yang sudah dinilai berubah; masuk jejak")
        schools = kinds.add_parser("schools", help="sekolah dari CSV: npsn, nama, kecamatan, jenjang, pulau, ...")
        schools.add_argument("file", metavar="BERKAS")
        schools.add_argument("--region", metavar="NAMA", help="wilayahnya; tidak perlu bila hanya ada satu")
        scans = kinds.add_parser("scans", help="catatan dari mesin: attlog.dat, unduhan Solution, Excel, CSV")
        add_scans_arguments(scans)
        for kind in (staff, schools, scans):
            kind.add_argument("--yes", action="store_true", help="terapkan yang tidak meragukan")
            add_json(kind)

    def run(self, options: dict[str, Any]) -> int:
        """Read, show, and with --yes apply."""
        data = _read(options["file"])
        if options["kind"] == "scans":
            return import_scans(self, options, data)
        seen = self._staff(options, data) if options["kind"] == "staff" else self._schools(options, data)
        if options["json"]:
            self.fact(_fact(seen))
        else:
            self._report(seen)
        left = counts_of(seen.items)[Kind.DOUBTFUL]
        return 1 if seen.batch is not None and left else 0

    def _staff(self, options: dict[str, Any], data: bytes) -> Seen:
        if not options["school"]:
            raise HadirError("import_no_school")
        school = find_school(options["school"])
        now = clock.now()
        start = _start(options["start"]) or clock.local_date(now, school.time_zone)
        told = read_staff(data)
        items = plan_staff(school=school, told=told, start=start, managed=None)
        self._warn(told, school)
        if not options["yes"]:
            self._warn_of_past(Past(school, start, clock.local_date(now, school.time_zone)), items)
            return Seen(items, None, told.dropped, told.skipped, told.unread_nip)
        with transaction.atomic():
            batch = apply_staff(
                batch=keep_file(
                    told=told, data=data, file_name=options["file"], start=start, now=now, by=None, school=school
                ),
                choices=_sure(items),
                digest=digest_of(items),
                now=now,
                by=None,
                managed=None,
                confirmed=options["name_differs"],
                reason=options["reason"] or "",
            )
        return Seen(items, batch, told.dropped, told.skipped, told.unread_nip)

    def _schools(self, options: dict[str, Any], data: bytes) -> Seen:
        region = _region(options["region"])
        now = clock.now()
        told = read_schools(data)
        items = plan_schools(region=region, told=told)
        added = [item for item in items if item.kind in {Kind.NEW, Kind.CHANGED}]
        districts = new_districts(added, district_names(region))
        if not options["yes"]:
            return Seen(items, None, told.dropped, districts=districts)
        start = clock.local_date(now, settings.TIME_ZONE)
        with transaction.atomic():
            batch = apply_schools(
                batch=keep_file(
                    told=told, data=data, file_name=options["file"], start=start, now=now, by=None, region=region
                ),
                choices=_sure(items),
                digest=digest_of(items),
                now=now,
                by=None,
            )
        return Seen(items, batch, told.dropped, districts=districts)

    def _warn(self, told: StaffList, school: School) -> None:
        if names_other_school(told, school):
            written = told.npsn or told.school
            self.note(f"Perhatian: berkas bertuliskan {written}, sedangkan yang dipilih {school.name} ({school.npsn}).")

    def _warn_of_past(self, past: Past, items: Sequence[StaffItem]) -> None:
        if names := past.names(touched_by(item for item in items if item.kind is not Kind.GONE)):
            self.note(f"Perhatian: hari yang sudah dinilai akan berubah ({names}). Untuk --yes perlu --reason ALASAN.")

    def _report(self, seen: Seen) -> None:
        counts = counts_of(seen.items)
        for kind, heading in HEADINGS.items():
            if counts[kind]:
                self.say(f"{heading}: {counts[kind]}")
            if kind is Kind.SAME:
                continue
            lines = [_line(item) for item in seen.items if item.kind is kind]
            for line in lines[:SHOWN]:
                self.say(f"  {line}")
            if len(lines) > SHOWN:
                self.say(f"  dan {len(lines) - SHOWN} lagi; --json menampilkan semuanya")
        self._report_file(seen)
        if seen.batch is None:
            self.say("Baru pratinjau; tidak ada yang berubah. Tambahkan --yes untuk menerapkan yang tidak meragukan.")
            return
        done = ", ".join(f"{number} {words.RESULTS[name]}" for name, number in seen.batch.counts.items())
        self.say(f"Diterapkan: {done}.")

    def _report_file(self, seen: Seen) -> None:
        """Say what the page says of the file beside its rows."""
        if seen.dropped:
            self.say(f"Kolom yang dibuang: {', '.join(seen.dropped)}")
        if seen.unread_nip:
            columns = ", ".join(seen.unread_nip)
            self.say(
                f"Perhatian: kolom {columns} tampaknya memuat NIP, tetapi judulnya tidak dikenal dan tidak dibaca."
            )
        if seen.skipped:
            self.say(f"Baris tanpa orang: {', '.join(map(str, seen.skipped))}")
        if seen.districts:
            self.say(f"Kecamatan baru yang ikut ditambahkan: {', '.join(seen.districts)}")


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError:
        raise HadirError("file_missing", name=name) from None


def _start(text: str | None) -> date | None:
    if not text:
        return None
    day = read_date(text)
    if day is None:
        raise HadirError("import_start")
    return day


def _region(name: str | None) -> Region:
    """Return the region with this name, or the only one that is no demo."""
    if name:
        region = Region.objects.filter(name__iexact=name).first()
        if region is None:
            raise HadirError("region_unknown", name=name)
        return region
    regions = list(Region.objects.filter(is_demo=False)[:2]) or list(Region.objects.all()[:2])
    if len(regions) != 1:
        raise HadirError("import_no_region")
    return regions[0]


def _sure(items: Items) -> Choices:
    return sure_choices(list(items))


def _line(item: StaffItem | SchoolItem) -> str:
    told = [f"{change.field}: {change.old or '-'} -> {change.new}" for change in item.changes]
    told += [words.reason(code) for code in item.doubts]
    place = f"baris {item.row.row}  " if item.row else ""
    name = item.row.name if item.row else item.person.name if isinstance(item, StaffItem) and item.person else ""
    return f"{place}{name}" + (f": {'; '.join(told)}" if told else "")


def _fact(seen: Seen) -> dict[str, Any]:
    return {
        "counts": counts_of(seen.items),
        "applied": seen.batch.counts if seen.batch is not None else None,
        "import": str(seen.batch.pk) if seen.batch is not None else None,
        "dropped": list(seen.dropped),
        "skipped": list(seen.skipped),
        "unread_nip": list(seen.unread_nip),
        "new_districts": list(seen.districts),
        "items": [_item_fact(item) for item in seen.items],
    }


def _item_fact(item: StaffItem | SchoolItem) -> dict[str, Any]:
    row = item.row
    known = (item.person.id if item.person else None) if isinstance(item, StaffItem) else item.school
    return {
        "kind": item.kind.value,
        "row": row.row if row else None,
        "name": row.name if row else item.person.name if isinstance(item, StaffItem) and item.person else "",
        "id": str(known) if known else None,
        "changes": {change.field: [change.old, change.new] for change in item.changes},
        "doubts": list(item.doubts),
        "notes": list(item.notes) if isinstance(item, StaffItem) else [],
        "candidates": [str(person.id) for person in item.candidates] if isinstance(item, StaffItem) else [],
    }
