"""`record_punches`: the only writer of terminal records, and `confirm_time` for those whose clock was wrong."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hadir.accounts.models import User
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.devices.hearing import made_after
from hadir.devices.models import Device, HeardDay, PinMapping, Terminal
from hadir.devices.queries import schools_of
from hadir.devices.services_terminal import note_clock
from hadir.ledger.clocks_terminal import DOUBTED, clock_flags, error_when_read
from hadir.ledger.models_terminal import ConfirmedTime, PunchSource, TerminalScan, Trust
from hadir.ledger.punch import Punch
from hadir.ledger.punch_rows import Row, insert_rows
from hadir.people.marks import mark_person, mark_schools

FIRST_YEAR, LAST_YEAR = 1970, 2199
LIMITS: Mapping[str, int] = {"pin": 64, "state_raw": 20, "verify_raw": 20, "record_no": 40}
CHUNK = 500
LATE = timedelta(hours=1)
SAME_SPAN = timedelta(days=31)
"""Days of one person nearer to each other than this are one mark."""

Content = tuple[str, str, str, str]
"""Local time, PIN, state, verify: one record, whatever number the terminal gives it."""


@dataclass(frozen=True, slots=True)
class PunchOutcome:
    """What became of a batch. `stored` new rows, `known` already there, `unstorable` not even text and time.

    Of the stored: `waiting` have a PIN that nobody has, `doubted` a clock that nobody can believe. `skew`: seconds the
    clock was ahead, where the batch measured it. `newest`: the latest believable time among all records of the batch.
    """

    stored: int = 0
    known: int = 0
    unstorable: int = 0
    waiting: int = 0
    doubted: int = 0
    skew: int | None = None
    newest: datetime | None = None


@transaction.atomic
def record_punches(
    *,
    device: Device,
    punches: Sequence[Punch],
    source: str,
    trust: str,
    now: datetime,
    raw_ref: str = "",
    live: bool = False,
    measured: int | None = None,
) -> PunchOutcome:
    """Keep records of a terminal for ever; those already there are left as they are. Safe to repeat, quick when old.

    `live`: the caller knows that these were made just now (`devices.services_terminal.is_live`, or the protocol says
    so); they measure the terminal's clock. `measured`: the caller has just read the terminal's clock, which is so many
    seconds ahead; records made since it was last good are doubted where that is more than ten minutes.

    1. Texts that no column takes and years outside 1970 to 2199 are counted as `unstorable` and left to the caller.
    2. A record is known when device, time, PIN, state and verify mode are, and the terminal's own number does not say
       otherwise: a file without numbers repeats what was pushed with numbers, and a cut line has half a number.
    3. Everything else is inserted at once, with flags for what is odd about its time.
    4. For people whose PIN is known, the days of the new records are marked, once per person and span of days.

    Raises HadirError `device_needs_school`.
    """
    schools = schools_of(device)
    if not schools:
        raise HadirError("device_needs_school")
    zone = ZoneInfo(schools[0].time_zone)
    storable = [punch for punch in punches if _is_storable(punch)]
    judge = _Judge(device=device, zone=zone, now=now, live=live, measured=measured)
    known = _Known(device)
    rows: list[Row] = []
    for chunk in _chunks(storable):
        known.load(chunk)
        rows.extend(judge.row(punch) for punch in chunk if not known.has_or_adds(punch))
    shared = {
        "device_id": device.pk,
        "school_id": schools[0].pk,
        "received_at": now,
        "source": PunchSource(source).value,
        "trust": Trust(trust).value,
        "raw_ref": raw_ref[:80],
    }
    insert_rows(rows, shared)
    skew = measured if measured is not None or not rows else max(rows, key=lambda row: row.captured_at).skew
    if skew is not None:
        note_clock(device=device, skew=skew, now=now)
    believable = [punch.local_time.replace(tzinfo=zone) for punch in storable if punch.local_time.year >= 2020]
    return PunchOutcome(
        stored=len(rows),
        known=len(storable) - len(rows),
        unstorable=len(punches) - len(storable),
        waiting=_mark_people(device, rows, zone, now),
        doubted=sum(row.doubted for row in rows),
        skew=skew,
        newest=max((moment for moment in believable if moment <= now), default=None),
    )


class _Judge:
    """Turns records of one batch into rows, with what is odd about each."""

    def __init__(self, *, device: Device, zone: ZoneInfo, now: datetime, live: bool, measured: int | None) -> None:
        self.device, self.zone, self.now, self.live, self.measured = device, zone, now, live, measured
        self.good_at = (
            Terminal.objects.filter(pk=device.pk).values_list("clock_good_at", flat=True).first()
            if measured is not None
            else None
        )

    def row(self, punch: Punch) -> Row:
        """Return the columns that come from the record, and what is odd about its time."""
        local = punch.local_time.replace(microsecond=0, tzinfo=None)
        captured = local.replace(tzinfo=self.zone)
        flags = clock_flags(local_time=local, captured_at=captured, now=self.now, live=self.live)
        skew = round((captured - self.now).total_seconds()) if self.live else None
        if self.measured is not None:
            skew = error_when_read(captured_at=captured, now=self.now, measured=self.measured, good_at=self.good_at)
            if skew is not None and not DOUBTED.intersection(flags):
                flags = ["clock_off"]
        if self.device.revoked_at is not None:
            flags.append("device_revoked")
        return Row(
            pin=punch.pin,
            local_time=_written(local),
            day=local.date(),
            captured_at=captured,
            state_raw=punch.state_raw,
            verify_raw=punch.verify_raw,
            record_no=punch.record_no,
            skew=skew,
            flags=tuple(flags),
            doubted=bool(DOUBTED.intersection(flags)),
        )


class _Known:
    """Which records of a device are there: for each content, the numbers that the terminal gave it."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.numbers: dict[Content, list[str]] = defaultdict(list)
        self.loaded: set[str] = set()

    def load(self, punches: Iterable[Punch]) -> None:
        """Read what is there at the times of these punches."""
        times = {_written(punch.local_time) for punch in punches} - self.loaded
        self.loaded |= times
        found = TerminalScan.objects.filter(device=self.device, local_time__in=times).order_by()
        for *content, number in found.values_list("local_time", "pin", "state_raw", "verify_raw", "record_no"):
            self.numbers[content[0], content[1], content[2], content[3]].append(number)

    def has_or_adds(self, punch: Punch) -> bool:
        """Tell whether the record is there; from now on it is."""
        there = self.numbers[_written(punch.local_time), punch.pin, punch.state_raw, punch.verify_raw]
        number = punch.record_no
        if any(number.startswith(other) or other.startswith(number) for other in there):
            return True
        there.append(number)
        return False


