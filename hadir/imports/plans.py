"""What an import would do, item by item, before anything is done. Pure data."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from hadir.imports.school_list import SchoolRow
from hadir.imports.staff_list import StaffRow


class Kind(StrEnum):
    """What becomes of a row. Only what is not doubtful and not gone is done without a person's tick."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment, at the school of the import unless `school` says another (`npsn`: its number)."""

    id: uuid.UUID
    duty: str
    staff_kind: str
    is_home: bool
    valid_from: date
    valid_to: date | None
    school: uuid.UUID | None = None
    npsn: str = ""

    def holds_from(self, day: date) -> bool:
        """Tell whether it holds on this day or later."""
        return self.valid_to is None or self.valid_to >= day


@dataclass(frozen=True, slots=True)
class Known:
    """A person who is in the database already.

    `here`: assignments at the school of the import, also past ones. `elsewhere`: names of other schools where the
    person is assigned on the day or later, home school first; `home_elsewhere`: the first of them is the home school.
    `homes`: the assignments elsewhere that are to the home school; `homes_ours`: who imports may change them.
    `ours`: who imports may change the person's own data (name, numbers).
    """

    id: uuid.UUID
    name: str
    title_front: str = ""
    title_back: str = ""
    salutation: str = ""
    nip: str = ""
    nuptk: str = ""
    here: tuple[Assigned, ...] = ()
    elsewhere: tuple[str, ...] = ()
    home_elsewhere: bool = False
    homes: tuple[Assigned, ...] = ()
    homes_ours: bool = True
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it is and as the file has it."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StaffItem:
    """One row of the file, or one person who is not in it.

    `key` names it in forms. `person` is whom the row surely is (None: somebody new); for doubtful rows `candidates` are
    whom it may be, and `may_be_new` tells whether it may be none of them. `kind_open` asks for the kind of staff.
    """

    key: str
    kind: Kind
    row: StaffRow | None = None
    person: Known | None = None
    changes: tuple[Change, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    candidates: tuple[Known, ...] = ()
    may_be_new: bool = True
    kind_open: bool = False


@dataclass(frozen=True, slots=True)
class SchoolItem:
    """One row of a list of schools. `school` is the id of the one in the database with its NPSN."""

    key: str
    kind: Kind
    row: SchoolRow
    school: uuid.UUID | None = None
    changes: tuple[Change, ...] = ()
    doubts: tuple[str, ...] = ()


Item = StaffItem | SchoolItem


def counts_of(items: Sequence[Item]) -> dict[str, int]:
    """Return how many items there are of each kind, all kinds named."""
    found = Counter(item.kind.value for item in items)
    return {kind.value: found[kind.value] for kind in Kind}


def digest_of(items: Sequence[Item]) -> str:
    """Return a fingerprint of a plan: what was looked at must be what is done."""
    lines = json.dumps([asdict(item) for item in items], sort_keys=True, default=str)
    return hashlib.sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided for one item: `answer` is "apply", "new" or a person's id; `staff_kind` where it was open.

    What has no choice is left alone.
    """

    answer: str
    staff_kind: str = ""


Choices = Mapping[str, Choice]


def sure_choices(items: Sequence[Item]) -> dict[str, Choice]:
    """Return the choices that nobody needs to make: everything new and changed, nothing doubtful, nobody gone."""
    return {item.key: Choice("apply") for item in items if item.kind in {Kind.NEW, Kind.CHANGED}}
