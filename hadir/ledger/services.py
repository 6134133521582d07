"""`record_scan`: the only writer of the ledger."""

import hashlib
import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Max

from hadir.core import clock
from hadir.devices.models import Device
from hadir.devices.queries import schools_of
from hadir.ledger.clocks import CLOCK_AHEAD, CLOCK_BEHIND, CLOCK_OLD, DOUBTED_CLOCK, clock_flags, made_after
from hadir.ledger.models import ClockDoubt, HeldReason, HeldRecord, Scan, Source
from hadir.ledger.record import Record, RecordError, canonical_id, read_record
from hadir.people.marks import mark_person, mark_schools
from hadir.people.models import Person
from hadir.people.queries import school_of_person
from hadir.schools.models import School

logger = logging.getLogger(__name__)

LATE = timedelta(hours=1)
"""A record that comes so long after it was made may change what is known of its kiosk, and with it everybody's day."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one record. `code` and `detail` are empty unless the record is held."""

    id: str
    status: Literal["stored", "known", "held"]
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One record on its way in."""

    device: Device
    claimed_id: str
    record: bytes
    digest: str
    now: datetime
    current_pack: str | None
    token_replaced: bool

    @property
    def handed_in_until(self) -> datetime | None:
        """When the browser of this record last said that nothing was unsent. A later browser speaks only for itself."""
        return None if self.token_replaced else self.device.handed_in_until


def record_scan(
    *,
    device: Device,
    claimed_id: str,
    record: bytes,
    now: datetime,
    current_pack: str | None = None,
    token_replaced: bool = False,
) -> Receipt:
    """Keep one record for ever, whatever it is, and say what became of it.

    `record` is the exact text that the kiosk wrote, as UTF-8; it is the fact, and its SHA-256 tells two facts apart.
    Nothing is refused: bytes that are no readable record, or that come under an id which already has other bytes, are
    held for a person to look at. Doubts (clock, place, pack, device) are flags on the scan, never a reason to hold it.

    1. Read the bytes; what cannot be read is held.
    2. Look for the id: the same bytes are known, other bytes are held as a conflict.
    3. Insert in a savepoint. The primary key decides between two uploads of one id at the same moment: the loser's
       insert fails, and it then finds the winner's row and answers as in 2.
       With the row goes a mark that the person's day must be judged anew.
    4. A row that the database itself cannot take is held as `unstorable`; so is a record that makes this program fail.
       One record must never stop a kiosk's queue.

    Safe to repeat, in any order, any number of times. Database failures that may pass (locked, gone) are raised.
    """
    upload = Upload(
        device=device,
        claimed_id=claimed_id,
        record=record,
        digest=hashlib.sha256(record).hexdigest(),
        now=now,
        current_pack=current_pack,
        token_replaced=token_replaced,
    )
    try:
        fields = read_record(record)
    except RecordError as error:
        return _hold(upload, error.reason, error.detail)
    key = canonical_id(claimed_id)
    if key is None or fields.id != claimed_id:
        return _hold(upload, HeldReason.ID_MISMATCH)
    try:
        return _keep(upload, key, fields)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        # The traceback says where; the message could hold a value out of the record.
        logger.error("record %s could not be judged: %s", upload.digest, type(error).__name__, stack_info=True)  # noqa: TRY400
        return _hold(upload, HeldReason.UNSTORABLE, type(error).__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """One record as it was handed in: the id beside it, and its bytes."""

    id: str
    record: bytes


@transaction.atomic
def record_scans(
    *,
    device: Device,
    claims: Sequence[Claim],
    now: datetime,
    current_pack: str | None = None,
    token_replaced: bool = False,
) -> list[Receipt]:
    """Hand a batch to `record_scan` and return the receipts in the order of the batch.

    One transaction, so that a morning's backlog waits for the disk once; receipts exist only when all is kept. Records
    are taken in the order of their ids, so that two uploads of the same ids never wait for each other crosswise.
    """
    receipts: dict[int, Receipt] = {}
    for place in sorted(range(len(claims)), key=lambda index: claims[index].id):
        receipts[place] = record_scan(
            device=device,
            claimed_id=claims[place].id,
            record=claims[place].record,
            now=now,
            current_pack=current_pack,
            token_replaced=token_replaced,
        )
    return [receipt for _, receipt in sorted(receipts.items())]


@transaction.atomic
def _keep(upload: Upload, key: uuid.UUID, fields: Record) -> Receipt:
    """Steps 2 to 4 of `record_scan`."""
    known = _answer_known(upload, key)
    if known is not None:
        return known
    schools = schools_of(upload.device)
    if not schools:
        return _hold(upload, HeldReason.NO_SCHOOL)
    scan = _judge(upload, key, fields, schools)
    try:
        with transaction.atomic():
            scan.save(force_insert=True)
    except (IntegrityError, DataError) as error:
        return _answer_known(upload, key) or _hold(upload, HeldReason.UNSTORABLE, type(error).__name__)
    day = clock.local_date(scan.captured_at, scan.school.time_zone)
    if scan.person_id is not None:
        mark_person(person_id=scan.person_id, first=day, last=day, now=upload.now)
    if upload.now - scan.captured_at > LATE or "pack_other" in scan.flags:
        # A late record shows that the kiosk was alive, and by which models it knew faces: that matters to everybody.
        mark_schools(schools=[school.pk for school in schools], first=day, last=day, now=upload.now)
    if DOUBTED_CLOCK.intersection(scan.flags):
        _doubt(upload, scan)
    return Receipt(upload.claimed_id, "stored")


def _doubt(upload: Upload, scan: Scan) -> None:
    """Keep between which moments a scan with a doubted clock was really made, and mark those dates: it may belong to
    any of them. Earlier scans that the same error of the clock explains are doubted with it."""
    since = made_after(
        received_at=upload.now, handed_in_until=upload.handed_in_until, in_use_since=upload.device.created_at
    )
    doubts = [_doubt_of(scan, since), *_same_error(upload, scan)]
    ClockDoubt.objects.bulk_create(doubts, batch_size=500)
    for doubt in doubts:
        zone = doubt.scan.school.time_zone
        moments = (doubt.made_after, doubt.received_at, min(doubt.scan.captured_at, upload.now))
        days = [clock.local_date(moment, zone) for moment in moments]
        if doubt.person_id is not None:
            mark_person(person_id=doubt.person_id, first=min(days), last=max(days), now=upload.now)
    if len(doubts) > 1:
        # Signs of life that are no longer believed matter to everybody.
        days = [clock.local_date(doubt.scan.captured_at, doubt.scan.school.time_zone) for doubt in doubts[1:]]
        schools = [school.pk for school in schools_of(upload.device)]
        mark_schools(schools=schools, first=min(days), last=max(days), now=upload.now)


def _doubt_of(scan: Scan, since: datetime) -> ClockDoubt:
    return ClockDoubt(
        scan=scan, person_id=scan.person_id, made_after=min(since, scan.received_at), received_at=scan.received_at
    )


def _same_error(upload: Upload, scan: Scan) -> Iterator[ClockDoubt]:
    """Yield doubts of what this kiosk handed in since its clock was last seen to be right (a record that came as soon
    as it was made), where the error of this scan, taken from their times too, leads to a time that is possible."""
    near = Scan.objects.filter(
        device=upload.device,
        received_at__gte=upload.now - CLOCK_OLD,
        received_at__lte=upload.now,
        clock_doubt__isnull=True,
    ).exclude(pk=scan.pk)
    right = near.filter(
        captured_at__gte=F("received_at") - CLOCK_BEHIND, captured_at__lte=F("received_at") + CLOCK_AHEAD
    )
    seen_right = right.aggregate(last=Max("received_at"))["last"]
    if seen_right is not None:
        near = near.filter(received_at__gt=seen_right)
    error = scan.captured_at - upload.now
    for earlier in near.select_related("school").defer("record", "quality"):
        since = made_after(
            received_at=earlier.received_at, handed_in_until=seen_right, in_use_since=upload.device.created_at
        )
        if since < earlier.captured_at - error <= earlier.received_at + CLOCK_AHEAD:
            yield _doubt_of(earlier, since)


def _answer_known(upload: Upload, key: uuid.UUID) -> Receipt | None:
    """Answer for an id that the ledger already has: same bytes or a conflict. None if it has not."""
    kept = Scan.objects.filter(pk=key).values_list("digest", flat=True).first()
    if kept is None:
        return None
    if kept == upload.digest:
        return Receipt(upload.claimed_id, "known")
    return _hold(upload, HeldReason.CONFLICT)


def _judge(upload: Upload, key: uuid.UUID, fields: Record, schools: list[School]) -> Scan:
    """Make the row: everything read from the record, and the flags that say what is odd about it."""
    person, school, placed = _place(fields, schools)
    is_sample = fields.source == Source.SAMPLE.value
    is_demo = school.district.region.is_demo
    odd = {
        **clock_flags(captured_at=fields.captured_at, received_at=upload.now, handed_in_until=upload.handed_in_until),
        "sample": is_sample and is_demo,
        "sample_outside_demo": is_sample and not is_demo,
        "device_revoked": upload.device.revoked_at is not None,
        "device_other": fields.device != str(upload.device.pk),
        "token_replaced": upload.token_replaced,
        "pack_other": upload.current_pack is not None and fields.pack != upload.current_pack,
    }
    return Scan(
        id=key,
        device=upload.device,
        school=school,
        person=person,
        verdict=fields.verdict,
        captured_at=fields.captured_at,
        received_at=upload.now,
        time_zone=fields.time_zone,
        similarity=fields.similarity,
        second=fields.second,
        frames=fields.frames,
        pack=fields.pack,
        source=fields.source,
        app=fields.app,
        quality=fields.quality,
        flags=sorted([flag for flag, is_set in odd.items() if is_set] + placed),
        record=upload.record,
        digest=upload.digest,
    )


def _place(fields: Record, schools: list[School]) -> tuple[Person | None, School, list[str]]:
    """Find who it was, and at which of the device's schools: where the person is assigned that day, else the first."""
    if fields.person is None:
        return None, schools[0], []
    person = Person.objects.filter(pk=fields.person).first()
    if person is None:
        return None, schools[0], ["unknown_person"]
    by_zone: dict[str, list[School]] = {}
    for school in schools:
        by_zone.setdefault(school.time_zone, []).append(school)
    for zone, neighbours in by_zone.items():
        day = clock.local_date(fields.captured_at, zone)
        found = school_of_person(person.pk, neighbours, day)
        if found is not None:
            return person, next(school for school in neighbours if school.pk == found), []
    return person, schools[0], ["person_elsewhere"]


def _hold(upload: Upload, reason: str, detail: str = "") -> Receipt:
    """Keep the bytes once per device and content. The unique constraint settles two uploads at the same moment."""
    held, made = HeldRecord.objects.get_or_create(
        device=upload.device,
        digest=upload.digest,
        defaults={
            "claimed_id": _hint(upload.claimed_id),
            "record": upload.record,
            "reason": HeldReason(reason),
            "detail": detail,
            "received_at": upload.now,
        },
    )
    if made:
        logger.warning("held a record of device %s: %s, %s bytes", upload.device.pk, reason, len(upload.record))
    return Receipt(upload.claimed_id, "held", held.reason, str(HeldReason(held.reason).label))


def _hint(claimed_id: str) -> str:
    """Escape an id that could hold anything into what a text column takes."""
    return claimed_id[:100].encode("unicode_escape").decode("ascii")[:100]
