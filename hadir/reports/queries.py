"""Reading for the region: what each school's day is so far, the kecamatan as tiles, and who has not been heard.

The number of queries does not grow with the number of schools or people; tests hold it. People are counted from the
person-days that are judged; whoever has none yet counts as not yet seen.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from hadir.attendance.marks import DUTY
from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date
from hadir.devices.models import DeviceSchool
from hadir.people.queries import assignments_on
from hadir.reports.cartogram import WATERS, Place, places_of
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT
from hadir.schedules.models import TrialPeriod
from hadir.schools.models import District, Island, School

TOGETHER = 2
"""So many silent schools of one place, and no other there that was heard, are told as one."""


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school's day so far. `people`: who has a working day there; `seen`: present, also late; `away`: duty or
    leave; `awaited`: nothing known yet, or waiting; `heard`: when a device of it last spoke, None: never."""

    school: School
    people: int
    seen: int
    away: int
    absent: int
    awaited: int
    kiosks: int
    heard: datetime | None
    unsent: int
    heard_today: bool = False
    statuses: Mapping[str, int] = field(default_factory=dict)


def school_lines(
    schools: Sequence[School], *, now: datetime, scope: QuerySet[School] | None = None
) -> list[SchoolLine]:
    """Return one line per school, in the same order. Two queries per time zone present, and one for the devices.

    `scope`: the query that found these schools, where they are so many that naming each one costs more than asking
    for them again.
    """
    statuses: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    people: dict[uuid.UUID, int] = {}
    asked = School.objects.filter(pk__in=[one.pk for one in schools]) if scope is None else scope
    for zone in sorted({school.time_zone for school in schools}):
        keys = asked.filter(time_zone=zone).order_by().values("pk")
        day = local_date(now, zone)
        held = assignments_on(day).filter(school__in=keys).order_by().values("school")
        people |= dict(held.annotate(number=Count("person", distinct=True)).values_list("school", "number"))
        rows = PersonDay.objects.filter(school__in=keys, day=day).order_by().values("school", "status")
        for row in rows.annotate(number=Count("pk")):
            statuses[row["school"]][row["status"]] += row["number"]
    here = asked.order_by().values("pk")
    devices = DeviceSchool.objects.filter(school__in=here, device__revoked_at__isnull=True).order_by()
    spoken = {
        row["school"]: row
        for row in devices.values("school").annotate(
            number=Count("device"), heard=Max("device__last_heard_at"), waiting=Sum("device__unsent")
        )
    }
    return [
        _line(school, people.get(school.pk, 0), statuses[school.pk], spoken.get(school.pk, {}), now)
        for school in schools
    ]


