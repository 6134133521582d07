"""Keeping an uploaded file until it is applied, and applying it: all of it in one transaction, or nothing."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hadir.accounts.models import User
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.tables.cells import plain_text
from hadir.imports.access import import_schools
from hadir.imports.drafts import FileList, open_list, seal_list
from hadir.imports.models import BatchKind, ImportBatch
from hadir.imports.past import Past, clean_reason
from hadir.imports.plans import Choice, Choices, Kind, SchoolItem, StaffItem, digest_of
from hadir.imports.queries import names_other_school, plan_schools, plan_staff
from hadir.imports.school_list import SchoolList
from hadir.imports.school_matching import TICKABLE
from hadir.imports.school_writing import SchoolWrites
from hadir.imports.staff_list import StaffList, StaffRow
from hadir.imports.writing import Source, StaffWrites, taken_numbers
from hadir.people.models import StaffKind
from hadir.schools.models import Region, School

DRAFT_LIFE = timedelta(days=1)
START_WITHIN = timedelta(days=366)


@transaction.atomic
def keep_file(
    *,
    told: FileList,
    data: bytes,
    file_name: str,
    start: date,
    now: datetime,
    by: User | None,
    school: School | None = None,
    region: Region | None = None,
) -> ImportBatch:
    """Keep what was read from a file (never the file itself) until it is applied, one day at most.

    Raises HadirError `import_start` when the first day is more than a year away, `import_past_office_only`.
    """
    forget_old_drafts(now=now)
    today = local_date(now, school.time_zone if school else settings.TIME_ZONE)
    if abs(start - today) > START_WITHIN:
        raise HadirError("import_start")
    if isinstance(told, StaffList) and school is not None and by is not None and start < today:
        plan = plan_staff(school=school, told=told, start=start, managed=import_schools(by))
        Past(school, start, today).refuse(plan, by=by)
    batch = ImportBatch(
        kind=BatchKind.STAFF if isinstance(told, StaffList) else BatchKind.SCHOOLS,
        school=school,
        region=region,
        file_name=plain_text(PurePosixPath(file_name.replace("\\", "/")).name)[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        row_count=len(told.rows),
        dropped=list(told.dropped),
        start=start,
        by=by,
        created_at=now,
    )
    batch.draft = seal_list(batch, told)
    batch.save(force_insert=True)
    return batch


@transaction.atomic
def forget_old_drafts(*, now: datetime) -> int:
    """Delete the rows of every file that was not applied within a day; that it was uploaded stays on record."""
    old = ImportBatch.objects.filter(draft__isnull=False, created_at__lt=now - DRAFT_LIFE)
    return old.update(draft=None)


def discard(*, batch: ImportBatch) -> None:
    """Forget the rows of a file that waits; nothing else changes."""
    ImportBatch.objects.filter(pk=batch.pk, applied_at__isnull=True).update(draft=None)


def draft_of(batch: ImportBatch, *, now: datetime) -> FileList:
    """Return the rows of a file that waits. Raises HadirError `import_applied`, `import_expired`."""
    if batch.applied_at is not None:
        raise HadirError("import_applied")
    if batch.created_at < now - DRAFT_LIFE:
        raise HadirError("import_expired")
    return open_list(batch)


def apply_staff(
    *,
    batch: ImportBatch,
    choices: Choices,
    digest: str,
    now: datetime,
    by: User | None,
    managed: QuerySet[School] | None,
    confirmed: bool = False,
    reason: str = "",
) -> ImportBatch:
    """Do what was chosen for each item of a plan, in one transaction.

    1. Lock the batch and the school, so that two imports to one school follow each other.
    2. Plan anew. Where the plan is not the one that was looked at (`digest`), nothing is done: `import_changed`.
    3. Where that changes days that are judged already, only the dinas or a command may do it, with a `reason`.
    4. Write people, assignments and audit entries in bulk; forget the rows.

    `confirmed`: who imports has said that the list is this school's although its titles name another.
    Raises HadirError `import_applied`, `import_expired`, `import_changed`, `import_choice`, `import_person_twice`,
    `import_other_school`, `import_past_office_only`, `import_past_reason`, `text_*`.
    """
    why = clean_reason(reason)
    try:
        with transaction.atomic():
            kept = _lock(batch)
            told = cast("StaffList", draft_of(kept, now=now))
            school = School.objects.select_for_update().get(pk=_place(kept))
            if names_other_school(told, school) and not confirmed:
                raise HadirError("import_other_school", written=told.npsn or told.school, school=school.name)
            items = plan_staff(school=school, told=told, start=kept.start, managed=managed)
            if digest_of(items) != digest:
                raise HadirError("import_changed")
            writes = _gather(items, choices, Source(kept, by, now, why))
            past_of(kept, now=now).check(writes.touched, by=by, reason=why)
            writes.write()
            return _finish(kept, writes.counts, now=now, by=by, reason=why)
    except IntegrityError:
        # Somebody else wrote the same number or assignment in this very moment.
        raise HadirError("import_changed") from None


def past_of(batch: ImportBatch, *, now: datetime) -> Past:
    """Return the days that are over on which a list of staff holds already."""
    school = cast("School", batch.school)
    return Past(school, batch.start, local_date(now, school.time_zone))


def _gather(items: Sequence[StaffItem], choices: Choices, source: Source) -> StaffWrites:
    """Return what the choices write, not yet written."""
    known = [person for item in items for person in (item.person, *item.candidates) if person]
    writes = StaffWrites(source, taken_numbers(known))
    for item in items:
        _do(item, choices.get(item.key), writes)
    return writes


def _do(item: StaffItem, choice: Choice | None, writes: StaffWrites) -> None:
    """Do one item as chosen, or count it as left."""
    if item.kind is Kind.SAME:
        writes.count("same")
    elif choice is None:
        writes.count("left" if item.kind is not Kind.GONE else "kept")
    elif item.kind is Kind.GONE and item.person is not None:
        writes.end(item.person)
    elif item.row is not None and item.kind is Kind.DOUBTFUL:
        _decide(item, item.row, choice, writes)
    elif item.row is not None and item.person is None:
        writes.add(item.row, item.row.staff_kind)
    elif item.row is not None and item.person is not None:
        writes.bring_up_to_date(item.row, item.person, item.row.staff_kind)


def _decide(item: StaffItem, row: StaffRow, choice: Choice, writes: StaffWrites) -> None:
    """Do a doubtful row as a person decided: somebody new, or one of those it may be."""
    staff_kind = row.staff_kind or (choice.staff_kind if choice.staff_kind in StaffKind.values else "")
    chosen = next((person for person in item.candidates if str(person.id) == choice.answer), None)
    if chosen is not None:
        held = any(one.holds_from(writes.start) for one in chosen.here)
        if held or staff_kind:
            writes.bring_up_to_date(row, chosen, staff_kind)
            return
    elif choice.answer == "new" and item.may_be_new and staff_kind:
        writes.add(row, staff_kind)
        return
    raise HadirError("import_choice", row=row.row)


def apply_schools(*, batch: ImportBatch, choices: Choices, digest: str, now: datetime, by: User | None) -> ImportBatch:
    """Add and change the schools that were chosen, in one transaction; kecamatan and islands are added with them.

    Raises HadirError `import_applied`, `import_expired`, `import_changed`.
    """
    try:
        with transaction.atomic():
            kept = _lock(batch)
            told = cast("SchoolList", draft_of(kept, now=now))
            region = Region.objects.select_for_update().get(pk=_place(kept))
            items = plan_schools(region=region, told=told)
            if digest_of(items) != digest:
                raise HadirError("import_changed")
            wanted = [item for item in items if item.key in choices and _possible(item)]
            counts = SchoolWrites(Source(kept, by, now), region).write(wanted)
            counts |= _left(items, wanted)
            return _finish(kept, counts, now=now, by=by)
    except IntegrityError:
        raise HadirError("import_changed") from None


def _possible(item: SchoolItem) -> bool:
    return item.kind in {Kind.NEW, Kind.CHANGED} or (item.kind is Kind.DOUBTFUL and set(item.doubts) <= TICKABLE)


def _left(items: Sequence[SchoolItem], done: Sequence[SchoolItem]) -> dict[str, int]:
    same = sum(item.kind is Kind.SAME for item in items)
    return {"same": same, "left": len(items) - len(done) - same}


def _lock(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)


def _place(batch: ImportBatch) -> uuid.UUID:
    """Return the id of the school or region; the table's constraint says that there is exactly one."""
    return cast("uuid.UUID", batch.school_id or batch.region_id)


def _finish(
    batch: ImportBatch, counts: dict[str, int], *, now: datetime, by: User | None, reason: str = ""
) -> ImportBatch:
    batch.counts = {name: number for name, number in counts.items() if number}
    batch.applied_at, batch.applied_by, batch.draft = now, by, None
    batch.save(update_fields=["counts", "applied_at", "applied_by", "draft"])
    record_audit(
        actor=by,
        action=f"import_{batch.kind}",
        object_kind="import",
        object_id=batch.pk,
        now=now,
        detail={"place": str(_place(batch)), "sha256": batch.sha256, "counts": batch.counts}
        | ({"reason": reason} if reason else {}),
    )
    return batch
