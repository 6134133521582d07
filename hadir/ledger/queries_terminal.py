"""Reading terminal records: whose they are, which of them count and when, which wait."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Substr, TruncDate

from hadir.core.clock import local_date
from hadir.devices.models import Device, DeviceSchool, PinMapping
from hadir.ledger.clocks_terminal import REACH, Measured, propose_time
from hadir.ledger.models_terminal import ConfirmedTime, PunchSource, TerminalScan
from hadir.schools.models import School, TimeZone


@dataclass(frozen=True, slots=True)
class PersonPunch:
    """A terminal's record as that of a person.

    `at`: when it was made: the terminal's time, or the time that a person confirmed (`confirmed`); null where the clock
    is doubted and nobody has confirmed a time: then it is no evidence, and `received_at` tells the day it waits on.
    """

    person: uuid.UUID
    scan: uuid.UUID
    device: uuid.UUID
    school: uuid.UUID
    at: datetime | None
    captured_at: datetime
    received_at: datetime
    flags: tuple[str, ...]
    source: str
    trust: str
    confirmed: bool = False

    @property
    def counts(self) -> bool:
        """Tell whether this is evidence that the person was there at `at`."""
        return self.at is not None


def punches_of(
    people: Collection[uuid.UUID], begin: datetime, end: datetime, came_before: datetime | None = None
) -> Sequence[PersonPunch]:
    """Return the records of people with a time from `begin` up to but without `end`, oldest first. Five queries.

    Doubted records without a decision are among them where they came in that span, or up to `came_before` (`at` null,
    `counts` false).
    """
    mappings: dict[tuple[uuid.UUID, str], list[PinMapping]] = defaultdict(list)
    for one in PinMapping.objects.filter(person__in=list(people)).order_by("valid_from"):
        mappings[one.device_id, one.pin].append(one)
    if not mappings:
        return []
    scans = each_once().filter(device__in={device for device, _pin in mappings}).select_related("school")
    scans = scans.order_by()
    believed = scans.filter(doubted=False, captured_at__gte=begin, captured_at__lt=end)
    until = came_before or end
    arrived = Q(received_at__gte=begin, received_at__lt=until)
    moved = Exists(ConfirmedTime.objects.filter(scan=OuterRef("pk"), at__gte=begin, at__lt=end))
    doubted = list(scans.filter(arrived | moved, doubted=True))
    decided = decisions_on([scan.pk for scan in doubted])
    found: list[PersonPunch] = []
    for scan in [*believed, *doubted]:
        punch = _as_persons(scan, mappings.get((scan.device_id, scan.pin), ()), decided.get(scan.pk))
        if punch is not None and begin <= (punch.at or punch.received_at) < (end if punch.counts else until):
            found.append(punch)
    return sorted(found, key=lambda punch: (punch.at or punch.received_at, punch.scan))


def each_once() -> QuerySet[TerminalScan]:
    """Return terminal records without those of files that came by another way as well: each scan once.

    The machine writes a record to a file in other words than it sends it, so PIN and second decide; a record at the
    beginning of its minute may be one without seconds, and any of that minute that was sent is it. The row of the file
    stays in the ledger, but what the machine itself sent is proved better and says more. Doubted ones stay: a person
    may have decided on them.
    """
    sent = TerminalScan.objects.filter(device=OuterRef("device"), pin=OuterRef("pin"), doubted=False)
    sent = sent.exclude(source=PunchSource.FILE)
    second = sent.filter(local_time=OuterRef("local_time"))
    end = Concat(Substr(OuterRef("local_time"), 1, len("2026-09-14 06:58")), Value(":59"))
    minute = sent.filter(local_time__gt=OuterRef("local_time"), local_time__lte=end)
    came_again = Q(Exists(second)) | (Q(local_time__endswith=":00") & Q(Exists(minute)))
    return TerminalScan.objects.filter(~Q(source=PunchSource.FILE) | Q(doubted=True) | ~came_again)


def count_records(device: uuid.UUID, first: str, last: str) -> int:
    """Return how many records of a terminal lie between two times of its own clock, written as in `local_time`.

    One PIN and second is one record, however often it came, unless the terminal gave it several numbers.
    """
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    found = each_once().filter(device=device, local_time__gte=first, local_time__lte=last).order_by()
    for pin, when, number in found.values_list("pin", "local_time", "record_no"):
        numbers[pin, when].add(number)
    return sum(max(1, len(each - {""})) for each in numbers.values())


def decisions_on(scans: Collection[uuid.UUID]) -> Mapping[uuid.UUID, ConfirmedTime]:
    """Return the decision that holds for each of these records, where there is one: the newest. One query."""
    if not scans:
        return {}
    rows = ConfirmedTime.objects.filter(scan__in=list(scans)).order_by("decided_at", "id")
    return {row.scan_id: row for row in rows}


def _as_persons(
    scan: TerminalScan, mappings: Sequence[PinMapping], decision: ConfirmedTime | None
) -> PersonPunch | None:
    if scan.doubted and decision is not None and decision.at is None:
        return None
    at = scan.captured_at if not scan.doubted else decision.at if decision is not None else None
    day = scan.day if not scan.doubted else local_date(at or scan.received_at, scan.school.time_zone)
    holder = next(
        (one for one in mappings if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)), None
    )
    if holder is None:
        return None
    return PersonPunch(
        person=holder.person_id,
        scan=scan.pk,
        device=scan.device_id,
        school=scan.school_id,
        at=at,
        captured_at=scan.captured_at,
        received_at=scan.received_at,
        flags=tuple(scan.flags),
        source=scan.source,
        trust=scan.trust,
        confirmed=scan.doubted and at is not None,
    )


def _held_on() -> Case:
    """Return, inside a query over records, the date on which a record's PIN must be somebody's, as in `_as_persons`.

    With a doubted clock that is the date of the confirmed time, and while there is none the date of arrival.
    """
    newest = ConfirmedTime.objects.filter(scan=OuterRef("pk")).order_by("-decided_at", "-id").values("at")[:1]
    moment = Coalesce(Subquery(newest), "received_at")
    local = (When(school__time_zone=zone, then=TruncDate(moment, tzinfo=ZoneInfo(zone))) for zone in TimeZone.values)
    return Case(
        When(doubted=False, then="day"), default=Case(*local, output_field=DateField()), output_field=DateField()
    )


def _holders() -> QuerySet[PinMapping]:
    """Return, inside a query over records with `held_on`, the mappings that hold for a record's PIN."""
    return PinMapping.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("held_on")),
        device=OuterRef("device"),
        pin=OuterRef("pin"),
        valid_from__lte=OuterRef("held_on"),
    )


