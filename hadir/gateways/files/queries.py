"""What taking in a file would do, and which columns are remembered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from hadir.devices.models import Device, PinMapping
from hadir.devices.queries import schools_of
from hadir.gateways.files.attlog import named_device
from hadir.gateways.files.columns import Columns, columns_of
from hadir.gateways.files.models import ColumnProfile, ScanFile
from hadir.gateways.files.told import BadLine, GoodLine, Layout, Told
from hadir.gateways.matching import unheard

CLOCK_AHEAD = timedelta(minutes=10)
"""A terminal's clock may be ahead by so much before its records are not believed."""
DOUBLE_TAP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """A PIN of a file that is nobody's on that terminal, how the file names it, and how many records it has."""

    pin: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file holds and what taking it in would add.

    `new`: the records that the ledger does not have; `known`: how many it has. `double`: records within five seconds
    of the one before of the same PIN. `warnings`: codes of `words.WARNINGS` with their values.
    """

    told: Told
    new: Sequence[GoodLine]
    known: int
    first: date | None
    last: date | None
    pins: int
    unknown: Sequence[UnknownPin]
    double: int
    reasons: Mapping[str, int]
    warnings: Sequence[tuple[str, Mapping[str, str]]]

    @property
    def has_something(self) -> bool:
        """Tell whether taking the file in adds anything."""
        return bool(self.new or self.told.reported)


def present_at(device: Device, now: datetime) -> datetime:
    """Return the present on the wall clock of a device's school, naive, with what a clock may be ahead."""
    zone = ZoneInfo(schools_of(device)[0].time_zone)
    return (now + CLOCK_AHEAD).astimezone(zone).replace(tzinfo=None)


def remembered_columns(signature: str) -> Columns | None:
    """Return the columns that a person last named for these headings."""
    profile = ColumnProfile.objects.filter(signature=signature).first()
    if profile is None:
        return None
    try:
        return columns_of(profile.columns)
    except ValueError:
        return None


def vendors() -> list[str]:
    """Return the vendors that have a profile."""
    return sorted(set(ColumnProfile.objects.order_by().values_list("vendor", flat=True)))


def new_lines(device: Device, lines: Sequence[GoodLine]) -> list[GoodLine]:
    """Return the records that the ledger does not have, also not from a push (`matching.unheard`)."""
    return [lines[place] for place in unheard(device, [(line.punch, line.exact) for line in lines])]


def preview_of(*, device: Device, serial: str, file_name: str, sha256: str, told: Told) -> Preview:
    """Return what taking in a file would do. Five queries."""
    new = new_lines(device, told.good)
    days = [line.punch.local_time.date() for line in told.good] or [one.day for one in told.reported]
    counts = Counter(line.punch.pin for line in told.good)
    counts.update(one.pin for one in told.reported)
    return Preview(
        told=told,
        new=new,
        known=len(told.good) - len(new),
        first=min(days, default=None),
        last=max(days, default=None),
        pins=len(counts),
        unknown=_unknown_pins(device, counts, told.names),
        double=_double_taps(told.good),
        reasons=Counter(bad.reason.value for bad in told.bad),
        warnings=list(_warnings(device, serial, file_name, sha256, told)),
    )


def _unknown_pins(device: Device, counts: Counter[str], names: Mapping[str, str]) -> list[UnknownPin]:
    held = set(PinMapping.objects.filter(device=device).values_list("pin", flat=True))
    return [UnknownPin(pin, names.get(pin, ""), number) for pin, number in counts.most_common() if pin not in held]


def _double_taps(lines: Sequence[GoodLine]) -> int:
    last: dict[str, datetime] = {}
    double = 0
    for line in sorted(lines, key=lambda one: one.punch.local_time):
        before = last.get(line.punch.pin)
        double += before is not None and timedelta(0) < line.punch.local_time - before <= DOUBLE_TAP
        last[line.punch.pin] = line.punch.local_time
    return double


def _warnings(
    device: Device, serial: str, file_name: str, sha256: str, told: Told
) -> Iterator[tuple[str, Mapping[str, str]]]:
    named, written = named_device(file_name), sorted(told.device_numbers)
    if named.isdecimal() and len(named) <= 3 and written and written != [named]:
        yield "other_device", {"named": named, "written": ", ".join(written[:5])}
    elif named and len(named) > 3 and named != serial:
        yield "other_serial", {"named": named, "serial": serial}
    if len(written) > 1:
        yield "several_devices", {"written": ", ".join(written[:5])}
    if applied_before(device, sha256).exists():
        yield "same_file", {}
    if ScanFile.objects.filter(sha256=sha256, applied_at__isnull=False).exclude(device=device).exists():
        # Which machine is not said: it may be another school's.
        yield "same_file_elsewhere", {}
    if told.other_sheets:
        yield "other_sheets", {"names": ", ".join(told.other_sheets)}
    if told.swapped:
        yield "swapped", {}
    if told.layout is Layout.REPORT:
        yield "report", {}
    if not told.good and not told.reported and not told.ask_order:
        yield "nothing", {}


def applied_before(device: Device, sha256: str) -> QuerySet[ScanFile]:
    """Return the files with the same content that were taken in for this device."""
    return ScanFile.objects.filter(device=device, sha256=sha256, applied_at__isnull=False)


def shown_bad(bad: Sequence[BadLine], most: int) -> list[dict[str, object]]:
    """Return the first bad lines as they are kept."""
    return [{"line": one.number, "reason": one.reason.value, "text": one.text} for one in bad[:most]]
