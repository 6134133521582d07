"""Reading for the boards: one school's day, and the schools of a region.

The number of queries does not grow with the number of people or schools; tests hold it.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from hadir.core.clock import day_bounds, local_date
from hadir.devices.models import Device, DeviceSchool
from hadir.enrolment.models import EnrolmentState
from hadir.enrolment.queries import usable_enrolments
from hadir.ledger.models import Scan, Source
from hadir.ledger.queries import LAST_OUT_AFTER, counted, unknown_faces
from hadir.people.models import Person
from hadir.people.queries import assignments_on, people_of_school
from hadir.reports.people import flag_notes
from hadir.reports.states import State
from hadir.schools.models import School

ARRIVED_LATE = timedelta(minutes=10)
"""A record that took longer than this to arrive was kept on the kiosk; the board says when it came."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person on one school's day: the kiosk's times of arrival and, once it is one, of departure."""

    person: uuid.UUID
    name: str
    nip: str
    duty: str
    state: State
    first: datetime | None = None
    last: datetime | None = None
    place: str = ""
    elsewhere: bool = False
    sample: bool = False
    held: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A kiosk of the school and when it last spoke."""

    device: uuid.UUID
    name: str
    at: datetime | None
    today: bool
    unsent: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """One school's day: everybody assigned there, in order of need, in exactly one state each."""

    school: School
    day: date
    is_today: bool
    rows: Sequence[Row]
    heard: Sequence[Heard]
    unknown: int
    faces: int
    counts: Mapping[State, int] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Tell whether the school is still before its first face: the board then shows the first steps."""
        return self.is_today and self.faces == 0 and not self.counts[State.SEEN]


def board_of(school: School, day: date, *, now: datetime) -> Board:
    """Return the board of one school on one date of its own time zone.

    1. Everybody assigned that day, with their duties (2 queries).
    2. Who has an active or a held enrolment (1).
    3. Their recognised scans of that day on any kiosk, oldest first (1): the first is the arrival.
    4. The school's kiosks (1), and how many faces its kiosks did not recognise that day (1).
    """
    start, end = day_bounds(day, school.time_zone)
    today = local_date(now, school.time_zone)
    people = list(people_of_school(school, day))
    faces = _faces(people)
    devices = list(Device.objects.filter(schools=school).order_by("name", "id"))
    scans = _scans_by_person(people, start, end)
    own = {device.pk for device in devices}
    rows = [_row(person, scans.get(person.pk, ()), faces.get(person.pk), own) for person in people]
    rows.sort(key=_need)
    numbers = Counter(row.state for row in rows)
    return Board(
        school=school,
        day=day,
        is_today=day == today,
        rows=rows,
        heard=[_heard(device, today, school.time_zone) for device in devices if device.revoked_at is None],
        unknown=unknown_faces(school, day),
        faces=sum(state == EnrolmentState.ACTIVE for state in faces.values()),
        counts={state: numbers[state] for state in State},
    )


def _faces(people: Iterable[Person]) -> dict[uuid.UUID, str]:
    """Return person id -> `active` or `held`; a held one does not hide an active one. Two queries."""
    keys = [person.pk for person in people]
    found = {}
    for state in (EnrolmentState.HELD, EnrolmentState.ACTIVE):
        rows = usable_enrolments(state).filter(person__in=keys).values_list("person", flat=True)
        found.update(dict.fromkeys(rows, state.value))
    return found


def _scans_by_person(people: Iterable[Person], start: datetime, end: datetime) -> dict[uuid.UUID, list[Scan]]:
    found: dict[uuid.UUID, list[Scan]] = {}
    scans = (
        counted(Scan.objects.filter(captured_at__gte=start, captured_at__lt=end))
        .filter(person__in=[person.pk for person in people])
        .select_related("device", "school")
        .defer("record", "quality")
        .order_by("captured_at", "id")
    )
    for scan in scans:
        if scan.person_id is not None:
            found.setdefault(scan.person_id, []).append(scan)
    return found


def _row(person: Person, scans: Sequence[Scan], face: str | None, own: set[uuid.UUID]) -> Row:
    duty = ", ".join(dict.fromkeys(each.duty for each in getattr(person, "assignments_of_day", ()) if each.duty))
    if not scans:
        return Row(
            person=person.pk,
            name=person.name,
            nip=person.nip,
            duty=duty,
            state=State.AWAITED if face == EnrolmentState.ACTIVE else State.NOT_ENROLLED,
            held=face == EnrolmentState.HELD,
        )
    first, last = scans[0], scans[-1]
    left = last if last.captured_at - first.captured_at >= LAST_OUT_AFTER else None
    return Row(
        person=person.pk,
        name=person.name,
        nip=person.nip,
        duty=duty,
        state=State.SEEN,
        first=first.captured_at,
        last=left.captured_at if left else None,
        place=_place(first, own),
        elsewhere=first.device_id not in own,
        sample=any(scan.source == Source.SAMPLE for scan in scans),
        notes=tuple(_notes([first, left] if left else [first], own)),
    )


def _place(scan: Scan, own: set[uuid.UUID]) -> str:
    return scan.device.name if scan.device_id in own else f"{scan.device.name}, {scan.school.name}"


def _notes(scans: Sequence[Scan], own: set[uuid.UUID]) -> list[str]:
    """Return what a reader must know of these scans, each once."""
    notes = [note for scan in scans for note in flag_notes(scan)]
    if any(scan.received_at - scan.captured_at >= ARRIVED_LATE for scan in scans):
        notes.append(_("Tersimpan di kios, dikirim kemudian."))
    if len(scans) == 2 and scans[1].device_id != scans[0].device_id:
        notes.append(_("Pulang terlihat di %(place)s.") % {"place": _place(scans[1], own)})
    return list(dict.fromkeys(notes))


def _need(row: Row) -> tuple[int, float, str]:
    """Sort key: who is awaited, then who was seen (newest first), then who has no face yet; by name."""
    order = {State.AWAITED: 0, State.SEEN: 1, State.NOT_ENROLLED: 2}
    return order[row.state], -row.first.timestamp() if row.first else 0.0, row.name


def _heard(device: Device, today: date, time_zone: str) -> Heard:
    at = device.last_heard_at
    return Heard(
        device=device.pk,
        name=device.name,
        at=at,
        today=at is not None and local_date(at, time_zone) == today,
        unsent=device.unsent,
    )


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school in the list of a region: how many are seen, awaited, not enrolled, and when it was last heard."""

    school: School
    people: int
    seen: int
    awaited: int
    not_enrolled: int
    kiosks: int
    heard: datetime | None
    unsent: int


