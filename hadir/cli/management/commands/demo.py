"""`hadir demo`: the demo region, and the main job once for real."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Count

from hadir.cli.base import HadirCommand, add_json, decimal, migrate_if_needed
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.demo.check import Row, run_check, wrong
from hadir.demo.decisions import events_of, pending_requests
from hadir.demo.history import tell_history
from hadir.demo.media import write_media
from hadir.demo.samples import DEFAULT_FOLDER, missing
from hadir.demo.scale import STAFF, make_scale
from hadir.demo.services import seed_region
from hadir.enrolment.engine import current_engine
from hadir.schools.models import Region, School


class Command(HadirCommand):
    """Make the demo region and go the whole way with sample photos."""

    help = (
        "Buat wilayah peraga (sekali; berikutnya tidak mengubah apa pun), lalu coba jalan utamanya dengan foto contoh: "
        "mendaftarkan, mengenali, menolak, mencatat. Kode akhir 1 bila hasilnya tidak benar."
    )
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument(
            "--seed-only", action="store_true", help="hanya buat wilayah peraga, tanpa riwayat dan tanpa mencoba"
        )
        parser.add_argument(
            "--scale",
            type=int,
            nargs="?",
            const=15_000,
            metavar="ORANG",
            help="buat wilayah ukur sebesar wilayah nyata di basis data kosong (bawaan 15000 orang), untuk mengukur",
        )
        parser.add_argument("--days", type=int, default=365, metavar="HARI", help="panjang riwayat wilayah ukur")
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Migrate, seed, check, report."""
        self.note("-> Basis data")
        migrate_if_needed()
        if options["scale"] is not None:
            return self._scale(options)
        self.note("-> Wilayah peraga")
        region = seed_region(now=clock.now())
        rows: list[Row] = []
        if not options["seed_only"]:
            self._tell()
            rows = self._check()
        self._report(region, rows, as_json=options["json"])
        if not wrong(rows):
            return 0
        raise HadirError("demo_wrong", names=", ".join(wrong(rows)))

    def _tell(self) -> None:
        self.note("-> Riwayat beberapa bulan (sekali)")
        with transaction.atomic():
            history = tell_history(now=clock.now(), events=events_of)
            if history is not None:
                pending_requests(history)

    def _scale(self, options: dict[str, Any]) -> int:
        self.note("-> Wilayah ukur")
        people, days = max(STAFF, options["scale"]), max(1, options["days"])
        made = make_scale(people=people, days=days, now=clock.now(), tell=lambda line: self.note(f"   {line}"))
        if options["json"]:
            self.fact({**asdict(made), "logins": dict(made.logins)})
            return 0
        self.say(f"{made.people} orang, {made.schools} sekolah, {made.scans} catatan, {made.person_days} hari orang.")
        for username, password in made.logins:
            self.say(f"{username}  {password}")
        return 0

    def _check(self) -> list[Row]:
        self.note("-> Foto contoh dan mesin wajah")
        absent = missing(DEFAULT_FOLDER)
        if absent:
            raise HadirError("samples_missing", names=", ".join(absent))
        engine = current_engine()
        write_media(DEFAULT_FOLDER, engine)
        self.note("-> Mendaftarkan, mengenali, mencatat")
        return run_check(DEFAULT_FOLDER, engine, lambda line: self.note(f"   {line}"))

    def _report(self, region: Region, rows: list[Row], *, as_json: bool) -> None:
        schools = School.objects.filter(district__region=region).select_related("district", "island")
        schools = schools.annotate(people=Count("assignments__person", distinct=True))
        if as_json:
            self.fact(
                {
                    "region": {"name": region.name, "is_demo": region.is_demo},
                    "schools": [_school_fact(school) for school in schools],
                    "check": [{**asdict(row), "right": row.is_right} for row in rows],
                }
            )
            return
        self.say()
        self.say(region.name)
        self.table(
            ("NPSN", "Sekolah", "Kecamatan", "Orang"),
            [(school.npsn, school.name, school.district.name, school.people) for school in schools],
            right=(3,),
        )
        if rows:
            self.say()
            head = ("Gambar", "Diharapkan", "Hasil", "Kemiripan", "Kedua", "Milidetik", "Tanda terima")
            self.table(head, [_line(row) for row in rows], right=(3, 4, 5))


def _school_fact(school: Any) -> dict[str, Any]:
    return {
        "npsn": school.npsn,
        "name": school.name,
        "level": school.level,
        "district": school.district.name,
        "island": school.island.name if school.island else None,
        "people": school.people,
    }


WORDS = {"recognised": "dikenali", "unknown": "belum dikenali", "unsure": "belum yakin"}


def _line(row: Row) -> tuple[str, ...]:
    return (
        row.image,
        WORDS[row.expected],
        f"{WORDS[row.verdict]}{': ' + row.person if row.person else ''}",
        decimal(row.similarity, 3),
        decimal(row.second, 3),
        decimal(row.milliseconds, 0),
        f"{row.receipt} {row.scan}" if row.receipt else "tidak ada",
    )