def terminal_scans(
    *, device: Device | None = None, school: School | None = None, day: date | None = None
) -> QuerySet[TerminalScan]:
    """Return terminal records, each once, oldest first, with `person_id_now` (null: nobody has it on `held_on`)."""
    found = each_once().select_related("device__terminal", "school").order_by("captured_at", "id")
    if device is not None:
        found = found.filter(device=device)
    if school is not None:
        found = found.filter(device__in=DeviceSchool.objects.filter(school=school).values("device"), school=school)
    if day is not None:
        found = found.filter(day=day)
    found = found.annotate(held_on=_held_on())
    return found.annotate(person_id_now=Subquery(_holders().values("person")[:1], output_field=UUIDField()))


@dataclass(frozen=True, slots=True)
class WaitingPin:
    """A PIN on a terminal that nobody has, with its records: how many, from which date to which.

    A record with a doubted clock is of its confirmed date, else of that of its arrival.
    """

    device: uuid.UUID
    pin: str
    count: int
    first: date
    last: date


def waiting_pins(device: Device) -> Sequence[WaitingPin]:
    """Return the PINs of a terminal with records that are nobody's, the busiest first."""
    rows = (
        each_once()
        .filter(device=device)
        .annotate(held_on=_held_on())
        .filter(~Exists(_holders()))
        .order_by()
        .values("pin")
        .annotate(number=Count("id"), first=Min("held_on"), last=Max("held_on"))
    )
    found = [WaitingPin(device.pk, row["pin"], row["number"], row["first"], row["last"]) for row in rows]
    return sorted(found, key=lambda one: (-one.count, one.pin))


@dataclass(frozen=True, slots=True)
class DoubtedPunch:
    """A record whose clock is doubted and that waits for a person, with the time that is proposed, if any is."""

    scan: TerminalScan
    proposed: datetime | None


def doubted_punches(devices: Collection[uuid.UUID]) -> Sequence[DoubtedPunch]:
    """Return the doubted records of these devices on which nobody has decided, oldest arrival first. Two queries."""
    decided = Exists(ConfirmedTime.objects.filter(scan=OuterRef("pk")))
    scans = TerminalScan.objects.filter(~decided, doubted=True, device__in=list(devices)).select_related("school")
    measured: dict[uuid.UUID, list[Measured]] = defaultdict(list)
    live = TerminalScan.objects.filter(doubted=True, skew__isnull=False, device__in=list(devices)).order_by(
        "captured_at"
    )
    for device, captured, received, skew in live.values_list("device", "captured_at", "received_at", "skew"):
        measured[device].append(Measured(captured, received, skew or 0))
    return [
        DoubtedPunch(
            scan,
            propose_time(
                captured_at=scan.captured_at,
                received_at=scan.received_at,
                skew=scan.skew,
                later=_next_measured(measured[scan.device_id], scan),
            ),
        )
        for scan in scans.order_by("received_at", "id")
    ]


def _next_measured(measured: Sequence[Measured], scan: TerminalScan) -> Measured | None:
    return next(
        (
            one
            for one in measured
            if scan.captured_at <= one.captured_at <= scan.captured_at + REACH and one.received_at >= scan.received_at
        ),
        None,
    )
