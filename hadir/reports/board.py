"""One school's day: everybody assigned there, in exactly one state, with where they were seen and what is waited for.

What a day means comes from the person-days that the judgement keeps; where a record is newer than its judgement, the
record shows and the word stays "hadir" until the judgement follows. The number of queries does not grow with people.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from hadir.attendance.marks import DUTY, Mark, leave_word, mark_of
from hadir.attendance.models import PersonDay
from hadir.core.clock import day_bounds, local_date
from hadir.core.templatetags.screen import clock, heard_at, long_date
from hadir.devices.models import Device, DeviceKind, DeviceSchool, PinMapping
from hadir.enrolment.models import EnrolmentState
from hadir.enrolment.queries import usable_enrolments
from hadir.leave.granted import Granted
from hadir.leave.queries import granted_for
from hadir.ledger.queries import LAST_OUT_AFTER, unknown_faces
from hadir.people.models import Person
from hadir.people.queries import assignments_on, people_of_school
from hadir.reports.days import cause_words
from hadir.reports.sightings import Sighting, sightings_of
from hadir.reports.states import ALWAYS, BY_NEED, State
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause, Role
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

ARRIVED_LATE = timedelta(minutes=10)
"""A record that took longer than this to arrive was kept on the device; the board says when it came."""
UNHEARD = frozenset({Cause.DAY_NOT_OVER, Cause.SCHOOL_NOT_HEARD})
"""While a day waits for one of these, nobody of the school can be without a reason yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person on one school's day. `mark`: the word, icon and chip of the state; `provisional`: lateness so far."""

    person: uuid.UUID
    name: str
    nip: str
    duty: str
    state: State
    mark: Mark
    provisional: bool = False
    first: datetime | None = None
    last: datetime | None = None
    place: str = ""
    elsewhere: bool = False
    machine: bool = False
    sample: bool = False
    held: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A device of the school and when it last spoke."""

    device: uuid.UUID
    name: str
    at: datetime | None
    today: bool
    unsent: int | None
    machine: bool


@dataclass(frozen=True, slots=True)
class Board:
    """One school's day, its people in order of need.

    `hours`: "07.00-14.30" of most people, empty without hours. `absent_after`: when somebody can first be without a
    reason; None once the day is complete. `complete`: everybody's day is decided as far as devices go.
    """

    school: School
    day: date
    is_today: bool
    rows: Sequence[Row]
    heard: Sequence[Heard]
    unknown: int
    faces: int
    hours: str = ""
    absent_after: datetime | None = None
    complete: bool = False
    counts: Mapping[State, int] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Tell whether the school is still before its first face: the board then shows the first steps."""
        waiting = {State.AWAITED, State.NOT_ENROLLED, State.OFF, State.NOT_COUNTED}
        return self.is_today and self.faces == 0 and all(row.state in waiting and not row.first for row in self.rows)

    @property
    def counters(self) -> Sequence[tuple[State, int]]:
        """The counters in their order; together they are everybody."""
        shown = ALWAYS | ({State.AWAITED} if self.is_today else set()) | ({State.ABSENT} if self.complete else set())
        return [(state, self.counts[state]) for state in State if state in shown or self.counts[state]]

    @property
    def groups(self) -> Sequence[tuple[State, Sequence[Row]]]:
        """The people by state, in order of need."""
        return [(state, [row for row in self.rows if row.state == state]) for state in BY_NEED]


@dataclass(frozen=True, slots=True)
class _Day:
    """What the rows of a board are made from."""

    day: date
    is_today: bool
    own: Collection[uuid.UUID]
    faces: Mapping[uuid.UUID, str]
    known: Collection[uuid.UUID]
    judged: Mapping[uuid.UUID, PersonDay]
    seen: Mapping[uuid.UUID, Sequence[Sighting]]
    granted: Mapping[uuid.UUID, Sequence[Granted]]
    silent: Mapping[uuid.UUID, str]


def board_of(school: School, day: date, *, now: datetime) -> Board:
    """Return the board of one school on one date of its own time zone. `school` comes with its district loaded."""
    start, end = day_bounds(day, school.time_zone)
    today = local_date(now, school.time_zone)
    people = list(people_of_school(school, day))
    keys = [person.pk for person in people]
    faces = _faces(keys)
    devices = list(Device.objects.filter(schools=school).order_by("name", "id"))
    judged = {row.person_id: row for row in PersonDay.objects.filter(school=school, day=day).defer("digest", "reasons")}
    waiting = [row.waits_until for row in judged.values() if row.waits_until is not None]
    facts = _Day(
        day=day,
        is_today=day == today,
        own={device.pk for device in devices},
        faces=faces,
        known={key for key, state in faces.items() if state == EnrolmentState.ACTIVE} | _with_pin(keys, day),
        judged=judged,
        seen=sightings_of(keys, start, end),
        granted=granted_for(keys, day, day),
        silent=_silent(keys, school, day, min(now, *waiting)) if waiting else {},
    )
    rows = sorted((_row(person, facts) for person in people), key=_need)
    numbers = Counter(row.state for row in rows)
    unheard = any(row.cause in UNHEARD for row in judged.values())
    return Board(
        school=school,
        day=day,
        is_today=day == today,
        rows=rows,
        heard=[_heard(device, today, school.time_zone) for device in devices if device.revoked_at is None],
        unknown=unknown_faces(school, day),
        faces=len(facts.known),
        hours=_hours(school, people, day),
        absent_after=max(waiting, default=None),
        complete=bool(judged) and not unheard,
        counts={state: numbers[state] for state in State},
    )


