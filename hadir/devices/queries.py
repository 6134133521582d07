"""Reading devices."""

import hmac

from django.db.models import Prefetch, QuerySet

from hadir.devices.codes import hash_token
from hadir.devices.models import Device, DeviceSchool, KioskToken
from hadir.schools.models import School


def kiosk_token(token: str) -> KioskToken | None:
    """Return the kiosk token, current or replaced, with its device and the device's schools; None if unknown.

    The row is found by the hash of the token, so the time of the search tells nothing about the token itself; the
    comparison after it takes the same time for every value.
    """
    wanted = hash_token(token)
    found = (
        KioskToken.objects.select_related("device")
        .prefetch_related(Prefetch("device__school_links", queryset=_links()))
        .filter(token_hash=wanted)
        .first()
    )
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        return None
    return found


def schools_of(device: Device) -> list[School]:
    """Return the schools a device serves, its first one first. No query where the links were prefetched."""
    links = getattr(device, "_prefetched_objects_cache", {}).get("school_links")
    if links is None:
        links = _links().filter(device=device)
    return [link.school for link in links]


def _links() -> QuerySet[DeviceSchool]:
    return DeviceSchool.objects.select_related("school__district__region").order_by("position")


def devices_of_schools(schools: QuerySet[School]) -> QuerySet[Device]:
    """Return devices that serve any of these schools, each once, with their school links prefetched."""
    served = DeviceSchool.objects.filter(school__in=schools.order_by().values("pk")).values("device")
    return Device.objects.filter(pk__in=served).prefetch_related(Prefetch("school_links", queryset=_links()))


def kiosk_state(device: Device) -> str:
    """Return where a kiosk stands: `revoked`, `waiting` (never linked) or `linked`."""
    if device.revoked_at is not None:
        return "revoked"
    return "waiting" if device.activated_at is None else "linked"
