"""Keeping a file until a person has looked at it, and taking its records into the ledger."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.sealed import KeyRing
from hadir.core.services import record_audit
from hadir.core.tables.cells import plain_text
from hadir.core.texts import clean_text
from hadir.devices.models import Device, DeviceKind
from hadir.devices.services_terminal import note_handed_in
from hadir.gateways.files.columns import Columns, columns_of
from hadir.gateways.files.models import ColumnProfile, ReportedDay, ScanFile
from hadir.gateways.files.queries import Preview, present_at, preview_of, remembered_columns, shown_bad
from hadir.gateways.files.reading import read_file
from hadir.gateways.files.stamps import Order
from hadir.gateways.files.told import Reported, Told
from hadir.ledger.models_terminal import PunchSource, Trust
from hadir.ledger.services_terminal import PunchOutcome, record_punches
from hadir.terminals.intake import note_users
from hadir.terminals.reading import ListedUser

DRAFT_LIFE = timedelta(days=1)
BAD_KEPT = 300
CHUNK = 4000
"""Records of one transaction."""
_KEY = "scan files"


def _ring() -> KeyRing:
    secret = str(settings.SECRET_KEY).encode()
    return KeyRing(current=_KEY, keys={_KEY: hashlib.sha256(b"hadir scan file\0" + secret).digest()})


@transaction.atomic
def keep_scan_file(*, device: Device, data: bytes, file_name: str, by: User | None, now: datetime) -> ScanFile:
    """Keep a file, sealed, until it is taken in: one day at most. What cannot be read at all is refused at once.

    Raises HadirError `scans_*`, `import_*`, `device_needs_school`.
    """
    forget_old_files(now=now)
    told = _read(device, data, {}, now)
    kept = ScanFile(
        device=device,
        file_name=plain_text(PurePosixPath(file_name.replace("\\", "/")).name)[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        by=by,
        created_at=now,
        layout=told.layout.value,
    )
    kept.draft = _ring().seal(zlib.compress(data), associated=kept.pk.bytes).data
    kept.save(force_insert=True)
    return kept


@transaction.atomic
def forget_old_files(*, now: datetime) -> int:
    """Delete the content of every file that was not taken in within a day; that it was handed in stays on record."""
    return ScanFile.objects.filter(draft__isnull=False, created_at__lt=now - DRAFT_LIFE).update(draft=None)


def discard_scan_file(*, kept: ScanFile) -> None:
    """Forget the content of a file that waits."""
    ScanFile.objects.filter(pk=kept.pk, applied_at__isnull=True).update(draft=None)


def read_kept(kept: ScanFile, *, now: datetime) -> Told:
    """Read a file that waits, with what a person has answered. Raises HadirError `scans_applied`, `scans_expired`."""
    if kept.applied_at is not None:
        raise HadirError("scans_applied")
    if kept.draft is None or kept.created_at < now - DRAFT_LIFE:
        raise HadirError("scans_expired")
    try:
        plain = _ring().unseal(_KEY, bytes(kept.draft), associated=kept.pk.bytes)
    except HadirError:
        raise HadirError("scans_expired") from None
    return _read(kept.device, zlib.decompress(plain), kept.answers, now)


def _read(device: Device, data: bytes, answers: dict[str, object], now: datetime) -> Told:
    columns, order = answers.get("columns"), answers.get("order")
    return read_file(
        data,
        latest=present_at(device, now),
        columns=columns_of(columns) if isinstance(columns, dict) else None,
        order=Order(str(order)) if order else None,
        remembered=remembered_columns,
    )


@transaction.atomic
def name_columns(*, kept: ScanFile, told: Told, columns: Columns, vendor: str, by: User | None, now: datetime) -> None:
    """Keep which column of a file is what, and under a vendor's name for the next file with the same headings.

    Raises HadirError `scans_columns_wrong`, `scans_no_headings`, `text_*`.
    """
    if not columns.usable:
        raise HadirError("scans_columns_wrong")
    kept.answers = {"columns": columns.as_dict()}
    kept.save(update_fields=["answers"])
    vendor = clean_text(vendor, field="program atau merek", limit=60)
    if vendor and not told.signature:
        raise HadirError("scans_no_headings")
    if vendor:
        ColumnProfile.objects.create(
            vendor=vendor,
            signature=told.signature,
            headings=list(told.headings),
            columns=columns.as_dict(),
            made_at=now,
            made_by=by,
        )


def choose_order(*, kept: ScanFile, order: Order) -> None:
    """Keep a person's answer to whether day or month comes first."""
    kept.answers = {**kept.answers, "order": order.value}
    kept.save(update_fields=["answers"])


