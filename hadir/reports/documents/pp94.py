"""People with days away without explanation in a calendar year, by the step of PP 94/2021 that they have reached.

Proposals only: a person decides. Steps are those of the rule pack for the kind of staff; who has none is counted.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date
from hadir.people.models import StaffKind
from hadir.people.numbers import printed_nip
from hadir.people.queries import assignments_between
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.tallies import Member, Packs, in_portions, lines_of, members_of
from hadir.reports.documents.workbook import Book, Value
from hadir.reports.whole_days import Proposal, look_back, proposal_of, with_run_before
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine, YearCount, judge_period
from hadir.rules.verdict import ABSENT
from hadir.schools.models import School

HEADS = (
    *("Usulan langkah", "Tercapai", "NIP", "Nama", "Status kepegawaian", "NPSN", "Sekolah", "Kecamatan"),
    *("Hari tanpa keterangan", "Menit terlambat dan pulang awal", "Hari dari menit", "Jumlah hari", "Berturut-turut"),
    *("Tanggal tanpa keterangan", "Hari tertunda", "Paket aturan"),
)
WIDTHS = (34, 13, 21, 30, 14, 10, 26, 16, 11, 11, 8, 8, 11, 50, 9, 24)
NO_STEP = "dihitung, belum ada langkah"


@dataclass(frozen=True, slots=True)
class Case:
    """One person. `step`: what is proposed, empty for none; `on`: when it was reached; `dates`: each day absent."""

    member: Member
    step: str
    on: date | None
    step_days: int
    count: YearCount
    in_a_row: int
    dates: tuple[date, ...]
    pending: int
    rules: str

    def values(self) -> Sequence[Value]:
        """Return the row of the list."""
        person, school = self.member.person, self.member.school
        return (
            *(self.step or NO_STEP, self.on, printed_nip(person.nip), person.full_name),
            *(str(StaffKind(self.member.staff_kind).label), school.npsn, school.name, school.district.name),
            *(self.count.absent, self.count.minutes, self.count.minute_days, self.count.unexcused, self.in_a_row),
            *(words.days_words(self.dates) if self.dates else "", self.pending, self.rules),
        )


def cases_of(schools: QuerySet[School], year: int, *, now: datetime) -> list[Case]:
    """Return everybody of these schools with a day to count, the highest step first.

    Counted over all schools of a person. Raises HadirError `rule_pack_unusable`.
    """
    first, last = date(year, 1, 1), min(date(year, 12, 31), local_date(now, "Asia/Jayapura"))
    if last < first:
        return []
    members = members_of(schools, first, last)
    packs = Packs(last)
    sums = _sums(schools, first, last)
    wanted = [key for key, member in members.items() if _may_count(sums.get(key), packs.of(member.school), last)]
    found: list[Case] = []
    for portion in in_portions(wanted):
        for key, days in lines_of(portion, look_back(first), last).items():
            case = _case(members[key], with_run_before(days, first), packs.of(members[key].school), year)
            found += [case] if case else []
    return sorted(found, key=lambda one: (-one.step_days, -one.count.unexcused, one.member.person.name.casefold()))


def _sums(schools: QuerySet[School], first: date, last: date) -> dict[uuid.UUID, tuple[int, int]]:
    """Return days absent and minutes by person, school by school: never less than what really counts. One query."""
    people = assignments_between(first, last).filter(school__in=schools.order_by()).values("person")
    rows = PersonDay.objects.filter(person__in=people, day__gte=first, day__lte=last, final=True)
    added = (
        rows.order_by()
        .values_list("person")
        .annotate(absent=Count("id", filter=Q(status=ABSENT)), minutes=Sum(F("late") + F("early")))
    )
    return {person: (absent, minutes or 0) for person, absent, minutes in added}


def _may_count(sums: tuple[int, int] | None, pack: Pack, day: date) -> bool:
    if sums is None:
        return False
    per_day = pack.period_rules(day).conversion.minutes_per_day
    return sums[0] > 0 or (per_day is not None and sums[1] >= per_day)


def _case(member: Member, lines: Sequence[DayLine], pack: Pack, year: int) -> Case | None:
    verdict = judge_period(lines, pack=pack, staff_kind=member.staff_kind)
    count = next(one for one in verdict.years if one.year == year)
    if not count.unexcused:
        return None
    proposal = proposal_of(count, verdict)
    return Case(
        member=member,
        step=_step(proposal),
        on=proposal.reached.on if proposal else None,
        step_days=proposal.weight if proposal else 0,
        count=count,
        in_a_row=verdict.longest_run.length if verdict.longest_run else 0,
        dates=tuple(line.day for line in lines if line.status == ABSENT and line.final and line.day.year == year),
        pending=len(verdict.pending),
        rules=verdict.rules,
    )


def _step(proposal: Proposal | None) -> str:
    if proposal is None:
        return ""
    step = proposal.reached.step
    return f"{step.sanction} ({step.days} hari berturut-turut)" if proposal.in_a_row else step.sanction


def pp94_xlsx(cases: Sequence[Case], year: int, layout: Layout, *, now: datetime) -> bytes:
    """Return the list as a workbook, with the digest of its rows at the foot of each page and on a sheet of its own."""
    rows = [one.values() for one in cases]
    digest = hashlib.sha256(json.dumps(rows, default=str, ensure_ascii=False).encode()).hexdigest()
    title = f"Hari tanpa keterangan {year}"
    printed = f"dicetak {words.moment_words(now, 'Asia/Jakarta')}"
    left = f"Usulan; seorang pejabat yang memutuskan · {printed} · sidik {words.grouped_digest(digest)}"
    book = Book(title=title, now=now)
    book.table(book.sheet("PP 94", paper=layout.paper, across=True, left=left, right=title), 0, HEADS, rows, WIDTHS)
    about: list[list[Value]] = [
        ["Isi", f"Hari tidak masuk kerja tanpa keterangan, Januari sampai Desember {year}."],
        ["Dasar", "PP 94/2021 pasal 9 sampai 11 untuk PNS dan CPNS; yang lain dihitung menurut paket aturan."],
        ["Sifat", "Usulan. Hadir menghitung, seorang pejabat memeriksa dan memutuskan."],
        ["Berturut-turut", "Hari kerja berturut-turut dihitung juga dari akhir tahun sebelumnya, bila bersambung."],
        ["Tertunda", "Hari tertunda tidak dihitung."],
        ["Paket aturan", "; ".join(sorted({one.rules for one in cases}))],
        ["Dicetak", words.moment_words(now, "Asia/Jakarta")],
        ["Sidik isi SHA-256", digest],
    ]
    sheet = book.sheet("Keterangan", paper=layout.paper, across=True, left=left, right=title)
    book.table(sheet, 0, ("Hal", "Keterangan"), about, (20, 110))
    return book.content()
