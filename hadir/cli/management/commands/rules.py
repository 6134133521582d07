"""`hadir rules`: an office reads its rule packs, tries them on cases and on past months, and keeps changed ones."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from hadir.attendance.trying import Difference, Meaning, Trial, try_change, with_pack
from hadir.cli.base import HadirCommand, asked_month, check_database, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.rules.check import add_check, check
from hadir.rules.pack import Pack
from hadir.schedules.office_packs import list_packs, read_draft, save_pack
from hadir.schedules.packs import office_pack
from hadir.schools.models import School


class Command(HadirCommand):
    """Rule packs."""

    help = "Baca, coba, dan simpan paket aturan. Paket kantor ada di folder rules di dalam HADIR_DATA."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="check|list|try|save")
        add_check(actions)
        listed = actions.add_parser("list", help="paket yang ada, dengan versinya")
        listed.add_argument("--json", action="store_true", help="satu objek per baris")
        tried = actions.add_parser("try", help="nilai bulan yang lewat dengan paket lain; tidak ada yang berubah")
        tried.add_argument("pack", metavar="PAKET", help="nama paket, atau berkas .toml yang belum disimpan")
        tried.add_argument("--month", required=True, metavar="YYYY-MM", help="bulan yang dicoba")
        tried.add_argument("--school", metavar="NPSN", help="hanya sekolah ini; tanpa ini semua sekolah")
        tried.add_argument("--json", action="store_true", help="satu hari yang berbeda per baris")
        saved = actions.add_parser("save", help="simpan paket dari berkas dan hitung ulang hari yang dinilai dengannya")
        saved.add_argument("file", type=Path, metavar="BERKAS")
        saved.add_argument("--reason", required=True, metavar="ALASAN")

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action. `check`: 0 all cases passed, 1 some failed, 2 the table or the pack can't be used."""
        if options["action"] == "check":
            folders = [settings.HADIR_DATA / "rules"]
            return check(options["file"], options["pack"], say=self.say, complain=self.note, folders=folders)
        if options["action"] == "list":
            self._list(options)
            return 0
        check_database()
        if options["action"] == "save":
            pack = save_pack(data=_bytes(options["file"]), reason=options["reason"], now=clock.now())
            self.say(f"Paket {pack.name} tersimpan, versi {pack.version}.")
            return 0
        return self._try(options)

    def _list(self, options: dict[str, Any]) -> None:
        files = list_packs()
        if options["json"]:
            for file in files:
                version = file.pack.version if file.pack else None
                self.fact({"name": file.name, "own": file.own, "version": version, "problem": file.problem})
            return
        rows = [
            (one.name, "kantor" if one.own else "Hadir", one.pack.version if one.pack else one.problem) for one in files
        ]
        self.table(("PAKET", "MILIK", "VERSI"), rows)

    def _try(self, options: dict[str, Any]) -> int:
        now = clock.now()
        first = asked_month(options["month"])
        last = min(clock.month_bounds(first.year, first.month)[1], clock.local_date(now, settings.TIME_ZONE))
        if last < first:
            raise HadirError("month_not_begun", month=options["month"])
        schools = [find_school(options["school"])] if options["school"] else list(School.objects.all())
        loaded = list(School.objects.filter(pk__in=[one.pk for one in schools]).select_related("district"))
        change = with_pack(_pack(options["pack"]))
        judged = different = minutes = 0
        for school in sorted(loaded, key=lambda one: one.npsn):
            trial = try_change(schools=[school], first=first, last=last, now=now, change=change)
            judged, different, minutes = (
                judged + trial.judged,
                different + len(trial.differences),
                minutes + trial.minutes,
            )
            for one in trial.differences:
                self._difference(one, trial, options)
        if not options["json"]:
            self.say(f"{different} dari {judged} hari orang berbeda; selisih menit {minutes}.")
        return 0

    def _difference(self, one: Difference, trial: Trial, options: dict[str, Any]) -> None:
        name = trial.names.get(one.person, "")
        if options["json"]:
            self.fact(
                {
                    "date": one.day,
                    "person": str(one.person),
                    "name": name,
                    "school": one.school.npsn,
                    "before": _said(one.before),
                    "after": _said(one.after),
                }
            )
            return
        self.say(f"{one.day.isoformat()}  {one.school.npsn}  {name}: {_said(one.before)} -> {_said(one.after)}")


def _pack(name: str) -> Pack:
    return read_draft(_bytes(Path(name))) if name.endswith(".toml") else office_pack(name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HadirError("file_missing", name=str(path)) from error


def _said(one: Meaning | None) -> str:
    if one is None:
        return "-"
    minutes = one.late + one.early
    return " ".join([one.status, *one.codes, *([f"{minutes} menit"] if minutes else [])])
