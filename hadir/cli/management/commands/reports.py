"""`hadir reports`: rekap, year of a person, lists for the allowance and for PP 94, statements, as files."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hadir.cli.base import HadirCommand, asked_month, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.reports.documents.bulk import Task, make_all, rekap_file
from hadir.reports.documents.layout import office_layout
from hadir.reports.documents.pp94 import cases_of, pp94_xlsx
from hadir.reports.documents.sources import rekap_for, with_places
from hadir.reports.documents.sptjm import sptjm_form
from hadir.reports.documents.tpp import tpp_csv, tpp_rows, tpp_xlsx
from hadir.reports.documents.year import year_form, year_sheet, year_xlsx
from hadir.schools.models import District, Region, School

PROCESSES = 2


class Command(HadirCommand):
    """Documents."""

    help = "Buat rekap bulanan, lembar setahun, bahan TPP, daftar PP 94, atau surat pernyataan sebagai berkas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="rekap|year|tpp|pp94|sptjm")
        rekap = actions.add_parser("rekap", help="rekap bulanan satu sekolah, atau semua sekolah ke satu folder")
        which = rekap.add_mutually_exclusive_group(required=True)
        which.add_argument("--school", metavar="NPSN")
        which.add_argument("--all", action="store_true", help="semua sekolah")
        self._month(rekap)
        rekap.add_argument("--format", choices=("xlsx", "pdf"), default="xlsx")
        rekap.add_argument("-o", "--output", type=Path, metavar="BERKAS", help="untuk satu sekolah")
        rekap.add_argument("--out", type=Path, metavar="FOLDER", help="untuk semua sekolah")
        rekap.add_argument("--resume", action="store_true", help="dengan --all: berkas yang sudah ada tidak diulang")
        rekap.add_argument("--region", metavar="NAMA", help="dengan --all: hanya wilayah ini")
        rekap.add_argument("--processes", type=int, default=PROCESSES, help="dengan --all (2)")
        year = actions.add_parser("year", help="lembar setahun seseorang")
        year.add_argument("person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama tepat")
        year.add_argument("--year", type=int, required=True, metavar="TAHUN")
        year.add_argument("--format", choices=("xlsx", "pdf"), default="pdf")
        tpp = actions.add_parser("tpp", help="bahan TPP: TK, TL, PSW, menit, dan persen menurut tabel yang dipilih")
        self._month(tpp)
        self._scope(tpp)
        tpp.add_argument("--format", choices=("xlsx", "csv"), default="xlsx")
        steps = actions.add_parser("pp94", help="orang menurut langkah PP 94/2021, sebagai usulan")
        steps.add_argument("--year", type=int, required=True, metavar="TAHUN")
        self._scope(steps)
        statement = actions.add_parser("sptjm", help="surat pernyataan tanggung jawab mutlak kepala sekolah")
        statement.add_argument("--school", required=True, metavar="NPSN")
        self._month(statement)
        for action in (year, tpp, steps, statement):
            action.add_argument("-o", "--output", type=Path, metavar="BERKAS")

    def _month(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, metavar="BULAN", help="2026-09")

    def _scope(self, parser: ArgumentParser) -> None:
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--school", metavar="NPSN")
        scope.add_argument("--district", metavar="NAMA", help="hanya kecamatan ini")
        scope.add_argument("--region", metavar="NAMA", help="hanya wilayah ini")

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action; a year out of the calendar's range is a wrong usage."""
        if options.get("year") is not None and not date.min.year <= options["year"] < date.max.year:
            raise HadirError("no_assignment")
        actions: dict[str, Callable[[dict[str, Any], datetime], int]] = {
            "rekap": self._rekap,
            "year": self._year,
            "tpp": self._tpp,
            "pp94": self._pp94,
            "sptjm": self._sptjm,
        }
        return actions[options["action"]](options, clock.now())

    def _rekap(self, options: dict[str, Any], now: datetime) -> int:
        if options["all"]:
            return self._all(options, now)
        month, form = asked_month(options["month"]), options["format"]
        content = rekap_file(_school(options["school"]), month.year, month.month, form, now=now)
        return self._write(content, options["output"], f"rekap-{options['school']}-{month:%Y-%m}.{form}")

    def _all(self, options: dict[str, Any], now: datetime) -> int:
        """Make the rekap of every school; 1 when one could not be made.

        Everything is made anew, since a file of yesterday may show a month that has changed; what was stopped half way
        goes on with `--resume`.
        """
        month, folder = asked_month(options["month"]), options["out"] or Path()
        folder.mkdir(parents=True, exist_ok=True)
        tasks = [
            Task(npsn, month.year, month.month, options["format"], folder)
            for npsn in _schools(options).order_by("npsn").values_list("npsn", flat=True)
        ]
        waiting = [task for task in tasks if not (options["resume"] and task.path.exists())]
        done, failed, started = len(tasks) - len(waiting), 0, time.monotonic()
        empty = 0
        for made in make_all(waiting, now=now, processes=options["processes"]):
            done += 1
            if made.error.startswith("month_empty"):
                empty += 1
            elif made.error:
                failed += 1
                self.note(f"{made.npsn}  {made.error}")
            if done % 20 == 0 or done == len(tasks):
                spent = time.monotonic() - started
                left = spent / max(done - (len(tasks) - len(waiting)), 1) * (len(tasks) - done)
                self.note(f"{done} / {len(tasks)}, sisa sekitar {left:.0f} detik")
        self.say(f"{len(tasks) - failed - empty} berkas di {folder}; {empty} sekolah tanpa orang, {failed} gagal.")
        return 1 if failed else 0

    def _year(self, options: dict[str, Any], now: datetime) -> int:
        person, layout = find_person(options["person"]), office_layout()
        sheet = year_sheet(person, options["year"], layout, now=now)
        form = options["format"]
        content = year_form(sheet, layout, now=now).pdf() if form == "pdf" else year_xlsx(sheet, layout, now=now)
        return self._write(content, options["output"], f"tahun-{person.nip or person.pk}-{options['year']}.{form}")

    def _tpp(self, options: dict[str, Any], now: datetime) -> int:
        month, layout = asked_month(options["month"]), office_layout()
        schools = with_places(_schools(options)).order_by("npsn")
        rows = tpp_rows(schools, month.year, month.month, layout, now=now)
        if options["format"] == "csv":
            content = tpp_csv(rows)
        else:
            content = tpp_xlsx(rows, month.year, month.month, layout, now=now)
        return self._write(content, options["output"], f"tpp-{month:%Y-%m}.{options['format']}")

    def _pp94(self, options: dict[str, Any], now: datetime) -> int:
        cases = cases_of(_schools(options), options["year"], now=now)
        content = pp94_xlsx(cases, options["year"], office_layout(), now=now)
        return self._write(content, options["output"], f"pp94-{options['year']}.xlsx")

    def _sptjm(self, options: dict[str, Any], now: datetime) -> int:
        month, layout = asked_month(options["month"]), office_layout()
        rekap, sheet = rekap_for(_school(options["school"]), month.year, month.month, layout, now=now)
        content = sptjm_form(rekap, sheet, layout, now=now).pdf()
        return self._write(content, options["output"], f"sptjm-{options['school']}-{month:%Y-%m}.pdf")

    def _write(self, content: bytes, wanted: Path | None, name: str) -> int:
        path = wanted or Path(name)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise HadirError("file_missing", name=path) from error
        self.say(f"{path}, {len(content)} bita")
        return 0


def _school(npsn: str) -> School:
    return with_places(School.objects.filter(pk=find_school(npsn).pk)).get()


def _schools(options: dict[str, Any]) -> Any:
    """Return the schools of the scope: one, a kecamatan, a region, or all of the real regions' and the demo's."""
    schools = School.objects.all()
    if options.get("school"):
        return schools.filter(pk=find_school(options["school"]).pk)
    if options.get("district"):
        found = District.objects.filter(name__iexact=options["district"])
        if not found:
            raise HadirError("district_unknown", name=options["district"])
        return schools.filter(district__in=found)
    if options.get("region"):
        region = Region.objects.filter(name__iexact=options["region"]).first()
        if region is None:
            raise HadirError("region_unknown", name=options["region"])
        return schools.filter(district__region=region)
    return schools
