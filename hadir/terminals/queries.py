"""Reading machines for pages: the list of all devices, one terminal's state, the register."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum

from hadir.core.clock import day_bounds, local_date
from hadir.devices.models import Device, DeviceKind, Terminal
from hadir.devices.queries import kiosk_state, schools_of
from hadir.devices.queries_terminal import ClockGrade, clock_grade, terminal_state
from hadir.ledger.models_terminal import ConfirmedTime, TerminalScan
from hadir.ledger.queries_terminal import each_once, waiting_pins
from hadir.terminals.models import FRESH, Alert, Caller, Command, HeldBack, Quarantined

FRESH_FOR = timedelta(minutes=15)
"""So long after a call a machine may be claimed (`door.WINDOW`)."""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device in the list. `terminal` is None for a kiosk; `alerts`: those that nobody has looked at."""

    device: Device
    terminal: Terminal | None
    state: str
    grade: ClockGrade
    alerts: int


def device_lines(found: Iterable[Device]) -> list[DeviceLine]:
    """Return the lines for a page of devices (loaded with `terminal`). One query."""
    devices = list(found)
    keys = [device.pk for device in devices]
    unseen = Alert.objects.filter(device__in=keys, seen_at__isnull=True).order_by()
    alerts: Mapping[uuid.UUID, int] = dict(unseen.values_list("device").annotate(Count("id")))
    lines = []
    for device in devices:
        terminal = getattr(device, "terminal", None)
        state = kiosk_state(device) if terminal is None else terminal_state(terminal)
        grade: ClockGrade = "unknown" if terminal is None else clock_grade(terminal)
        lines.append(DeviceLine(device, terminal, state, grade, alerts.get(device.pk, 0)))
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the page of one terminal tells. Times aware, counts of records.

    `waiting`: records of `unknown` PINs that nobody has. `doubted`: records whose clock waits for a decision.
    `held`: records held back in its name, by reason. `early`: those of them that came before it was believed and are
    still to be taken in.
    """

    terminal: Terminal
    state: str
    grade: ClockGrade
    total: int
    today: int
    newest: datetime | None
    unknown: int
    waiting: int
    doubted: int
    held: Mapping[str, int]
    early: int
    alerts: Sequence[Alert]
    commands: int


def standing_of(terminal: Terminal, *, now: datetime) -> Standing:
    """Return where a terminal stands. Eight queries."""
    device = terminal.device
    zone = schools_of(device)[0].time_zone
    start, end = day_bounds(local_date(now, zone), zone)
    scans = each_once().filter(device=device)
    pins = waiting_pins(device)
    told = scans.filter(doubted=False).aggregate(total=Count("id"), newest=Max("captured_at"))
    decided = ConfirmedTime.objects.filter(scan__device=device).values("scan")
    doubted = scans.filter(doubted=True).exclude(pk__in=decided).count()
    held = _held_back(terminal)
    return Standing(
        terminal=terminal,
        state=terminal_state(terminal),
        grade=clock_grade(terminal),
        total=told["total"],
        today=scans.filter(captured_at__gte=start, captured_at__lt=end).count(),
        newest=told["newest"],
        unknown=len(pins),
        waiting=sum(one.count for one in pins),
        doubted=doubted,
        held={reason: lines for reason, (lines, _early) in held.items()},
        early=sum(early for reason, (_lines, early) in held.items() if reason in FRESH),
        alerts=list(Alert.objects.filter(device=device, seen_at__isnull=True).order_by("-at")[:20]),
        commands=Command.objects.filter(device=device, ended_at__isnull=True).count(),
    )


def _held_back(terminal: Terminal) -> Mapping[str, tuple[int, int]]:
    """Return by reason how many records are held back in a terminal's name, and how many since before its claim."""
    found = Quarantined.objects.filter(serial=terminal.serial, replayed_at__isnull=True).order_by()
    before = Q() if terminal.claimed_at is None else Q(received_at__lte=terminal.claimed_at)
    if terminal.device.kind == DeviceKind.FILE:
        before = Q(pk__in=[])
    counted = found.values("reason").annotate(all=Sum("lines"), early=Sum("lines", filter=before))
    return {row["reason"]: (row["all"] or 0, row["early"] or 0) for row in counted}


def bad_lines(terminal: Terminal, *, most: int = 10) -> Sequence[Quarantined]:
    """Return the newest lines of a terminal that could not be read."""
    found = Quarantined.objects.filter(device=terminal.device, reason=HeldBack.BAD_LINE)
    return list(found.order_by("-received_at")[:most])


def last_scans(terminal: Terminal, *, most: int = 12) -> Sequence[TerminalScan]:
    """Return the records of a terminal that came last."""
    return list(each_once().filter(device=terminal.device).order_by("-received_at", "-captured_at")[:most])


def callers(*, now: datetime) -> QuerySet[Caller]:
    """Return the machines that call and that nobody has claimed, those that can be claimed now first."""
    return Caller.objects.filter(last_at__gt=now - timedelta(days=30)).order_by("-last_at")


def caller_of(serial: str) -> Caller | None:
    """Return the unclaimed machine with this serial."""
    return Caller.objects.filter(serial=serial.strip()).first() if serial.strip() else None


def can_be_claimed(caller: Caller, *, now: datetime) -> bool:
    """Tell whether a machine has called so lately that whoever claims it may stand before it."""
    return caller.last_at >= now - FRESH_FOR


def commands_of(terminal: Terminal, *, most: int = 30) -> Sequence[Command]:
    """Return the newest commands of a terminal."""
    return list(
        Command.objects.filter(device=terminal.device).select_related("person", "made_by").order_by("-id")[:most]
    )


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One machine in the register of public property."""

    terminal: Terminal
    school: str
    npsn: str
    since: date | None


def register_rows(terminals: Iterable[Terminal]) -> list[RegisterRow]:
    """Return the register of these machines, by school and name. Two queries."""
    rows = []
    for terminal in terminals:
        schools = schools_of(terminal.device)
        names = ", ".join(school.name for school in schools)
        claimed = terminal.claimed_at
        since = local_date(claimed, schools[0].time_zone) if claimed and schools else None
        rows.append(RegisterRow(terminal, names, schools[0].npsn if schools else "", since))
    return sorted(rows, key=lambda row: (row.school, row.terminal.device.name, row.terminal.serial))
