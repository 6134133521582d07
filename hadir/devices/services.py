"""Making kiosks, linking them by a one-time code, hearing from them, ending them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.devices.codes import hash_code, hash_token, new_code, new_token
from hadir.devices.models import Device, DeviceKind, DeviceSchool, HeardDay, KioskInvite, KioskToken
from hadir.schools.models import School

CODE_LIFETIME = timedelta(minutes=30)
HANDSHAKE = 1
"""Version of the activation; a page with another one is too old or too new for this server."""


@transaction.atomic
def create_kiosk(*, name: str, schools: Sequence[School], by: User | None, now: datetime) -> Device:
    """Make a kiosk for one school or several; the first is where its unknown faces are counted.

    Raises HadirError `device_needs_name`, `device_needs_school`, `text_*`.
    """
    name = clean_text(name, field="nama kios", limit=80)
    if not name:
        raise HadirError("device_needs_name")
    if not schools:
        raise HadirError("device_needs_school")
    device = Device.objects.create(name=name, created_at=now)
    DeviceSchool.objects.bulk_create(
        DeviceSchool(device=device, school=school, position=position)
        for position, school in enumerate(dict.fromkeys(schools))
    )
    record_audit(
        actor=by,
        action="create_kiosk",
        object_kind="device",
        object_id=device.pk,
        now=now,
        detail={"name": name, "schools": [school.npsn for school in schools]},
    )
    return device


@transaction.atomic
def invite_kiosk(*, device: Device, by: User | None, now: datetime) -> str:
    """Make a one-time code, good for 30 minutes, and return it; only its hash is kept. Earlier unused codes end now.

    Raises HadirError `device_is_revoked`, also for a terminal, which no link makes.
    """
    if device.revoked_at is not None or device.kind != DeviceKind.KIOSK:
        raise HadirError("device_is_revoked")
    KioskInvite.objects.filter(device=device, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    code = new_code()
    KioskInvite.objects.create(
        device=device, code_hash=hash_code(code), created_by=by, created_at=now, expires_at=now + CODE_LIFETIME
    )
    record_audit(actor=by, action="invite_kiosk", object_kind="device", object_id=device.pk, now=now)
    return code


def activate_kiosk(
    *, code: str, user_agent: str, app_version: str, handshake: int, now: datetime
) -> tuple[Device, str]:
    """Turn a browser into the kiosk of a code. Returns the device and its token, which is kept as a hash only.

    1. Find the invite by the code's hash; say which way it fails, so that the person before the tablet knows.
    2. Use it up by an UPDATE that must hit exactly one row still unused and unexpired: of two browsers opening the
       same link at once, one wins and the other reads `code_used`.
    3. Mark the device's token before this one as replaced: the old browser may still hand in scans, nothing else.
    4. Keep the new token's hash.

    Raises HadirError `handshake_unsupported`, `code_unknown`, `code_used`, `code_expired`, `device_is_revoked`.
    """
    if handshake != HANDSHAKE:
        raise HadirError("handshake_unsupported")
    with transaction.atomic():
        invite = KioskInvite.objects.select_related("device").filter(code_hash=hash_code(code)).first()
        if invite is None:
            raise HadirError("code_unknown")
        if invite.used_at is not None:
            raise HadirError("code_used")
        if invite.expires_at <= now:
            raise HadirError("code_expired")
        device = Device.objects.select_for_update().get(pk=invite.device_id)
        if device.revoked_at is not None:
            raise HadirError("device_is_revoked")
        unused = KioskInvite.objects.filter(pk=invite.pk, used_at__isnull=True, expires_at__gt=now)
        if unused.update(used_at=now) != 1:
            raise HadirError("code_used")
        return device, _issue_token(device, user_agent=user_agent, app_version=app_version, now=now)


def _issue_token(device: Device, *, user_agent: str, app_version: str, now: datetime) -> str:
    token = new_token()
    KioskToken.objects.filter(device=device, replaced_at__isnull=True).update(replaced_at=now)
    KioskToken.objects.create(device=device, token_hash=hash_token(token), issued_at=now)
    device.activated_at = now
    device.last_heard_at = now
    device.user_agent = printable(user_agent, 300)
    device.app_version = printable(app_version, 40)
    device.save(update_fields=["activated_at", "last_heard_at", "user_agent", "app_version"])
    record_audit(actor=None, action="activate_kiosk", object_kind="device", object_id=device.pk, now=now)
    return token


@transaction.atomic
def revoke_device(*, device: Device, by: User | None, now: datetime) -> Device:
    """End a device: no gallery, no new link. What it still holds is taken. Twice is the same as once."""
    if Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(revoked_at=now) == 1:
        device.revoked_at = now
        KioskInvite.objects.filter(device=device, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        record_audit(actor=by, action="revoke_device", object_kind="device", object_id=device.pk, now=now)
    return device


def hear_device(*, device: Device, now: datetime, unsent: int | None, app_version: str) -> None:
    """Note that a kiosk spoke. One UPDATE of its own columns, so that nothing else written meanwhile is undone.

    With nothing unsent it has handed in everything up to now. The day's first and last hearing are kept for ever.
    """
    device.last_heard_at = now
    device.unsent = unsent if unsent is None else min(max(unsent, 0), 2**31 - 1)
    device.app_version = printable(app_version, 40)
    written = ["last_heard_at", "unsent", "app_version"]
    if unsent == 0 and (device.handed_in_until is None or device.handed_in_until < now):
        device.handed_in_until = now
        written.append("handed_in_until")
    device.save(update_fields=written)
    day = now.astimezone(UTC).date()
    if not HeardDay.objects.filter(device=device, day=day).update(last_at=Greatest("last_at", Value(now))):
        HeardDay.objects.bulk_create(
            [HeardDay(device=device, day=day, first_at=now, last_at=now)], ignore_conflicts=True
        )


def printable(text: str, limit: int) -> str:
    """Return what a browser says of itself, made storable: printable letters only, cut to the limit."""
    return "".join(letter for letter in text if letter.isprintable())[:limit]