def school_lines(schools: Sequence[School], *, now: datetime) -> list[SchoolLine]:
    """Return one line per school, in the same order: one query per time zone present, and one for the kiosks."""
    counts: dict[uuid.UUID, Mapping[str, Any]] = {}
    for zone in sorted({school.time_zone for school in schools}):
        keys = [school.pk for school in schools if school.time_zone == zone]
        counts.update(_counts_of_day(keys, local_date(now, zone), zone))
    kiosks = {
        line["school"]: line
        for line in DeviceSchool.objects.filter(
            school__in=[school.pk for school in schools], device__revoked_at__isnull=True
        )
        .values("school")
        .annotate(kiosks=Count("device"), heard=Max("device__last_heard_at"), unsent=Sum("device__unsent"))
    }
    return [_school_line(school, counts.get(school.pk, {}), kiosks.get(school.pk, {})) for school in schools]


def _counts_of_day(schools: Sequence[uuid.UUID], day: date, zone: str) -> dict[uuid.UUID, Mapping[str, Any]]:
    start, end = day_bounds(day, zone)
    seen = Exists(
        counted(Scan.objects.filter(captured_at__gte=start, captured_at__lt=end)).filter(person=OuterRef("person"))
    )
    enrolled = Exists(usable_enrolments(EnrolmentState.ACTIVE).filter(person=OuterRef("person")))
    lines = (
        assignments_on(day)
        .filter(school__in=schools)
        .annotate(is_seen=seen, has_face=enrolled)
        .values("school")
        .annotate(
            people=Count("person", distinct=True),
            seen=Count("person", distinct=True, filter=Q(is_seen=True)),
            awaited=Count("person", distinct=True, filter=Q(is_seen=False, has_face=True)),
        )
        .order_by()
    )
    return {line["school"]: dict(line) for line in lines}


def _school_line(school: School, counts: Mapping[str, Any], kiosks: Mapping[str, object]) -> SchoolLine:
    people, seen, awaited = counts.get("people", 0), counts.get("seen", 0), counts.get("awaited", 0)
    heard, number, unsent = kiosks.get("heard"), kiosks.get("kiosks"), kiosks.get("unsent")
    return SchoolLine(
        school=school,
        people=people,
        seen=seen,
        awaited=awaited,
        not_enrolled=people - seen - awaited,
        kiosks=number if isinstance(number, int) else 0,
        heard=heard if isinstance(heard, datetime) else None,
        unsent=unsent if isinstance(unsent, int) else 0,
    )


def heard_groups(schools: QuerySet[School], since: datetime) -> Mapping[str, QuerySet[School]]:
    """Divide schools by whether a kiosk of theirs was heard since a moment; each is in exactly one group."""
    kiosks = DeviceSchool.objects.filter(school=OuterRef("pk"), device__revoked_at__isnull=True)
    has_kiosk, heard = Exists(kiosks), Exists(kiosks.filter(device__last_heard_at__gte=since))
    return {
        "terdengar": schools.filter(heard),
        "belum-terdengar": schools.filter(has_kiosk, ~heard),
        "tanpa-kios": schools.filter(~has_kiosk),
    }


def find_schools(schools: QuerySet[School], words: str) -> QuerySet[School]:
    """Narrow schools by what somebody typed: every word stands in the name, kecamatan, island, address or NPSN."""
    for word in words.split()[:6]:
        schools = schools.filter(
            Q(name__icontains=word)
            | Q(npsn__startswith=word)
            | Q(district__name__icontains=word)
            | Q(island__name__icontains=word)
            | Q(address__icontains=word)
        )
    return schools.order_by(F("name").asc(), "npsn")