def _is_storable(punch: Punch) -> bool:
    texts = {name: getattr(punch, name) for name in LIMITS}
    return (
        bool(punch.pin)
        and FIRST_YEAR <= punch.local_time.year <= LAST_YEAR
        and all(len(text) <= LIMITS[name] and text.isprintable() for name, text in texts.items())
    )


def _written(moment: datetime) -> str:
    return moment.isoformat(" ", "seconds")


def _chunks(punches: Sequence[Punch]) -> Iterator[Sequence[Punch]]:
    for start in range(0, len(punches), CHUNK):
        yield punches[start : start + CHUNK]


def _mark_people(device: Device, rows: Sequence[Row], zone: ZoneInfo, now: datetime) -> int:
    """Mark the days that new records may change. Returns how many records have a PIN that nobody has.

    A record with a doubted clock may belong to any day since the terminal was last heard on an earlier one, up to the
    day on which it came, where it waits to be looked at.
    """
    mappings: dict[str, list[PinMapping]] = defaultdict(list)
    for one in PinMapping.objects.filter(device=device, pin__in={row.pin for row in rows}):
        mappings[one.pin].append(one)
    days: dict[uuid.UUID, set[date]] = defaultdict(set)
    strays: set[date] = set()
    waiting = 0
    came = now.astimezone(zone).date()
    since = _made_after(device, now).astimezone(zone).date() if any(row.doubted for row in rows) else came
    for row in rows:
        day = came if row.doubted else row.day
        holders = [one.person_id for one in mappings[row.pin] if holds_on(one, day)]
        waiting += not holders
        for person in holders:
            days[person] |= {day, since} if row.doubted else {day}
        strays |= {day, since} if row.doubted and not holders else set()
    for person, marked in days.items():
        for first, last in _spans(marked):
            mark_person(person_id=person, first=first, last=last, now=now)
    late = {row.day for row in rows if not row.doubted and now - row.captured_at > LATE}
    for first, last in _spans(late | strays) if late | strays else ():
        # A late record shows that the terminal was alive, whoever it was, and one of nobody's PIN may be any
        # colleague's without a PIN: that matters to everybody.
        mark_schools(schools=[school.pk for school in schools_of(device)], first=first, last=last, now=now)
    return waiting


def _made_after(device: Device, now: datetime) -> datetime:
    """Return since when a record with a doubted clock that comes now may have been made."""
    heard = HeardDay.objects.filter(device=device, last_at__lte=now).order_by("day")
    return made_after(now, list(heard.values_list("first_at", "last_at")))


def holds_on(mapping: PinMapping, day: date) -> bool:
    """Tell whether a mapping holds on a date."""
    return mapping.valid_from <= day and (mapping.valid_to is None or day <= mapping.valid_to)


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    ordered = sorted(days)
    first = last = ordered[0]
    for day in ordered[1:]:
        if day - last > SAME_SPAN:
            yield first, last
            first = day
        last = day
    yield first, last


@transaction.atomic
def confirm_time(
    *, scan: TerminalScan, at: datetime | None, reason: str, by: User | None, now: datetime
) -> ConfirmedTime:
    """Say when a record with a doubted clock was really made; `at` None: it cannot be known and counts for nothing.

    Raises HadirError `reason_missing`, `clock_not_doubted`, `confirmed_later_than_arrival`, `text_*`.
    """
    reason = clean_text(reason, field="alasan", limit=200)
    if not reason:
        raise HadirError("reason_missing")
    if not scan.doubted:
        raise HadirError("clock_not_doubted")
    if at is not None and at > scan.received_at + timedelta(minutes=2):
        raise HadirError("confirmed_later_than_arrival")
    made = ConfirmedTime.objects.create(scan=scan, at=at, reason=reason, decided_by=by, decided_at=now)
    zone = scan.school.time_zone
    moments = [at, scan.received_at, _made_after(scan.device, scan.received_at)]
    moments += scan.confirmed_times.exclude(pk=made.pk).values_list("at", flat=True)
    days = {local_date(moment, zone) for moment in moments if moment is not None}
    for mapping in PinMapping.objects.filter(device=scan.device_id, pin=scan.pin):
        held = {day for day in days if holds_on(mapping, day)}
        for first, last in _spans(held) if held else ():
            mark_person(person_id=mapping.person_id, first=first, last=last, now=now)
    record_audit(
        actor=by,
        action="confirm_time",
        object_kind="terminal_scan",
        object_id=scan.pk,
        now=now,
        detail={"clock": scan.local_time, "at": at.isoformat() if at else None, "reason": reason},
    )
    return made
