"""What people decided in the months of the demo: leave, duty, a power failure, signed months and what came after."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hadir.accounts.models import User
from hadir.attendance.services import declare_complete
from hadir.demo.habits import ABSENCES
from hadir.demo.history import POWER_FAILS, Event, History
from hadir.demo.places import COUNTRY, ISLAND, TOWN
from hadir.leave.counting import working_days
from hadir.leave.documents import add_document
from hadir.leave.models import LeaveRequest
from hadir.leave.services import Wish, decide, file_request
from hadir.leave.services_incident import confirm_incident, report_incident
from hadir.months.adjusting import find_adjustments
from hadir.months.queries import current_sheet
from hadir.months.services import check_month, close_month
from hadir.people.marks import begun_by
from hadir.people.models import DayMark
from hadir.schools.models import School

ZONE: Final = ZoneInfo("Asia/Jakarta")
EMPTY_LETTER: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/MediaBox[0 0 595 842]/Parent 2 0 R/Resources<<>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A letter in form only: one white page."""
HEAD: Final = "Hj. Siti Rofi\u2019ah"
HEADS: Final = {TOWN.npsn: HEAD, ISLAND.npsn: "H. Sahrawi", COUNTRY.npsn: "Taufiqurrahman"}


def events_of(history_days: Sequence[date]) -> list[tuple[int, Event]]:
    """Return the decisions in their order, each with the number of the working day after whose end it was taken."""
    events: list[tuple[int, Event]] = []
    for name, kind, number, days, reason, more in ABSENCES:
        if number + days <= len(history_days):
            events.append((max(0, number - 1), _absence(name, kind, number, days, reason, more)))
    failed = sorted(POWER_FAILS)
    if failed[-1] + 2 < len(history_days):
        events.append((failed[-1] + 2, _power_failure))
    for number, day in enumerate(history_days):
        following = history_days[number + 1] if number + 1 < len(history_days) else None
        if following is None or following.month != day.month:
            continue
        before = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
        if day.day <= 4 < following.day and before >= history_days[0].replace(day=1):
            events.append((number, _sign(before)))
    return events


def pending_requests(history: History) -> None:
    """Leave two requests waiting, so that a newcomer has something to decide."""
    today = history.now.astimezone(ZONE).date()
    for name, kind, days, reason, more in (
        ("Dewi Ratna Sari", "I", 1, "Wisuda adik di Malang", {}),
        ("Abd. Wahid Hasyim", "DL", 1, "Rapat KKG PAI", {"letter": "421/133/2026", "place": "Kecamatan Kota"}),
    ):
        # Days on which she works: a request for a holiday is refused, whatever the date on which the demo is made.
        soon = working_days(history.people[name], today + timedelta(days=2), today + timedelta(days=40))
        if len(soon) >= days:
            _ask(history, name, kind, soon[0], soon[days - 1], reason, more, history.now)


def _absence(  # noqa: PLR0917  a row of the table above
    name: str, kind: str, number: int, days: int, reason: str, more: dict[str, str]
) -> Event:
    def happen(history: History) -> None:
        first, last = history.days[number], history.days[number + days - 1]
        if not working_days(history.people[name], first, last):
            # A holiday this year: nobody asks for leave, and a request would be refused.
            return
        now = _evening(history.days[max(0, number - 1)])
        request = _ask(history, name, kind, first, last, reason, more, now)
        add_document(beside=request, name="surat.pdf", data=EMPTY_LETTER, by=None, now=now)
        decide(request=request, approve=True, reason="", by=None, name=_head_of(history, name), now=now)

    return happen


def _ask(  # noqa: PLR0917  what a request says
    history: History,
    name: str,
    kind: str,
    first: date,
    last: date,
    reason: str,
    more: dict[str, str],
    now: datetime,
) -> LeaveRequest:
    person = history.people[name]
    user = User.objects.filter(person=person).first()
    letter, place = more.get("letter", ""), more.get("place", "")
    wish = Wish(kind=kind, first=first, last=last, reason=reason, letter=letter, place=place)
    return file_request(person=person, wish=wish, by=user, name=person.name, now=now)


def _power_failure(history: History) -> None:
    """Two days without power in town: reported by the operator, confirmed by the office for everybody."""
    first, last = (history.days[number] for number in (min(POWER_FAILS), max(POWER_FAILS)))
    now = _evening(history.days[max(POWER_FAILS) + 2])
    incident = report_incident(
        school=history.schools[TOWN.npsn],
        kind="power",
        first=first,
        last=last,
        words="Gardu PLN Kepanjin rusak, mesin mati dua hari. Guru mengajar seperti biasa.",
        evidence="Pengumuman PLN ULP Sumenep",
        name="Lailatul Mukarromah",
        by=User.objects.filter(username="operator").first(),
        now=now,
    )
    confirm_incident(incident=incident, reason="Sesuai pengumuman PLN", name="Bidang Ketenagaan", now=now)
    for number in sorted(POWER_FAILS):
        declare_complete(
            school=history.schools[TOWN.npsn],
            day=history.days[number],
            reason="Mesin mati karena listrik padam, tidak ada catatan yang menyusul",
            name="Bidang Ketenagaan",
            by=None,
            now=now,
        )


def _sign(first: date) -> Event:
    """Let each head sign a month on the fourth working day or so of the next one."""

    def happen(history: History) -> None:
        now = _evening(next(day for day in reversed(history.days) if day <= _end_of_signing(first)))
        last = min(begun_by(now), now.astimezone(ZONE).date())
        history.judge(history.first, last, now)
        DayMark.objects.all().delete()
        find_adjustments(now=now)
        for npsn, name in HEADS.items():
            school = School.objects.select_related("district__region", "island").get(npsn=npsn)
            person = history.people[name]
            user = User.objects.filter(person=person).first()
            check_month(school=school, year=first.year, month=first.month, by=user, name=person.name, now=now)
            sheet = current_sheet(school, first.year, first.month, now)
            close_month(
                school=school,
                year=first.year,
                month=first.month,
                digest=sheet.digest(),
                name=person.full_name,
                nip=person.nip,
                duty="Kepala sekolah",
                by=user,
                now=now,
            )

    return happen


def _end_of_signing(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) + timedelta(days=3)


def _head_of(history: History, name: str) -> str:
    for npsn, head in HEADS.items():
        if history.people[name].assignments.filter(school__npsn=npsn).exists():
            return head
    return HEAD


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(21, 30), ZONE)
