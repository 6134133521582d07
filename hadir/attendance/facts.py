"""Everything that `judge_day` needs, for all people of some schools over some dates, with a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery

from hadir.attendance.cases import Gathered
from hadir.attendance.machines import PACK_MEMORY, Machines
from hadir.attendance.models import CompletenessDeclaration, ScanReview
from hadir.attendance.shapes import Case, Doubt, PackUse, PinSpan, Seen, zone_of
from hadir.core.expressions import DateInWib
from hadir.devices.hearing import DOUBT_REACHES, Hearing, hearings, made_after
from hadir.devices.models import DeviceSchool, PinMapping
from hadir.enrolment.known import face_spans
from hadir.enrolment.pack import current_manifest
from hadir.leave.queries import granted_for
from hadir.ledger.models import Scan as LedgerScan
from hadir.ledger.models import TerminalScan, Verdict
from hadir.ledger.queries import counted
from hadir.ledger.queries_terminal import PersonPunch, punches_of
from hadir.ledger.services_terminal import holds_on
from hadir.people.models import Assignment
from hadir.rules.facts import Provenance
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

__all__ = ["Case", "Gathered", "gather", "zone_of"]

Key = uuid.UUID
DAY = timedelta(days=1)


def gather(schools: Sequence[School], first: date, last: date, people: Collection[Key] | None = None) -> Gathered:
    """Load the facts for everybody (or only `people`) assigned to these schools from `first` to `last`.

    Dates before and after are loaded too where a shift may reach over midnight. About twenty queries, however many
    people and dates.
    """
    early, late = first - DAY, last + DAY
    spanning = Q(valid_to__isnull=True) | Q(valid_to__gte=early)
    held = Assignment.objects.filter(spanning, valid_from__lte=late)
    here = held.filter(school__in=[school.pk for school in schools])
    if people is not None:
        here = here.filter(person__in=list(people))
    persons = list(here.order_by().values_list("person", flat=True).distinct())
    assignments: dict[Key, list[Assignment]] = defaultdict(list)
    for one in held.filter(person__in=persons).order_by("person", "-is_home", "valid_from", "id"):
        assignments[one.person_id].append(one)
    keys = {one.school_id for rows in assignments.values() for one in rows}
    involved = {school.pk: school for school in School.objects.filter(pk__in=keys).select_related("district")}
    begin = datetime.combine(early - DAY, time(), ZoneInfo("Asia/Jayapura"))
    end = datetime.combine(late + 2 * DAY, time(), ZoneInfo("Asia/Jakarta"))
    manifest = current_manifest()
    scans, doubts = _evidence(persons, begin, end)
    kiosks = hearings(keys, heard_from=(begin - DOUBT_REACHES).date())
    recorded, packs = _recorded(keys, begin, end)
    pins = _add_punches(scans, doubts, persons, kiosks, begin, end)
    strays, doubted_strays = _strays(kiosks, involved, begin.date(), end.date())
    return Gathered(
        schools=involved,
        schedule=schedule_for(list(involved.values()), persons, early, late),
        assignments=assignments,
        scans=scans,
        doubts=doubts,
        granted=granted_for(persons, first, last),
        machines=Machines(
            kiosks=kiosks,
            recorded=recorded,
            pins=pins,
            faces=face_spans(persons),
            packs=packs,
            pack_now=manifest["id"] if manifest else None,
            strays=strays,
            doubted_strays=doubted_strays,
        ),
        declared=set(
            CompletenessDeclaration.objects.filter(school__in=keys, day__gte=first, day__lte=last).values_list(
                "school", "day"
            )
        ),
    )


def _evidence(
    people: Sequence[Key], begin: datetime, end: datetime
) -> tuple[dict[Key, list[Seen]], dict[Key, list[Doubt]]]:
    """Return by person what says that they were there, oldest first, and the scans whose moment nobody knows.

    A scan with a doubted clock counts for the moment for which a person accepted it, or not at all; until somebody has
    decided it is shown at the time that it claims, and may belong to any date between its kiosk's last word and its
    receipt.
    """
    mine = LedgerScan.objects.filter(person__in=people)
    near = mine.filter(captured_at__gte=begin, captured_at__lt=end)
    doubted = Q(clock_doubt__received_at__gte=begin, clock_doubt__made_after__lt=end)
    claims = counted(mine.filter(clock_doubt__isnull=False)).order_by()
    seen: dict[Key, list[Seen]] = defaultdict(list)
    doubts: dict[Key, list[Doubt]] = defaultdict(list)
    rows = counted(near.filter(clock_doubt__isnull=True)).order_by("captured_at", "id")
    for person, at, key in rows.values_list("person", "captured_at", "id"):
        seen[person].append((at, Provenance.FACE, str(key)))
    decided = {
        key: (person, at)
        for person, key, at in ScanReview.objects.filter(scan__in=claims.values("pk"))
        .order_by("decided_at", "id")
        .values_list("scan__person", "scan", "at")
    }
    touched = set()
    for key, (person, accepted) in decided.items():
        if accepted is not None and begin <= accepted < end and person is not None:
            seen[person].append((accepted, Provenance.FALLBACK_CHECKED, str(key)))
            touched.add(person)
    waiting = claims.filter(doubted | Q(captured_at__gte=begin, captured_at__lt=end)).values_list(
        "person", "id", "captured_at", "clock_doubt__made_after", "clock_doubt__received_at"
    )
    for person, key, at, since, received_at in waiting:
        if key in decided or person is None:
            continue
        doubts[person].append(Doubt(since, received_at, str(key)))
        if begin <= at < end:
            seen[person].append((at, Provenance.FALLBACK_UNCHECKED, str(key)))
            touched.add(person)
    for person in touched:
        seen[person].sort()
    return seen, doubts


def _add_punches(  # noqa: PLR0917  where to add what, of whom, by which devices, when
    seen: dict[Key, list[Seen]],
    doubts: dict[Key, list[Doubt]],
    people: Sequence[Key],
    kiosks: Mapping[Key, Sequence[Hearing]],
    begin: datetime,
    end: datetime,
) -> Mapping[Key, Sequence[PinSpan]]:
    """Add what terminals recorded of these people; return since when each terminal knew each of them by a PIN."""
    by_device = {one.device: one for found in kiosks.values() for one in found if one.is_terminal}
    if not by_device:
        return {}
    touched, pins = set(), _pins(people)
    for punch in punches_of(people, begin, end, end + DOUBT_REACHES):
        if punch.at is not None:
            provenance = Provenance.FALLBACK_CHECKED if punch.confirmed else Provenance.TERMINAL
            seen[punch.person].append((punch.at, provenance, str(punch.scan)))
            touched.add(punch.person)
        else:
            hearing = by_device.get(punch.device)
            since = made_after(punch.received_at, hearing.heard if hearing else ())
            # Under this PIN she cannot have made it before it was hers.
            hers = [
                one.first for one in pins.get(punch.person, ()) if one.device == punch.device and _holds(one, punch)
            ]
            since = max([since, *(datetime.combine(day, time(), since.tzinfo) for day in hers)])
            doubts[punch.person].append(Doubt(min(since, punch.received_at), punch.received_at, str(punch.scan)))
    for person in touched:
        seen[person].sort()
    return pins


def _strays(
    kiosks: Mapping[Key, Sequence[Hearing]], schools: Mapping[Key, School], first: date, last: date
) -> tuple[Mapping[tuple[Key, date], datetime], Mapping[tuple[Key, date], datetime]]:
    """Return by terminal and date the first record of a PIN that is nobody's: of sure ones, and of doubted ones."""
    terminals = {
        one.device: (one, zone_of(schools[key])) for key, found in kiosks.items() for one in found if one.is_terminal
    }
    if not terminals:
        return {}, {}
    held = PinMapping.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("day")),
        device=OuterRef("device"),
        pin=OuterRef("pin"),
        valid_from__lte=OuterRef("day"),
    )
    rows = TerminalScan.objects.filter(
        ~Exists(held), device__in=terminals, doubted=False, day__gte=first, day__lte=last
    )
    sure = rows.order_by().values_list("device", "day").annotate(Min("captured_at"))
    return {(device, day): at for device, day, at in sure}, _doubted_strays(terminals, first, last)


