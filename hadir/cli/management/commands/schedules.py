"""`hadir schedules`: hours, calendar, timetables, trial periods and the rule pack, each from a date on."""

import uuid
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.db.models import Q

from hadir.cli.base import HadirCommand, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.schedules.corrections import ROWS, end_row, remove_row
from hadir.schedules.models import Dated, DayKind
from hadir.schedules.services import (
    add_calendar_days,
    choose_pack,
    override_pattern,
    seed_holidays,
    set_hours,
    set_timetable,
    set_trial,
)
from hadir.schools.models import Region, School

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


class Command(HadirCommand):
    """Schedules."""

    help = "Tetapkan jam kerja, kalender, hari mengajar, uji coba, dan paket aturan; setiap hal berlaku sejak tanggal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="hours|ramadan|calendar|...")
        hours = actions.add_parser("hours", help="pola kerja wilayah, sekolah, golongan pegawai, atau orang")
        hours.add_argument("pattern", metavar="POLA", help="kunci pola di paket aturan, misalnya 6hari; '-' tanpa jam")
        _add_place(hours)
        hours.add_argument("--person", metavar="ORANG", help="hanya orang ini")
        hours.add_argument("--kind", default="", metavar="STATUS", help="hanya status kepegawaian ini")
        _add_dates(hours)
        ramadan = actions.add_parser("ramadan", help="ganti satu pola dengan pola lain untuk sementara")
        ramadan.add_argument("pattern", metavar="POLA")
        ramadan.add_argument("instead", metavar="PENGGANTI")
        ramadan.add_argument("--name", default="Ramadan", help="nama masa itu")
        _add_place(ramadan)
        _add_dates(ramadan)
        days = actions.add_parser("calendar", help="hari libur, cuti bersama, libur siswa, atau hari kerja")
        days.add_argument("kind", choices=DayKind.values, help="hari_kerja membatalkan hari libur")
        days.add_argument("name", metavar="NAMA")
        _add_place(days)
        _add_dates(days)
        seed = actions.add_parser("holidays", help="salin hari libur nasional dan cuti bersama ke kalender wilayah")
        seed.add_argument("region", metavar="WILAYAH")
        seed.add_argument("years", type=int, nargs="+", metavar="TAHUN")
        table = actions.add_parser("timetable", help="hari mengajar seseorang di satu sekolah")
        table.add_argument("person", metavar="ORANG")
        table.add_argument("weekdays", metavar="HARI", help="senin,rabu")
        table.add_argument("--school", required=True, metavar="NPSN")
        _add_dates(table)
        trial = actions.add_parser("trial", help="uji coba: hari sekolah ini tidak dihitung")
        trial.add_argument("--school", required=True, metavar="NPSN")
        _add_dates(trial)
        pack = actions.add_parser("pack", help="paket aturan untuk wilayah sejak satu tanggal")
        pack.add_argument("pack", metavar="PAKET")
        pack.add_argument("region", metavar="WILAYAH")
        pack.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="TANGGAL")
        pack.add_argument("--reason", required=True, help="alasannya")
        listed = actions.add_parser("list", help="baris jadwal satu wilayah atau sekolah, dengan nomornya")
        _add_place(listed)
        listed.add_argument("--json", action="store_true", help="satu objek per baris")
        for name, words in (("end", "akhiri satu baris pada tanggal"), ("remove", "hapus satu baris yang keliru")):
            change = actions.add_parser(name, help=words)
            change.add_argument("kind", choices=[kind for kind in ROWS if kind != "pack"])
            change.add_argument("id", type=uuid.UUID, metavar="NOMOR")
            if name == "end":
                change.add_argument("--to", dest="end", type=date.fromisoformat, required=True, metavar="TANGGAL")
            change.add_argument("--reason", required=True, metavar="ALASAN")

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action."""
        getattr(self, f"_{options['action']}")(options)
        return 0

    def _hours(self, options: dict[str, Any]) -> None:
        scope = find_person(options["person"]) if options["person"] else _place(options)
        pattern = "" if options["pattern"] == "-" else options["pattern"]
        set_hours(scope=scope, pattern=pattern, staff_kind=options["kind"], **_dated(options))
        self._done(scope, options)

    def _ramadan(self, options: dict[str, Any]) -> None:
        scope = _place(options)
        override_pattern(
            scope=scope,
            pattern=options["pattern"],
            instead=options["instead"],
            name=options["name"],
            **_ranged(options),
        )
        self._done(scope, options)

    def _calendar(self, options: dict[str, Any]) -> None:
        scope = _place(options)
        add_calendar_days(scope=scope, kind=options["kind"], name=options["name"], **_ranged(options))
        self._done(scope, options)

    def _holidays(self, options: dict[str, Any]) -> None:
        region = _region(options["region"])
        new = seed_holidays(region=region, years=options["years"], now=clock.now())
        self.say(f"{region.name}: {new} hari baru di kalender.")

    def _timetable(self, options: dict[str, Any]) -> None:
        names = [name.strip().lower() for name in options["weekdays"].split(",")]
        if not set(names) <= set(WEEKDAYS):
            raise HadirError("weekdays_wrong")
        person = find_person(options["person"])
        dated = _dated(options)
        del dated["source"]
        set_timetable(
            person=person,
            school=find_school(options["school"]),
            weekdays=[WEEKDAYS.index(name) for name in names],
            note=options["source"],
            **dated,
        )
        self._done(person, options)

    def _trial(self, options: dict[str, Any]) -> None:
        school = find_school(options["school"])
        dated = _dated(options)
        del dated["source"]
        set_trial(school=school, note=options["source"], **dated)
        self._done(school, options)

    def _pack(self, options: dict[str, Any]) -> None:
        region = _region(options["region"])
        choose_pack(
            region=region,
            pack=options["pack"],
            valid_from=options["start"],
            reason=options["reason"],
            now=clock.now(),
        )
        self._done(region, options)

    def _list(self, options: dict[str, Any]) -> None:
        place = _place(options)
        here = Q(school=place) if isinstance(place, School) else Q(region=place)
        found: list[tuple[str, Dated]] = []
        for kind, model in ROWS.items():
            names = {field.name for field in model._meta.fields}
            if ("school" if isinstance(place, School) else "region") in names:
                found += [(kind, row) for row in model._default_manager.filter(here)]
        if options["json"]:
            for kind, row in found:
                said = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
                self.fact({"row": kind, **said})
            return
        rows = [(kind, row.pk, row.valid_from, row.valid_to or "", str(row)) for kind, row in found]
        self.table(("JENIS", "NOMOR", "MULAI", "SAMPAI", "ISI"), rows)

    def _end(self, options: dict[str, Any]) -> None:
        end_row(row=_row(options), valid_to=options["end"], reason=options["reason"], now=clock.now())
        self.say("Diakhiri. Hari yang sudah lewat dihitung ulang.")

    def _remove(self, options: dict[str, Any]) -> None:
        remove_row(row=_row(options), reason=options["reason"], now=clock.now())
        self.say("Dihapus. Hari yang sudah lewat dihitung ulang.")

    def _done(self, scope: object, options: dict[str, Any]) -> None:
        until = options.get("end")
        span = f"mulai {options['start'].isoformat()}" + (f" sampai {until.isoformat()}" if until else "")
        self.say(f"{scope}: berlaku {span}. Hari yang sudah lewat dihitung ulang.")


def _row(options: dict[str, Any]) -> Dated:
    row = ROWS[options["kind"]]._default_manager.filter(pk=options["id"]).first()
    if row is None:
        raise HadirError("schedule_row_unknown")
    return row


def _add_place(parser: ArgumentParser) -> None:
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
    place.add_argument("--region", metavar="WILAYAH", help="seluruh wilayah")


def _add_dates(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="TANGGAL", help="mulai")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, metavar="TANGGAL", help="hari terakhir")
    parser.add_argument("--source", default="", metavar="SUMBER", help="SK atau surat edaran")


def _place(options: dict[str, Any]) -> Region | School:
    return find_school(options["school"]) if options["school"] else _region(options["region"] or "")


def _region(name: str) -> Region:
    found = Region.objects.filter(name__iexact=name).first()
    if found is None:
        raise HadirError("region_unknown", name=name)
    return found


def _dated(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "valid_from": options["start"],
        "valid_to": options["end"],
        "source": options["source"],
        "now": clock.now(),
    }


def _ranged(options: dict[str, Any]) -> dict[str, Any]:
    """Return the dates of something that ends; without an end it is one day."""
    return {**_dated(options), "valid_to": options["end"] or options["start"]}
