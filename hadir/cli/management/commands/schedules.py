"""`hadir schedules`: hours, calendar, timetables, trial periods and the rule pack, each from a date on."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from hadir.cli.base import HadirCommand, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.schedules.models import DayKind
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

    def _done(self, scope: object, options: dict[str, Any]) -> None:
        until = options.get("end")
        span = f"mulai {options['start'].isoformat()}" + (f" sampai {until.isoformat()}" if until else "")
        self.say(f"{scope}: berlaku {span}. Hari yang sudah lewat dihitung ulang.")


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
