"""Days that are judged already: a list that holds from a day in the past may take them away or change them.

A school's own truancy could hide in that, so only the dinas may do it, with a reason. What takes nothing away is free:
the first list of a school may hold from any day.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hadir.accounts.models import User
from hadir.attendance.models import PersonDay
from hadir.core.errors import HadirError
from hadir.core.texts import clean_text
from hadir.imports.access import may_change_past
from hadir.imports.matching import begins_as_home
from hadir.imports.plans import Kind, SchoolItem, StaffItem
from hadir.imports.queries import chunks
from hadir.schools.models import School

REASON_LIMIT = 300
NAMES_TOLD = 3
WORK = frozenset({"duty", "staff_kind", "is_home"})
"""Changes of an assignment; a name or a number changes no day."""


@dataclass(frozen=True, slots=True)
class Past:
    """The days before `today` (at the school) on which a list holds already, and what was said for changing them."""

    school: School
    start: date
    today: date

    def judged(self, people: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Return those of these people who have judged days, at any school, on which the list would hold."""
        found: set[uuid.UUID] = set()
        if self.start >= self.today:
            return found
        for keys in chunks(sorted(people)):
            days = PersonDay.objects.filter(person__in=keys, day__gte=self.start, day__lt=self.today)
            found.update(days.values_list("person_id", flat=True).distinct())
        return found

    def names(self, people: Mapping[uuid.UUID, str]) -> str:
        """Return the names of those whose judged days would change, as a sentence has them; "" where there are none."""
        names = sorted(people[key] for key in self.judged(people))
        return ", ".join(names[:NAMES_TOLD]) + (", ..." if len(names) > NAMES_TOLD else "")

    def refuse(self, items: Sequence[StaffItem], *, by: User) -> None:
        """Raise HadirError `import_past_office_only` where the plan, done wholly, changes judged days and `by` may not.

        Told at the upload, so that nobody reads a preview in vain. `check` stands behind it.
        """
        if (names := self.names(touched_by(items))) and not may_change_past(by, self.school):
            raise HadirError("import_past_office_only", names=names)

    def check(self, touched: Mapping[uuid.UUID, str], *, by: User | None, reason: str) -> None:
        """Raise HadirError `import_past_office_only` or `import_past_reason` where judged days of these people change.

        `touched`: names of the people whose assignments change, by id. `by` None: a command on the server.
        """
        names = self.names(touched)
        if names and by is not None and not may_change_past(by, self.school):
            raise HadirError("import_past_office_only", names=names)
        if names and not reason:
            raise HadirError("import_past_reason", names=names)

    def asks_reason(self, items: Sequence[StaffItem | SchoolItem]) -> bool:
        """Tell whether something in a plan may change judged days; doubtful rows with whom they may be."""
        return bool(
            self.judged(
                {
                    person.id
                    for item in items
                    if isinstance(item, StaffItem) and item.kind is not Kind.SAME
                    for person in (item.person, *item.candidates)
                    if person is not None
                }
            )
        )


def clean_reason(reason: str) -> str:
    """Return a reason as it is kept. Raises HadirError `text_*`."""
    return clean_text(reason, field="alasan", limit=REASON_LIMIT)


def touched_by(items: Iterable[StaffItem]) -> dict[uuid.UUID, str]:
    """Return the people whose assignments a plan changes, by id. What is doubtful has no answer yet."""
    return {item.person.id: item.person.name for item in items if item.person is not None and _changes_work(item)}


def _changes_work(item: StaffItem) -> bool:
    if item.kind is Kind.NEW:
        # Another home school changes at which school the days count.
        return item.row is not None and item.person is not None and begins_as_home(item.row, item.person)
    return item.kind is Kind.GONE or any(change.field in WORK for change in item.changes)
