"""`hadir attendance`: explain a day, judge anew, prove that judging anew gives the same, do the work that waits."""

import os
import signal
import uuid
from argparse import ArgumentParser
from collections.abc import Collection
from datetime import date, datetime, timedelta
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hadir.attendance.judging import COLUMNS
from hadir.attendance.queries import Story, UsedScan, day_stories
from hadir.attendance.reviews import waiting_scans
from hadir.attendance.services import Outcome, declare_complete, log_stuck, rebuild, work_once
from hadir.attendance.services_review import review_scan
from hadir.attendance.worker import Worker
from hadir.cli.base import HadirCommand, add_json, asked_month, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.granted import Granted
from hadir.ledger.models import Scan
from hadir.months.adjusting import closed_months, find_adjustments
from hadir.schools.models import School

SHOWN = 50


class Command(HadirCommand):
    """Person-days."""

    help = "Jelaskan hari seseorang, hitung ulang, atau kerjakan yang menunggu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="explain|rebuild|work|complete|doubtful|review"
        )
        explain = actions.add_parser("explain", help="ceritakan satu hari seseorang beserta aturannya")
        explain.add_argument("person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama tepat")
        explain.add_argument("date", type=date.fromisoformat, metavar="TANGGAL", help="2026-09-14")
        add_json(explain)
        again = actions.add_parser("rebuild", help="hitung ulang dari fakta; hasilnya sama selama faktanya sama")
        again.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        again.add_argument("--month", metavar="BULAN", help="2026-09; tanpa ini bulan berjalan")
        again.add_argument("--verify", action="store_true", help="bandingkan saja, jangan mengubah apa pun")
        add_json(again)
        work = actions.add_parser("work", help="kerjakan hari yang menunggu dihitung")
        work.add_argument(
            "--loop", action="store_true", help="terus bekerja sampai Ctrl-C; satu pekerja bekerja sekaligus"
        )
        work.add_argument("--quiet", action="store_true", help="tanpa kabar tentang yang dihitung")
        work.add_argument("--with-parent", action="store_true", help="berhenti bila proses yang memulainya berakhir")
        add_json(work)
        complete = actions.add_parser("complete", help="nyatakan satu hari lengkap atas nama seseorang")
        complete.add_argument("school", metavar="NPSN")
        complete.add_argument("date", type=date.fromisoformat, metavar="TANGGAL")
        complete.add_argument("--name", required=True, help="nama orang yang menyatakannya")
        complete.add_argument("--reason", required=True, help="alasannya, misalnya kios hilang")
        doubtful = actions.add_parser("doubtful", help="catatan yang jam kiosnya diragukan dan menunggu diperiksa")
        doubtful.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        add_json(doubtful)
        review = actions.add_parser("review", help="terima atau tolak catatan yang jam kiosnya diragukan")
        review.add_argument("decision", choices=("accept", "reject"), help="accept: dihitung; reject: tidak dihitung")
        review.add_argument("scans", nargs="+", type=uuid.UUID, metavar="CATATAN", help="nomor catatan")
        review.add_argument("--name", required=True, help="nama orang yang memutuskan")
        review.add_argument("--reason", required=True, help="alasannya, misalnya jam tablet mundur satu jam")
        when = review.add_mutually_exclusive_group()
        when.add_argument("--at", type=datetime.fromisoformat, metavar="WAKTU", help="2026-09-14T06:58, waktu sekolah")
        when.add_argument("--received", action="store_true", help="pakai saat catatan diterima server")

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action."""
        actions = {
            "explain": self._explain,
            "rebuild": self._rebuild,
            "work": self._work,
            "complete": self._complete,
            "doubtful": self._doubtful,
            "review": self._review,
        }
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
        for one in story.granted:
            self.say(f"  Disetujui: {_granted(one)}")
        for piece in story.used:
            self.say(f"  {_printed(piece.evidence.at, zone)}  {_used(piece)}")
        for scan in story.unplaced:
            self.say(f"  {_printed(scan.received_at, zone)}  diterima; jam kios diragukan, catatan {scan.pk}")
        for scan, why in story.unused:
            self.say(f"  {_printed(scan.captured_at, zone)}  tidak dipakai: {why}, {scan.device.name}")
        if story.hours_source:
            self.say(f"Sumber jam kerja: {story.hours_source}")
        self.say(f"Paket aturan {verdict.rules}; aturan R1 sampai R8 dijelaskan di docs/rules.md.")
        self.say()

    def _rebuild(self, options: dict[str, Any]) -> int:
        now = clock.now()
        today = clock.local_date(now, settings.TIME_ZONE)
        first = asked_month(options["month"] or f"{today:%Y-%m}")
        last = clock.month_bounds(first.year, first.month)[1]
        if options["school"]:
            schools = [School.objects.select_related("district").get(pk=find_school(options["school"]).pk)]
        else:
            schools = list(School.objects.select_related("district").order_by("npsn"))
        total, verify = Outcome(), options["verify"]
        # A date may have begun further east already.
        last = min(last, today + timedelta(days=1))
        for portion in rebuild(schools=schools, first=first, last=last, now=now, verify=verify):
            total.add(portion)
        _adjust(total.touched)
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
        def tell(done: Outcome) -> None:
            if not options["quiet"]:
                self._report(done, as_json=options["json"], verify=False)
                self.stdout.flush()

        if not options["loop"]:
            done = work_once(now=clock.now())
            _adjust(done.touched)
            tell(done)
            for school, error in done.stuck.items():
                log_stuck(school, error)
                self.note(f"Error {error.code}: {error.message}")
            return 1 if done.stuck else 0
        stopping = Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda _signal, _frame: stopping.set())
        if options["with_parent"]:
            Thread(target=_follow_parent, args=(stopping,), daemon=True).start()
        # What an earlier worker judged and could not follow up.
        find_adjustments(now=clock.now())
        Worker(stopping, tell, _adjust).run()
        return 0

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

    def _doubtful(self, options: dict[str, Any]) -> int:
        schools = School.objects.all()
        if options["school"]:
            schools = schools.filter(pk=find_school(options["school"]).pk)
        rows = list(waiting_scans(schools))
        if options["json"]:
            for scan in rows:
                self.fact(_doubted(scan))
            return 0
        self.table(
            ("Catatan", "Sekolah", "Orang", "Jam kios", "Diterima", "Tanda"),
            [
                (
                    scan.pk,
                    scan.school.npsn,
                    scan.person.name if scan.person else "",
                    _printed(scan.captured_at, ZoneInfo(scan.school.time_zone)),
                    _printed(scan.received_at, ZoneInfo(scan.school.time_zone)),
                    " ".join(scan.flags),
                )
                for scan in rows
            ],
        )
        return 0

    def _review(self, options: dict[str, Any]) -> int:
        rows = {scan.pk: scan for scan in Scan.objects.select_related("school").filter(pk__in=options["scans"])}
        if len(rows) < len(set(options["scans"])):
            raise HadirError("scan_unknown")
        with transaction.atomic():
            for scan in rows.values():
                review = review_scan(
                    scan=scan,
                    accept=options["decision"] == "accept",
                    at=_chosen(options, scan),
                    reason=options["reason"],
                    name=options["name"],
                    by=None,
                    now=clock.now(),
                )
                zone = ZoneInfo(scan.school.time_zone)
                told = f"diterima untuk {_printed(review.at, zone)}" if review.at else "ditolak"
                self.say(f"{scan.pk}  {told}")
        return 0


def _adjust(touched: Collection[tuple[uuid.UUID, date]]) -> None:
    """Write down what changed in months that are closed."""
    find_adjustments(now=clock.now(), months=closed_months(touched))


def _follow_parent(stopping: Event) -> None:
    """Stop when the process that started this one is gone, however it ended."""
    parent = os.getppid()
    while os.getppid() == parent and not stopping.wait(1):
        pass
    stopping.set()


def _chosen(options: dict[str, Any], scan: Scan) -> datetime | None:
    """Return the moment that an accepted scan counts for; None: the time that the kiosk claims."""
    if options["received"]:
        return scan.received_at
    at: datetime | None = options["at"]
    return at.replace(tzinfo=ZoneInfo(scan.school.time_zone)) if at is not None and at.tzinfo is None else at


def _doubted(scan: Scan) -> dict[str, Any]:
    zone = ZoneInfo(scan.school.time_zone)
    return {
        "id": str(scan.pk),
        "school": scan.school.npsn,
        "person": str(scan.person_id),
        "captured_at": scan.captured_at.astimezone(zone).isoformat(),
        "received_at": scan.received_at.astimezone(zone).isoformat(),
        "flags": scan.flags,
    }


def _granted(one: Granted) -> str:
    hours = "" if one.start is None else f" {one.start:%H.%M}" + ("" if one.end is None else f" sampai {one.end:%H.%M}")
    return f"{one.code}{hours}, {one.first.isoformat()} sampai {one.last.isoformat()}, {one.reference}"


def _used(piece: UsedScan) -> str:
    where = f", {piece.device.name}" if piece.device else ""
    review = piece.standing.review if piece.standing else None
    decided = f", diterima oleh {review.decided_name}: {review.reason}" if review else ""
    return f"{piece.evidence.source} -> {piece.evidence.role}{where}{decided}"


def _printed(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H.%M.%S")


def _fact(story: Story) -> dict[str, Any]:
    facts, columns = story.judged.case.facts, story.judged.columns()
    return {
        "person": str(story.judged.case.person),
        "school": story.school.npsn,
        "date": facts.day.isoformat(),
        **{name: columns[name] for name in COLUMNS},
        "granted": [
            {
                "code": one.code,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "start": one.start.isoformat() if one.start else None,
                "end": one.end.isoformat() if one.end else None,
                "reference": one.reference,
            }
            for one in story.granted
        ],
        "unplaced": [{"id": str(scan.pk), "received_at": scan.received_at.isoformat()} for scan in story.unplaced],
        "story": [{"rule": one.rule, "key": one.key, "text": one.text} for one in story.sentences],
        "unused": [
            {"id": str(scan.pk), "at": scan.captured_at.astimezone(facts.zone).isoformat(), "why": why}
            for scan, why in story.unused
        ],
        "pattern": facts.pattern.key if facts.pattern else None,
        "hours_source": story.hours_source,
        "stored": bool(story.stored and story.stored.digest == columns["digest"]),
    }
