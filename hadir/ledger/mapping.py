"""Whose PIN is whose: made or confirmed by a person, dated, and applied backwards to what was recorded before."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.devices.hearing import DOUBT_REACHES
from hadir.devices.models import Device, PinMapping
from hadir.devices.queries import schools_of
from hadir.ledger.models_terminal import ConfirmedTime, TerminalScan
from hadir.people.marks import mark_person, mark_schools
from hadir.people.models import Assignment, Person

DAY = timedelta(days=1)


@transaction.atomic
def map_pin(
    *,
    device: Device,
    pin: str,
    person: Person,
    by: User | None,
    now: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> PinMapping:
    """Say whose PIN this is on a terminal. Records made before apply from `valid_from` on, and the days are marked.

    Without `valid_from` it holds since the person's first assignment at a school of the terminal, or since the day
    after the last end of this PIN: what another person with it recorded never becomes this person's, and one that was
    ended by mistake goes on.
    Raises HadirError `pin_invalid`, `pin_dates`, `pin_taken`.
    """
    if not pin or len(pin) > 64 or not pin.isprintable():
        raise HadirError("pin_invalid")
    Device.objects.select_for_update().get(pk=device.pk)
    first = valid_from or _first_day(device, pin, person, now)
    if valid_to is not None and valid_to < first:
        raise HadirError("pin_dates")
    others = PinMapping.objects.filter(device=device, pin=pin).select_related("person")
    overlapping = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    held = overlapping.first()
    if held is not None:
        if held.person_id == person.pk and held.valid_from == first and held.valid_to == valid_to:
            return held
        raise HadirError("pin_taken", pin=pin, name=held.person.name)
    made = PinMapping.objects.create(
        device=device, pin=pin, person=person, valid_from=first, valid_to=valid_to, made_at=now, made_by=by
    )
    _mark(made, first, valid_to, now)
    _audit(made, "map_pin", by, now)
    return made


@transaction.atomic
def end_mapping(*, mapping: PinMapping, last: date, by: User | None, now: datetime) -> PinMapping:
    """Let a mapping hold up to and including `last`. Raises HadirError `pin_dates`."""
    Device.objects.select_for_update().get(pk=mapping.device_id)
    if last < mapping.valid_from or (mapping.valid_to is not None and last > mapping.valid_to):
        raise HadirError("pin_dates")
    former, mapping.valid_to = mapping.valid_to, last
    mapping.save(update_fields=["valid_to"])
    _mark(mapping, last + DAY, former, now)
    _audit(mapping, "end_mapping", by, now)
    return mapping


@transaction.atomic
def remove_mapping(*, mapping: PinMapping, by: User | None, now: datetime) -> None:
    """Take a wrong mapping back altogether: its records wait again and its days are marked; the act stays on record."""
    _mark(mapping, mapping.valid_from, mapping.valid_to, now)
    _audit(mapping, "remove_mapping", by, now)
    mapping.delete()


def _first_day(device: Device, pin: str, person: Person, now: datetime) -> date:
    schools = [school.pk for school in schools_of(device)]
    begun = Assignment.objects.filter(person=person, school__in=schools).aggregate(first=Min("valid_from"))["first"]
    first: date = begun or now.date()
    ended = PinMapping.objects.filter(device=device, pin=pin, valid_to__isnull=False)
    last = ended.aggregate(last=Max("valid_to"))["last"]
    return first if last is None else max(first, last + DAY)


def _mark(mapping: PinMapping, first: date, last: date | None, now: datetime) -> None:
    """Mark the days that a mapping changes in a span.

    Hers: all on which the terminal recorded anybody, for with a PIN of her own she is no longer one of those whom a
    record of nobody's PIN may show. Everybody's: those of the PIN's records, which were nobody's; also days of doubted
    and of confirmed times.
    """
    anybodys = TerminalScan.objects.filter(device=mapping.device_id)
    for low, high in _spans(anybodys, first, last):
        mark_person(person_id=mapping.person_id, first=low, last=high, now=now)
    schools = [school.pk for school in schools_of(mapping.device)]
    for low, high in _spans(anybodys.filter(pin=mapping.pin), first, last):
        # A record of a PIN that is nobody's may be any colleague's without a PIN: now it is less, or more, so.
        mark_schools(schools=schools, first=low, last=high, now=now)


def _spans(scans: QuerySet[TerminalScan], first: date, last: date | None) -> Iterator[tuple[date, date]]:
    """Yield the dates that records may be of: believed ones between two dates, doubted and confirmed ones of any."""
    inside = scans.filter(doubted=False, day__gte=first, **({} if last is None else {"day__lte": last}))
    believed = inside.aggregate(low=Min("day"), high=Max("day"))
    if believed["low"] is not None:
        yield believed["low"], believed["high"]
    came = scans.filter(doubted=True).aggregate(low=Min("received_at"), high=Max("received_at"))
    if came["low"] is not None:
        # A record with a doubted clock may have been made long before it came.
        yield came["low"].date() - DOUBT_REACHES, came["high"].date() + DAY
    told = ConfirmedTime.objects.filter(scan__in=scans, at__isnull=False).aggregate(low=Min("at"), high=Max("at"))
    if told["low"] is not None:
        yield told["low"].date(), told["high"].date() + DAY


def _audit(mapping: PinMapping, action: str, by: User | None, now: datetime) -> None:
    record_audit(
        actor=by,
        action=action,
        object_kind="device",
        object_id=mapping.device_id,
        now=now,
        detail={
            "pin": mapping.pin,
            "person": str(mapping.person_id),
            "from": mapping.valid_from.isoformat(),
            "to": mapping.valid_to.isoformat() if mapping.valid_to else None,
        },
    )


def mapping_by_id(key: uuid.UUID) -> PinMapping | None:
    """Return a mapping with its person."""
    return PinMapping.objects.select_related("person", "device").filter(pk=key).first()
