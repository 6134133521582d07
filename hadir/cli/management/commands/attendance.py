"""`hadir attendance`: explain a day, judge anew, prove that judging anew gives the same, do the work that waits."""

import time
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hadir.attendance.judging import COLUMNS
from hadir.attendance.queries import Story, day_stories
from hadir.attendance.services import Outcome, declare_complete, rebuild, work_once
from hadir.cli.base import HadirCommand, add_json, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.schools.models import School

PAUSE = 0.5
"""Seconds between two passes of `work --loop`: a new scan becomes a person-day within a second."""
SHOWN = 50


def read_month(text: str) -> tuple[date, date]:
    """Return the first and the last day of `2026-09`."""
    first = date.fromisoformat(f"{text}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class Command(HadirCommand):
    """Person-days."""

    help = "Jelaskan hari seseorang, hitung ulang, atau kerjakan yang menunggu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="explain|rebuild|work|complete")
        explain = actions.add_parser("explain", help="ceritakan satu hari seseorang beserta aturannya")
        explain.add_argument("person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama tepat")
        explain.add_argument("date", type=date.fromisoformat, metavar="TANGGAL", help="2026-09-14")
        add_json(explain)
        again = actions.add_parser("rebuild", help="hitung ulang dari fakta; hasilnya sama selama faktanya sama")
        again.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        again.add_argument("--month", type=read_month, metavar="BULAN", help="2026-09; tanpa ini bulan berjalan")
        again.add_argument("--verify", action="store_true", help="bandingkan saja, jangan mengubah apa pun")
        add_json(again)
        work = actions.add_parser("work", help="kerjakan hari yang menunggu dihitung")
        work.add_argument("--loop", action="store_true", help="terus bekerja sampai Ctrl-C")
        add_json(work)
        complete = actions.add_parser("complete", help="nyatakan satu hari lengkap atas nama seseorang")
        complete.add_argument("school", metavar="NPSN")
        complete.add_argument("date", type=date.fromisoformat, metavar="TANGGAL")
        complete.add_argument("--name", required=True, help="nama orang yang menyatakannya")
        complete.add_argument("--reason", required=True, help="alasannya, misalnya kios hilang")

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action."""
        actions = {"explain": self._explain, "rebuild": self._rebuild, "work": self._work, "complete": self._complete}
        return actions[options["action"]](options)

    def _explain(self, options: dict[str, Any]) -> int:
        stories = day_stories(find_person(options["person"]), options["date"], now=clock.now())
        if not stories:
            raise HadirError("no_assignment")
        for story in stories:
            if options["json"]:
                self.fact(_fact(story))
            else:
                self._tell(story)
        return 0

    def _tell(self, story: Story) -> None:
        verdict, zone = story.judged.verdict, ZoneInfo(story.school.time_zone)
        firm = "final" if verdict.final else f"belum final ({verdict.cause})"
        self.say(f"{story.school.name} ({story.school.npsn}), {story.judged.case.facts.day.isoformat()}")
        self.say(f"Status {' '.join((verdict.status, *verdict.codes))}, {firm}.")
        self.say(f"Terlambat {verdict.late} menit, pulang awal {verdict.early} menit.")
        for sentence in story.sentences:
            self.say(f"  {sentence.rule}  {sentence.text}")
        if story.declaration:
            self.say(f"  Dinyatakan lengkap oleh {story.declaration.declared_name}: {story.declaration.reason}")
        for piece in story.used:
            where = f", {piece.scan.device.name}" if piece.scan else ""
            self.say(f"  {_printed(piece.evidence.at, zone)}  {piece.evidence.source} -> {piece.evidence.role}{where}")
        for scan, why in story.unused:
            self.say(f"  {_printed(scan.captured_at, zone)}  tidak dipakai: {why}, {scan.device.name}")
        if story.hours_source:
            self.say(f"Sumber jam kerja: {story.hours_source}")
        self.say(f"Paket aturan {verdict.rules}; aturan R1 sampai R8 dijelaskan di docs/rules.md.")
        self.say()

    def _rebuild(self, options: dict[str, Any]) -> int:
        now = clock.now()
        today = clock.local_date(now, settings.TIME_ZONE)
        first, last = options["month"] or read_month(f"{today:%Y-%m}")
        if options["school"]:
            schools = [School.objects.select_related("district").get(pk=find_school(options["school"]).pk)]
        else:
            schools = list(School.objects.select_related("district").order_by("npsn"))
        total, verify = Outcome(), options["verify"]
        # A date may have begun further east already.
        last = min(last, today + timedelta(days=1))
        for portion in rebuild(schools=schools, first=first, last=last, now=now, verify=verify):
            total.add(portion)
        self._report(total, as_json=options["json"], verify=verify)
        return 1 if total.different else 0

    def _report(self, total: Outcome, *, as_json: bool, verify: bool) -> None:
        named = [
            {"person": str(person), "school": str(school), "date": day.isoformat(), "columns": columns}
            for (person, school, day), columns in total.different
        ]
        if as_json:
            self.fact(
                {
                    "judged": total.judged,
                    "written": total.written,
                    "removed": total.removed,
                    "behind": total.behind,
                    "different": named,
                }
            )
            return
        if not verify:
            self.say(f"{total.judged} hari orang dihitung: {total.written} ditulis, {total.removed} dihapus.")
            return
        for one in named[:SHOWN]:
            self.say(f"{one['date']}  {one['person']}  berbeda: {', '.join(one['columns'])}")
        self.say(
            f"{total.judged} hari orang dibandingkan: {len(named)} berbeda, {total.behind} belum dihitung ulang. "
            "Tidak ada yang diubah."
        )

    def _work(self, options: dict[str, Any]) -> int:
        while True:
            done = work_once(now=clock.now())
            if done.judged or not options["loop"]:
                self._report(done, as_json=options["json"], verify=False)
            if not options["loop"]:
                return 0
            time.sleep(PAUSE)

    def _complete(self, options: dict[str, Any]) -> int:
        school = find_school(options["school"])
        declare_complete(
            school=school,
            day=options["date"],
            reason=options["reason"],
            name=options["name"],
            by=None,
            now=clock.now(),
        )
        self.say(f"{school.name}, {options['date'].isoformat()}: dinyatakan lengkap oleh {options['name']}.")
        return 0


def _printed(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H.%M.%S")


def _fact(story: Story) -> dict[str, Any]:
    facts, columns = story.judged.case.facts, story.judged.columns()
    return {
        "person": str(story.judged.case.person),
        "school": story.school.npsn,
        "date": facts.day.isoformat(),
        **{name: columns[name] for name in COLUMNS},
        "story": [{"rule": one.rule, "key": one.key, "text": one.text} for one in story.sentences],
        "unused": [
            {"id": str(scan.pk), "at": scan.captured_at.astimezone(facts.zone).isoformat(), "why": why}
            for scan, why in story.unused
        ],
        "pattern": facts.pattern.key if facts.pattern else None,
        "hours_source": story.hours_source,
        "stored": bool(story.stored and story.stored.digest == columns["digest"]),
    }