def _doubted_strays(
    terminals: Mapping[Key, tuple[Hearing, ZoneInfo]], first: date, last: date
) -> dict[tuple[Key, date], datetime]:
    """Return what `_strays` does of records with a doubted clock: each may belong to any date from its terminal's last
    word on an earlier one to that on which it came, whatever it claims."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (first - DAY, last + 2 * DAY + DOUBT_REACHES))
    doubted = TerminalScan.objects.filter(
        device__in=terminals, doubted=True, received_at__gte=begin, received_at__lt=end
    )
    rows = list(doubted.order_by("received_at").values_list("device", "pin", "received_at").distinct())
    holders: dict[tuple[Key, str], list[PinMapping]] = defaultdict(list)
    for one in PinMapping.objects.filter(device__in={device for device, _pin, _at in rows}):
        holders[one.device_id, one.pin].append(one)
    found: dict[tuple[Key, date], datetime] = {}
    for device, pin, at in rows:
        hearing, zone = terminals[device]
        came = at.astimezone(zone).date()
        if any(holds_on(one, came) for one in holders[device, pin]):
            continue
        day = made_after(at, hearing.heard).astimezone(zone).date()
        while day <= came:
            found.setdefault((device, day), at)
            day += DAY
    return found


def _holds(pin: PinSpan, punch: PersonPunch) -> bool:
    day = punch.received_at.date()
    return pin.first <= day + DAY and (pin.last is None or day <= pin.last + DAY)


def _pins(people: Sequence[Key]) -> Mapping[Key, Sequence[PinSpan]]:
    """Return the PINs of these people and since when terminals have recorded them under them: before that nobody
    knows that their finger or face is in the machine."""
    own = TerminalScan.objects.filter(
        device=OuterRef("device"), pin=OuterRef("pin"), day__gte=OuterRef("valid_from"), doubted=False
    )
    rows = PinMapping.objects.filter(person__in=people).annotate(
        recorded=Subquery(own.order_by("captured_at").values("captured_at")[:1])
    )
    found: dict[Key, list[PinSpan]] = defaultdict(list)
    for person, *span in rows.order_by("valid_from", "id").values_list(
        "person", "device", "valid_from", "valid_to", "recorded"
    ):
        found[person].append(PinSpan(*span))
    return found


def _recorded(
    schools: Collection[Key], begin: datetime, end: datetime
) -> tuple[Mapping[tuple[Key, date], datetime], Mapping[Key, Sequence[PackUse]]]:
    """Return by device of these schools and date (WIB, for a terminal its own) the first record of anything, also an
    unknown face, and by which packs each school's kiosks recognised people, oldest first: the last use before `begin`
    too. A record with a doubted clock is no sign of life on the date that it claims.
    """
    served = DeviceSchool.objects.filter(school__in=schools).values("device")
    scans = LedgerScan.objects.filter(captured_at__gte=begin, captured_at__lt=end, clock_doubt__isnull=True)
    rows = (
        scans.filter(Q(device__in=served) | Q(school__in=schools))
        .order_by()
        .annotate(date=DateInWib("captured_at"))
        .values_list("device", "school", "date", "pack", "verdict")
        .annotate(Min("captured_at"), Max("captured_at"))
    )
    days: dict[tuple[Key, date], datetime] = {}
    packs: dict[Key, list[PackUse]] = defaultdict(list)
    for device, school, day, pack, verdict, first, last in rows:
        days[device, day] = min(first, days.get((device, day), first))
        if verdict == Verdict.RECOGNISED:
            packs[school].append(PackUse(day, last, pack))
    for school, last, pack in _last_packs(schools, begin):
        packs[school].append(PackUse(last.astimezone(ZoneInfo("Asia/Jakarta")).date(), last, pack))
    for found in packs.values():
        found.sort(key=lambda one: (one.last, one.pack))
    punched = TerminalScan.objects.filter(device__in=served, doubted=False, day__gte=begin.date(), day__lte=end.date())
    punches = punched.order_by().values_list("device", "day").annotate(Min("captured_at"))
    return days | {(device, day): first for device, day, first in punches}, packs


def _last_packs(schools: Collection[Key], begin: datetime) -> Iterable[tuple[Key, datetime, str]]:
    """Return of each school the last recognised scan before `begin`, by when and pack."""
    earlier = LedgerScan.objects.filter(
        school=OuterRef("pk"),
        captured_at__gte=begin - PACK_MEMORY,
        captured_at__lt=begin,
        verdict=Verdict.RECOGNISED,
        clock_doubt__isnull=True,
    ).order_by("-captured_at", "-id")
    rows = School.objects.filter(pk__in=schools).annotate(
        last=Subquery(earlier.values("captured_at")[:1]), pack=Subquery(earlier.values("pack")[:1])
    )
    return [row for row in rows.order_by().values_list("pk", "last", "pack") if row[1] is not None]