def forget_answers(*, kept: ScanFile) -> None:
    """Ask anew."""
    kept.answers = {}
    kept.save(update_fields=["answers"])


def apply_scan_file(*, kept: ScanFile, now: datetime, by: User | None) -> ScanFile:
    """Take the records of a file into the ledger, and keep what came of it.

    1. Read the file again with the answers; records that the ledger has (also pushed ones) are left out.
    2. Write the rest with trust "file", some thousands a transaction: a kiosk must not wait for a year of records.
       Stopped in between, doing it again adds what is missing.
    3. A report's days are kept apart, bad lines with their reasons. The file itself is forgotten.
    4. A terminal that only speaks through files has handed in everything up to its newest record.

    Raises HadirError `scans_applied`, `scans_expired`, `scans_ask_columns`, `scans_ask_order`.
    """
    kept = ScanFile.objects.select_related("device__terminal").get(pk=kept.pk)
    told = read_kept(kept, now=now)
    refuse_questions(told)
    preview = preview_kept(kept, told)
    outcomes = [
        record_punches(
            device=kept.device,
            punches=[line.punch for line in preview.new[start : start + CHUNK]],
            source=PunchSource.FILE.value,
            trust=Trust.FILE.value,
            now=now,
            raw_ref=f"file {kept.pk}",
        )
        for start in range(0, len(preview.new), CHUNK)
    ]
    with transaction.atomic():
        if ScanFile.objects.select_for_update(of=("self",)).filter(pk=kept.pk, applied_at__isnull=False).exists():
            raise HadirError("scans_applied")
        return _finish(kept, preview, outcomes, now=now, by=by)


def _finish(
    kept: ScanFile, preview: Preview, outcomes: Sequence[PunchOutcome], *, now: datetime, by: User | None
) -> ScanFile:
    """Steps 3 and 4 of `apply_scan_file`."""
    told = preview.told
    users = [ListedUser(pin, name) for pin, name in told.names.items()]
    note_users(device=kept.device, users=users, now=now)
    newest = max((one.newest for one in outcomes if one.newest is not None), default=None)
    if newest is not None and kept.device.kind == DeviceKind.FILE:
        note_handed_in(device=kept.device, until=newest, now=now)
    kept.layout = told.layout.value
    kept.counts = {
        "new": sum(one.stored for one in outcomes),
        "known": preview.known + sum(one.known for one in outcomes),
        "bad": len(told.bad) + sum(one.unstorable for one in outcomes),
        "waiting": sum(one.waiting for one in outcomes),
        "doubted": sum(one.doubted for one in outcomes),
        "reported": _keep_report(kept, told.reported),
    }
    kept.bad_lines = shown_bad(told.bad, BAD_KEPT)
    kept.first_day, kept.last_day = preview.first, preview.last
    kept.applied_at, kept.applied_by, kept.draft = now, by, None
    kept.save()
    record_audit(
        actor=by,
        action="import_scans",
        object_kind="device",
        object_id=kept.device_id,
        now=now,
        detail={"file": str(kept.pk), "sha256": kept.sha256, "counts": kept.counts},
    )
    return kept


def refuse_questions(told: Told) -> None:
    """Raise HadirError `scans_ask_columns`, `scans_ask_order` while a person must say something first."""
    if told.ask_columns:
        raise HadirError("scans_ask_columns")
    if told.ask_order is not None:
        raise HadirError("scans_ask_order")


def preview_kept(kept: ScanFile, told: Told) -> Preview:
    """Return what taking in a kept file would do."""
    serial = kept.device.terminal.serial
    return preview_of(device=kept.device, serial=serial, file_name=kept.file_name, sha256=kept.sha256, told=told)


def _keep_report(kept: ScanFile, reported: Sequence[Reported]) -> int:
    """Keep the days of a report, each once. Returns how many are new."""
    there = set(ReportedDay.objects.filter(device=kept.device).values_list("pin", "day", "came", "left"))
    rows: dict[tuple[str, date, str, str], ReportedDay] = {}
    for one in reported:
        came, left = (_clock(one.times, place) for place in (0, 1))
        key = (one.pin, one.day, came, left)
        if key not in there:
            rows[key] = ReportedDay(file=kept, device=kept.device, pin=one.pin, day=one.day, came=came, left=left)
    ReportedDay.objects.bulk_create(rows.values(), batch_size=500)
    return len(rows)


def _clock(times: Sequence[time | None], place: int) -> str:
    found = times[place] if place < len(times) else None
    return f"{found:%H:%M:%S}" if found is not None else ""