def _faces(people: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return person id -> `active` or `held`; a held one does not hide an active one. Two queries."""
    found = {}
    for state in (EnrolmentState.HELD, EnrolmentState.ACTIVE):
        rows = usable_enrolments(state).filter(person__in=people).values_list("person", flat=True)
        found.update(dict.fromkeys(rows, state.value))
    return found


def _with_pin(people: Collection[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Return those whom a machine knows by PIN on this date."""
    holds = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return set(
        PinMapping.objects.filter(holds, person__in=people, valid_from__lte=day).values_list("person", flat=True)
    )


def _silent(people: Collection[uuid.UUID], school: School, day: date, until: datetime) -> Mapping[uuid.UUID, str]:
    """Return, by person, the device of their schools that has been silent longest before `until`, in words."""
    schools = dict.fromkeys([school.pk])
    of_person: dict[uuid.UUID, list[uuid.UUID]] = {}
    for person, key in assignments_on(day).filter(person__in=people).values_list("person", "school"):
        of_person.setdefault(person, []).append(key)
        schools[key] = None
    in_use = Q(device__activated_at__lte=until) | Q(device__terminal__claimed_at__lte=until)
    links = DeviceSchool.objects.filter(in_use, school__in=list(schools), device__revoked_at__isnull=True)
    links = links.select_related("device", "school")
    worst: dict[uuid.UUID, DeviceSchool] = {}
    for link in links.order_by("position"):
        moment, before = link.device.handed_in_until, worst.get(link.school_id)
        if moment is not None and moment >= until:
            continue
        if before is None or (
            before.device.handed_in_until and (moment is None or moment < before.device.handed_in_until)
        ):
            worst[link.school_id] = link
    return {
        person: _silence(next(worst[key] for key in keys if key in worst), school)
        for person, keys in of_person.items()
        if any(key in worst for key in keys)
    }


def _silence(link: DeviceSchool, school: School) -> str:
    name = link.device.name if link.school_id == school.pk else f"{link.device.name}, {link.school.name}"
    if link.device.handed_in_until is None:
        return _("Menunggu %(device)s, belum pernah terdengar.") % {"device": name}
    return _("Menunggu %(device)s, sejak %(since)s.") % {"device": name, "since": heard_at(link.device.handed_in_until)}


def _hours(school: School, people: Iterable[Person], day: date) -> str:
    """Return the hours of most people on this date."""
    schedule = schedule_for([school], [person.pk for person in people], day, day)
    patterns = schedule.rules_on(school, day).patterns
    zone = ZoneInfo(school.time_zone)
    found: Counter[str] = Counter()
    for person in people:
        held = getattr(person, "assignments_of_day", ())
        key = schedule.pattern_key(person.pk, school, held[0].staff_kind if held else "", day)
        shift = patterns[key].shift_on(day, zone) if key in patterns else None
        if shift is not None:
            found[f"{clock(shift.start)}\N{EN DASH}{clock(shift.end)}"] += 1
    return found.most_common(1)[0][0] if found else ""


def _row(person: Person, facts: _Day) -> Row:
    """Return one person's row: state, times, places and notes."""
    row = facts.judged.get(person.pk)
    seen = [one for one in facts.seen.get(person.pk, ()) if one.at is not None]
    doubted = [one for one in facts.seen.get(person.pk, ()) if one.at is None]
    state = _state(person.pk, row, seen, doubted, facts)
    first, last = _times(row, seen)
    shown = seen[0] if seen else None
    return Row(
        person=person.pk,
        name=person.name,
        nip=person.nip,
        duty=", ".join(dict.fromkeys(each.duty for each in getattr(person, "assignments_of_day", ()) if each.duty)),
        state=state,
        mark=_mark(state, row, elsewhere=bool(shown and shown.device not in facts.own)),
        provisional=state == State.LATE and row is not None and not row.final,
        first=first,
        last=last,
        place=_place(shown, facts.own) if shown else "",
        elsewhere=bool(shown and shown.device not in facts.own),
        machine=bool(shown and shown.machine),
        sample=any(one.sample for one in seen),
        held=facts.faces.get(person.pk) == EnrolmentState.HELD,
        notes=tuple(dict.fromkeys(_notes(person.pk, state, row, seen, doubted, facts))),
    )


def _state(
    person: uuid.UUID,
    row: PersonDay | None,
    seen: Sequence[Sighting],
    doubted: Sequence[Sighting],
    facts: _Day,
) -> State:
    if row is not None and row.status not in {PENDING, NOT_COUNTED}:
        return _decided(row)
    open_here = row is None or row.status == NOT_COUNTED or row.cause in {Cause.DAY_NOT_OVER, Cause.NO_SCHEDULE}
    if seen and (open_here or row is None):
        return State.SEEN
    if doubted:
        return State.PENDING
    if row is not None and row.cause == Cause.PERSON_UNKNOWN_TO_DEVICES:
        return State.NOT_ENROLLED
    if facts.is_today and open_here:
        return State.AWAITED if person in facts.known else State.NOT_ENROLLED
    return State.NOT_COUNTED if row is None or row.status == NOT_COUNTED else State.PENDING


def _decided(row: PersonDay) -> State:
    if row.status == PRESENT:
        return State.LATE if row.late else State.EARLY if row.early else State.SEEN
    return {ABSENT: State.ABSENT, DAY_OFF: State.OFF, DUTY: State.DUTY}.get(row.status, State.LEAVE)


def _mark(state: State, row: PersonDay | None, *, elsewhere: bool) -> Mark:
    """Return the words of a row: minutes, or the kind of leave, where the state has them."""
    if state == State.OFF and elsewhere:
        return Mark(_("Bertugas di sekolah lain"), "map-pin", "st-none", "")
    if row is not None and state in {State.LATE, State.EARLY, State.LEAVE}:
        return mark_of(row.status, row.codes, row.late, row.early)
    return Mark(str(state.label), state.icon, state.chip, "")


def _times(row: PersonDay | None, seen: Sequence[Sighting]) -> tuple[datetime | None, datetime | None]:
    """Return arrival and departure: as judged where it is, else the first and, half an hour later, the last record."""
    moments = [one.at for one in seen if one.at is not None]
    first = moments[0] if moments else None
    last = moments[-1] if first and moments[-1] - first >= LAST_OUT_AFTER else None
    roles = {each["role"]: datetime.fromisoformat(each["at"]) for each in _evidence(row)}
    if row is not None and row.final and row.status == PRESENT:
        return roles.get(Role.ARRIVAL), roles.get(Role.DEPARTURE)
    return first or roles.get(Role.ARRIVAL), last


def _evidence(row: PersonDay | None) -> Sequence[Mapping[str, str]]:
    return row.evidence if row is not None else ()


def _place(one: Sighting, own: Collection[uuid.UUID]) -> str:
    return one.device_name if one.device in own else f"{one.device_name}, {one.school}"


def _notes(  # noqa: PLR0917  a state and what led to it
    person: uuid.UUID,
    state: State,
    row: PersonDay | None,
    seen: Sequence[Sighting],
    doubted: Sequence[Sighting],
    facts: _Day,
) -> Iterable[str]:
    """Yield what a reader must know: approved leave, what is waited for, how records came."""
    for entry in facts.granted.get(person, ()):
        yield _entry(entry)
    if doubted:
        yield _("Jam perangkat diragukan, menunggu diperiksa.")
    elif state == State.PENDING and row is not None:
        unheard = row.cause == Cause.SCHOOL_NOT_HEARD and facts.silent.get(person)
        yield unheard or cause_words(Cause(row.cause))
    elif (
        row is not None and row.status == PRESENT and row.cause not in {"", Cause.DAY_NOT_OVER, Cause.SCHOOL_NOT_HEARD}
    ):
        yield cause_words(Cause(row.cause))
    elif state == State.SEEN and row is not None and row.cause == Cause.NO_SCHEDULE:
        yield cause_words(Cause.NO_SCHEDULE)
    ends = [seen[0], seen[-1]] if seen else []
    for one in ends:
        yield from one.notes
    if any(one.at is not None and one.received_at - one.at >= ARRIVED_LATE and not one.machine for one in ends):
        yield _("Tersimpan di kios, dikirim kemudian.")
    if ends and ends[1].device != ends[0].device:
        yield _("Pulang terlihat di %(place)s.") % {"place": _place(ends[1], facts.own)}


def _entry(entry: Granted) -> str:
    """Return an approved entry in words."""
    if entry.code == "K":
        return _("Koreksi disetujui.")
    if entry.code == "TEKNIS":
        return _("Alasan teknis disetujui.")
    name = leave_word(entry.code)
    if entry.start and entry.end:
        span = f"{entry.start:%H.%M}\N{EN DASH}{entry.end:%H.%M}"
        return _("%(leave)s %(span)s.") % {"leave": name, "span": span}
    if entry.first == entry.last:
        return _("%(leave)s hari ini.") % {"leave": name}
    return _("%(leave)s sampai %(date)s.") % {"leave": name, "date": long_date(entry.last)}


def _need(row: Row) -> tuple[int, float, str]:
    """Sort key: by need of the state, then the newest arrival first, then by name."""
    return BY_NEED.index(row.state), -row.first.timestamp() if row.first else 0.0, row.name


def _heard(device: Device, today: date, time_zone: str) -> Heard:
    at = device.last_heard_at
    return Heard(
        device=device.pk,
        name=device.name,
        at=at,
        today=at is not None and local_date(at, time_zone) == today,
        unsent=device.unsent,
        machine=device.kind != DeviceKind.KIOSK,
    )