def _line(
    school: School, people: int, statuses: Mapping[str, int], spoken: Mapping[str, object], now: datetime
) -> SchoolLine:
    heard, number, unsent = spoken.get("heard"), spoken.get("number"), spoken.get("waiting")
    seen, absent = statuses.get(PRESENT, 0), statuses.get(ABSENT, 0)
    off = statuses.get(DAY_OFF, 0) + statuses.get(NOT_COUNTED, 0)
    away = sum(statuses.values()) - seen - absent - off - statuses.get(PENDING, 0)
    zone = school.time_zone
    return SchoolLine(
        school=school,
        people=max(0, people - off),
        seen=seen,
        away=away,
        absent=absent,
        awaited=max(0, people - off - seen - away - absent),
        kiosks=number if isinstance(number, int) else 0,
        heard=heard if isinstance(heard, datetime) else None,
        unsent=unsent if isinstance(unsent, int) else 0,
        heard_today=isinstance(heard, datetime) and local_date(heard, zone) == local_date(now, zone),
        statuses=statuses,
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One kecamatan: schools that use Hadir and how many of them were heard, people of heard schools and how many of
    them are there. `percent` is None where no school was heard. `dots`: the schools as points of a picture."""

    name: str
    place: Place | None
    using: int
    heard: int
    schools: int
    people: int
    seen: int
    heard_dots: str
    silent_dots: str
    other_dots: str
    height: int

    @property
    def percent(self) -> int | None:
        """People there of all people with a working day, in schools that were heard."""
        return round(100 * self.seen / self.people) if self.people else None

    @property
    def bar(self) -> str:
        """The same as the width of a bar."""
        return f"{100 * self.seen / self.people if self.people else 0:.1f}%"


@dataclass(frozen=True, slots=True)
class Silence:
    """Schools that are silent for what is probably one cause. `kind`: `district`, `island`, `never` or `single`."""

    kind: str
    place: str
    detail: str
    since: datetime | None
    schools: Sequence[School]
    people: int

    @property
    def guess(self) -> str:
        """What is probably the cause, in words."""
        return {
            "district": _("Listrik atau jaringan"),
            "island": _("Listrik atau jaringan"),
            "never": _("Perangkat belum dinyalakan"),
        }.get(self.kind, _("Belum diketahui"))

    @property
    def icon(self) -> str:
        """The icon beside the guess."""
        return {"district": "cloud-off", "island": "cloud-off", "never": "device-tablet-off"}.get(
            self.kind, "help-circle"
        )

    @property
    def district(self) -> str:
        """The kecamatan of the first school, for the filter of the list."""
        return self.schools[0].district.name


@dataclass(frozen=True, slots=True)
class RegionDay:
    """A region's day so far. People are those of schools that were heard today; each group of counters adds up."""

    schools: int
    heard: int
    silent: int
    unused: int
    people: int
    seen: int
    duty: int
    leave: int
    awaited: int
    absent: int
    absent_after: datetime | None
    tiles: Sequence[Tile]
    waters: Sequence[tuple[str, Place]]
    silences: Sequence[Silence]
    firm: int
    trial: int

    @property
    def percent(self) -> str:
        """People there of all, "87,6"; empty without people."""
        return f"{100 * self.seen / self.people:.1f}" if self.people else ""

    @property
    def firm_bar(self) -> str:
        """Schools whose numbers count, as the width of a bar."""
        return f"{100 * self.firm / self.schools if self.schools else 0:.1f}%"

    @property
    def trial_bar(self) -> str:
        """Schools on trial, as the width of a bar."""
        return f"{100 * self.trial / self.schools if self.schools else 0:.1f}%"


def region_day(schools: QuerySet[School], *, now: datetime) -> RegionDay:
    """Return the day of all these schools together. Eight queries."""
    rows = _with_places(schools)
    lines = school_lines(rows, now=now, scope=schools)
    heard = [line for line in lines if line.heard_today]
    using = [line for line in lines if line.kiosks]
    statuses: Counter[str] = Counter()
    for line in heard:
        statuses.update(line.statuses)
    trials = _in_trial(schools, now)
    duty = statuses[DUTY]
    tiles = _tiles(lines)
    return RegionDay(
        schools=len(lines),
        heard=len(heard),
        silent=len(using) - len(heard),
        unused=len(lines) - len(using),
        people=sum(line.people for line in heard),
        seen=sum(line.seen for line in heard),
        duty=duty,
        leave=sum(line.away for line in heard) - duty,
        awaited=sum(line.awaited for line in heard),
        absent=sum(line.absent for line in heard),
        absent_after=_first_window_end(schools, now),
        tiles=tiles,
        waters=WATERS if tiles and tiles[0].place else (),
        silences=silences(lines),
        firm=sum(line.school.pk not in trials for line in using),
        trial=sum(line.school.pk in trials for line in using),
    )


def _with_places(schools: QuerySet[School]) -> list[School]:
    """Return the schools with their kecamatan and islands, each of which is made once and not once for each school."""
    rows = list(schools.select_related(None).order_by("name", "npsn"))
    districts = District.objects.in_bulk({row.district_id for row in rows})
    islands = Island.objects.in_bulk({row.island_id for row in rows if row.island_id is not None})
    for row in rows:
        row.district = districts[row.district_id]
        row.island = islands[row.island_id] if row.island_id is not None else None
    return rows


def _in_trial(schools: QuerySet[School], now: datetime) -> set[uuid.UUID]:
    day = local_date(now, "Asia/Jakarta")
    holds = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    trials = TrialPeriod.objects.filter(holds, school__in=schools.order_by().values("pk"), valid_from__lte=day)
    return set(trials.values_list("school", flat=True))


def _first_window_end(schools: QuerySet[School], now: datetime) -> datetime | None:
    """Return when the first school's day can be complete; None once there is nothing to wait for today."""
    rows = PersonDay.objects.filter(
        school__in=schools.order_by().values("pk"), day=local_date(now, "Asia/Jakarta"), waits_until__gt=now
    )
    first = rows.aggregate(first=Min("waits_until"))["first"]
    return first if isinstance(first, datetime) else None


DOTS_A_LINE, PITCH = 17, 5.7
"""Schools in one line of a tile's dots, and their distance in units of the picture (96 wide)."""


def _tiles(lines: Sequence[SchoolLine]) -> list[Tile]:
    by_district: dict[str, list[SchoolLine]] = defaultdict(list)
    for line in lines:
        by_district[line.school.district.name].append(line)
    places = places_of(by_district)
    return [_tile(name, here, places.get(name)) for name, here in sorted(by_district.items())]


def _tile(name: str, lines: Sequence[SchoolLine], place: Place | None) -> Tile:
    heard = [line for line in lines if line.heard_today]
    using = sum(line.kiosks > 0 for line in lines)
    spots = [
        f"M{3 + PITCH * (number % DOTS_A_LINE):.1f} {3 + PITCH * (number // DOTS_A_LINE):.1f}h0"
        for number in range(len(lines))
    ]
    return Tile(
        name=name,
        place=place,
        using=using,
        heard=len(heard),
        schools=len(lines),
        people=sum(line.people for line in heard),
        seen=sum(line.seen for line in heard),
        heard_dots="".join(spots[: len(heard)]),
        silent_dots="".join(spots[len(heard) : using]),
        other_dots="".join(spots[using:]),
        height=round(PITCH * (1 + (len(lines) - 1) // DOTS_A_LINE)) + 1,
    )


def silences(lines: Sequence[SchoolLine]) -> list[Silence]:
    """Join silent schools of one kecamatan or one island into one row, most people first."""
    using = [line for line in lines if line.kiosks]
    left = [line for line in using if not line.heard_today]
    found = []
    for kind, place_of in (("district", _district_of), ("island", _island_of)):
        for place, together in _wholly_silent(using, left, place_of).items():
            found.append(_silence(kind, place, together))
            told = {line.school.pk for line in together}
            left = [line for line in left if line.school.pk not in told]
    found += [_silence("single" if line.heard else "never", line.school.name, [line]) for line in left]
    return sorted(found, key=lambda one: (-one.people, one.place))


def _district_of(line: SchoolLine) -> str:
    return line.school.district.name


def _island_of(line: SchoolLine) -> str:
    return line.school.island.name if line.school.island else ""


def _wholly_silent(
    using: Iterable[SchoolLine], silent: Sequence[SchoolLine], place_of: Callable[[SchoolLine], str]
) -> Mapping[str, Sequence[SchoolLine]]:
    """Return the places of which no school was heard, each with its silent schools, two at least."""
    loud = {place_of(line) for line in using if line.heard_today}
    here: dict[str, list[SchoolLine]] = defaultdict(list)
    for line in silent:
        here[place_of(line)].append(line)
    return {place: lines for place, lines in here.items() if place and place not in loud and len(lines) >= TOGETHER}


def _silence(kind: str, place: str, lines: Sequence[SchoolLine]) -> Silence:
    moments = [line.heard for line in lines if line.heard]
    detail = _("%(number)s sekolah, semuanya") % {"number": len(lines)} if len(lines) > 1 else _district_of(lines[0])
    return Silence(
        kind,
        place,
        detail,
        max(moments, default=None),
        [line.school for line in lines],
        sum(line.people for line in lines),
    )


def heard_groups(schools: QuerySet[School], since: datetime) -> Mapping[str, QuerySet[School]]:
    """Divide schools by whether a device of theirs was heard since a moment; each is in exactly one group."""
    kiosks = DeviceSchool.objects.filter(school=OuterRef("pk"), device__revoked_at__isnull=True)
    has_kiosk, heard = Exists(kiosks), Exists(kiosks.filter(device__last_heard_at__gte=since))
    return {
        "terdengar": schools.filter(heard),
        "belum-terdengar": schools.filter(has_kiosk, ~heard),
        "tanpa-kios": schools.filter(~has_kiosk),
    }
