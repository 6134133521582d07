"""Up to when the kiosks and terminals of schools have handed in everything, and since when they could know somebody."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Min, OuterRef, Subquery

from hadir.devices.models import Device, DeviceKind, DeviceSchool, HeardDay, KioskToken, Terminal


@dataclass(frozen=True, slots=True)
class Hearing:
    """One kiosk or terminal: in use from its first link or its claim until it was revoked.

    `heard`: first and last hearing of each date. A terminal that speaks may all the same send no records (it was set
    wrong), so its being heard alone is no sign that it saw who was there. A terminal of kind `file` is heard when a
    file of it comes, and has handed in everything up to the newest record of the files.
    """

    device: uuid.UUID
    since: datetime
    revoked_at: datetime | None
    handed_in_until: datetime | None
    heard: Sequence[tuple[datetime, datetime]]
    kind: str = DeviceKind.KIOSK.value

    @property
    def is_terminal(self) -> bool:
        """Tell whether this is a bought machine, which knows people by PIN, and not a kiosk."""
        return self.kind != DeviceKind.KIOSK.value

    def used_in(self, start: datetime, end: datetime) -> bool:
        """Tell whether the kiosk could have recorded at any time in this span."""
        return self.since <= end and (self.revoked_at is None or self.revoked_at >= start)

    def contact_after(self, moment: datetime) -> datetime | None:
        """Return a moment by which the kiosk surely spoke to the server after `moment`, the earliest known."""
        for first, last in self.heard:
            if last >= moment:
                return first if first >= moment else last
        return None


def hearings(schools: Iterable[uuid.UUID], heard_from: date | None = None) -> Mapping[uuid.UUID, Sequence[Hearing]]:
    """Return for each school its kiosks that were ever linked and its terminals that were claimed. Five queries.

    With `heard_from` the hearings begin with the last one before that date (UTC): enough for who looks at later days.
    """
    links = list(DeviceSchool.objects.filter(school__in=list(schools)).select_related("device"))
    devices = {link.device_id: link.device for link in links}
    tokens = KioskToken.objects.filter(device__in=devices).order_by().values_list("device").annotate(Min("issued_at"))
    since = dict(tokens)
    claimed = Terminal.objects.filter(device__in=devices, claimed_at__isnull=False)
    since |= dict(claimed.order_by().values_list("device", "claimed_at"))
    heard: dict[uuid.UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = HeardDay.objects.filter(device__in=devices).order_by("day")
    if heard_from is not None:
        for spoke, last in _last_before(devices, heard_from):
            heard[spoke].append((last, last))
        rows = rows.filter(day__gte=heard_from)
    for spoke, first, last in rows.values_list("device", "first_at", "last_at"):
        heard[spoke].append((first, last))
    found: dict[uuid.UUID, list[Hearing]] = defaultdict(list)
    for link in links:
        device = devices[link.device_id]
        if device.pk in since:
            found[link.school_id].append(
                Hearing(
                    device.pk,
                    since[device.pk],
                    device.revoked_at,
                    device.handed_in_until,
                    heard[device.pk],
                    device.kind,
                )
            )
    return found


def _last_before(devices: Iterable[uuid.UUID], day: date) -> list[tuple[uuid.UUID, datetime]]:
    """Return the last hearing before a date of each device that was heard then."""
    earlier = HeardDay.objects.filter(device=OuterRef("pk"), day__lt=day).order_by("-day")
    rows = Device.objects.filter(pk__in=list(devices)).annotate(last=Subquery(earlier.values("last_at")[:1]))
    return [(key, last) for key, last in rows.order_by().values_list("pk", "last") if last is not None]


DOUBT_REACHES = timedelta(days=31)
"""How far back a record with a doubted clock may belong: a device that is off the net works for 30 days."""


def made_after(received_at: datetime, heard: Sequence[tuple[datetime, datetime]]) -> datetime:
    """Return after which moment a record that came at `received_at` was surely made, by the hearings of its device:
    the last one of an earlier date (UTC), at most 31 days before."""
    day = received_at.astimezone(UTC).date()
    earlier = [last for _first, last in heard if last.astimezone(UTC).date() < day]
    return max([*earlier[-1:], received_at - DOUBT_REACHES])


def complete_until(kiosks: Iterable[Hearing], start: datetime, end: datetime) -> datetime | None:
    """Return up to when all kiosks in use in a span have handed in everything; None if one never did, or none is."""
    moments = [kiosk.handed_in_until for kiosk in kiosks if kiosk.used_in(start, end)]
    return None if None in moments else min((moment for moment in moments if moment), default=None)


def first_linked(schools: Iterable[uuid.UUID]) -> datetime | None:
    """Return when the first kiosk of any of these schools was linked or terminal claimed; None where none ever was."""
    wanted = list(schools)
    tokens = KioskToken.objects.filter(device__school_links__school__in=wanted).order_by("issued_at")
    claims = Terminal.objects.filter(device__school_links__school__in=wanted, claimed_at__isnull=False)
    moments = [
        tokens.values_list("issued_at", flat=True).first(),
        claims.order_by("claimed_at").values_list("claimed_at", flat=True).first(),
    ]
    return min((moment for moment in moments if moment is not None), default=None)
