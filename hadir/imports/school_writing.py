"""Writing schools from a list, with the kecamatan and islands they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from hadir.attendance.models import PersonDay
from hadir.core.models import AuditEntry
from hadir.core.tables.cells import key_of
from hadir.imports.plans import SchoolItem
from hadir.imports.queries import chunks
from hadir.imports.school_matching import new_districts
from hadir.imports.writing import BATCH, Source
from hadir.people.marks import begun_by, mark_schools
from hadir.schools.models import District, Island, Region, School, TimeZone

CHANGED_FIELDS = ("name", "level", "district", "island", "time_zone", "address")


@dataclass(slots=True)
class SchoolWrites:
    """The schools of one region that are written together."""

    source: Source
    region: Region

    def write(self, items: Sequence[SchoolItem]) -> dict[str, int]:
        """Write new and changed schools and return how many of each; the caller has the transaction.

        Where the time zone changes, every judged day of the school is marked: its clock was read wrongly.
        """
        districts, islands = self._districts(items), self._islands(items)
        on_file = School.objects.in_bulk([item.school for item in items if item.school])
        added: list[School] = []
        changed: list[School] = []
        audits: list[AuditEntry] = []
        for item in items:
            values = self._values(item, districts, islands)
            school = on_file.get(item.school) if item.school else None
            if school is None:
                school = School(npsn=item.row.npsn, **{"time_zone": TimeZone.WIB, **values})
                added.append(school)
                audits.append(self.source.audit("add_school", "school", school.pk))
                continue
            for name, value in values.items():
                setattr(school, name, value)
            changed.append(school)
            before = {change.field: change.old for change in item.changes}
            audits.append(self.source.audit("change_school", "school", school.pk, {"before": before}))
        School.objects.bulk_create(added, batch_size=BATCH)
        School.objects.bulk_update(changed, CHANGED_FIELDS, batch_size=BATCH)
        AuditEntry.objects.bulk_create(audits, batch_size=BATCH)
        self._mark_moved_clocks(items)
        return {"added": len(added), "changed": len(changed)}

    def _mark_moved_clocks(self, items: Sequence[SchoolItem]) -> None:
        moved = [
            item.school for item in items if item.school and any(change.field == "time_zone" for change in item.changes)
        ]
        begun = begun_by(self.source.now)
        for keys in chunks(moved):
            judged = PersonDay.objects.filter(school__in=keys).order_by().values("school")
            first = dict(judged.annotate(first=Min("day")).values_list("school", "first"))
            for key in keys:
                mark_schools(schools=[key], first=min(first.get(key, begun), begun), last=begun, now=self.source.now)

    def _values(self, item: SchoolItem, districts: dict[str, District], islands: dict[str, Island]) -> dict[str, Any]:
        """Return what the row says; what it leaves out is not in it."""
        row = item.row
        told: dict[str, Any] = {
            "name": row.name,
            "level": row.level,
            "district": districts.get(key_of(row.district)),
            "island": islands.get(key_of(row.island)),
            "time_zone": row.time_zone,
            "address": row.address,
        }
        if item.school:
            changes = {change.field for change in item.changes}
            return {name: value for name, value in told.items() if name in changes}
        return {name: value for name, value in told.items() if value}

    def _districts(self, items: Sequence[SchoolItem]) -> dict[str, District]:
        known = {key_of(one.name): one for one in District.objects.filter(region=self.region)}
        inland = {key_of(item.row.district) for item in items if not item.row.island}
        for name in new_districts(items, [one.name for one in known.values()]):
            # A kecamatan all of whose schools lie on islands is a kecamatan of islands.
            known[key_of(name)] = District.objects.create(
                region=self.region, name=name, is_island=key_of(name) not in inland
            )
        return known

    def _islands(self, items: Sequence[SchoolItem]) -> dict[str, Island]:
        known = {key_of(one.name): one for one in Island.objects.all()}
        for item in items:
            if item.row.island and key_of(item.row.island) not in known:
                known[key_of(item.row.island)] = Island.objects.create(name=item.row.island)
        return known
