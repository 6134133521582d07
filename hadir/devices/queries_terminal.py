"""Reading terminals: who calls, whose PIN is whose, how good a clock is."""

import hmac
import uuid
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from django.db.models import Prefetch, Q, QuerySet

from hadir.devices.models import Device, DeviceKind, DeviceSchool, PinMapping, Terminal
from hadir.devices.services_terminal import CLOCK_WRONG, hash_secret
from hadir.schools.models import School

ClockGrade = Literal["unknown", "good", "odd", "wrong"]
CLOCK_ODD = timedelta(minutes=2)


def terminals() -> QuerySet[Terminal]:
    """Return terminals with device, and the device's schools prefetched."""
    links = DeviceSchool.objects.select_related("school__district__region").order_by("position")
    return Terminal.objects.select_related("device").prefetch_related(Prefetch("device__school_links", queryset=links))


def _called() -> QuerySet[Terminal]:
    """Return terminals without their schools: most calls are polls, which need none."""
    return Terminal.objects.select_related("device").order_by()


def terminal_by_serial(serial: str) -> Terminal | None:
    """Return the terminal with this serial, as the machine sends it."""
    return _called().filter(serial=serial).first() if serial else None


def terminal_by_secret(secret: str) -> Terminal | None:
    """Return the terminal whose address holds this secret."""
    if not secret:
        return None
    wanted = hash_secret(secret)
    found = _called().filter(secret_hash=wanted).first()
    return found if found is not None and hmac.compare_digest(found.secret_hash, wanted) else None


def terminals_of_schools(schools: QuerySet[School]) -> QuerySet[Terminal]:
    """Return the terminals that serve any of these schools, each once."""
    served = DeviceSchool.objects.filter(school__in=schools.order_by().values("pk")).values("device")
    return terminals().filter(device__in=served)


def clock_grade(terminal: Terminal) -> ClockGrade:
    """Grade a terminal's clock by its last live record: within 2 minutes good, within 10 odd, else wrong."""
    if terminal.clock_skew is None:
        return "unknown"
    off = timedelta(seconds=abs(terminal.clock_skew))
    if off > CLOCK_WRONG:
        return "wrong"
    return "odd" if off > CLOCK_ODD else "good"


def terminal_state(terminal: Terminal) -> Literal["revoked", "waiting", "silent", "active"]:
    """Return where a terminal stands: `waiting` to be claimed, `silent` (claimed, never heard), `active`, `revoked`."""
    if terminal.device.revoked_at is not None:
        return "revoked"
    if terminal.claimed_at is None:
        return "waiting"
    return "silent" if terminal.device.activated_at is None else "active"


def mappings_of(
    *,
    people: Collection[uuid.UUID] | None = None,
    devices: Collection[uuid.UUID] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[PinMapping]:
    """Return mappings of people or of devices that hold on any date from `first` to `last`."""
    found = PinMapping.objects.select_related("person")
    if people is not None:
        found = found.filter(person__in=list(people))
    if devices is not None:
        found = found.filter(device__in=list(devices))
    if first is not None:
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    if last is not None:
        found = found.filter(valid_from__lte=last)
    return found


def is_terminal(device: Device) -> bool:
    """Tell whether a device is a bought machine and not the browser kiosk."""
    return device.kind != DeviceKind.KIOSK
