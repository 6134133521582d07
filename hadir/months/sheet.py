"""A school's month as one immutable value: what is checked, signed, stored, printed and read back.

`sheet_building.month_sheet` builds it from person-days. `digest` is over its canonical JSON, so the same content has
the same digest whenever and wherever it is built; when it was built or printed is not part of it.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hadir.people.duties import is_head_duty
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT
from hadir.schools.models import School

FORMAT = 1
NOT_LEAVE = frozenset({PRESENT, ABSENT, PENDING, DAY_OFF, NOT_COUNTED, "DL", "I", "S"})
"""Statuses that have a column of their own; every other one is a kind of leave (cuti) and adds up to C."""


@dataclass(frozen=True, slots=True)
class SheetDay:
    """One date of the month. `off`: nobody has hours that day (a night watch does not count); `label`: what the
    calendar calls it, empty for an ordinary date."""

    date: date
    off: bool
    label: str


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A person-day as `attendance.PersonDay` has it. `reasons` ([key, parameters] of `rules.words`) only where a
    reader needs a note: days that are not final, or with a flag."""

    date: date
    status: str
    codes: tuple[str, ...]
    late: int
    early: int
    final: bool
    flags: tuple[str, ...]
    cause: str
    reasons: tuple[tuple[str, Mapping[str, str | int]], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What the days of a row add up to, by `rules.period.judge_period`.

    `statuses`, `codes`: days by status and by code. `late`, `early`: minutes of final days. `minute_days`: whole days
    in those minutes. `attendance`: percent with two digits, None while no working day is decided.
    """

    statuses: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    working_days: int = 0
    late: int = 0
    early: int = 0
    provisional_minutes: int = 0
    minute_days: int = 0
    attendance: Decimal | None = None

    def count(self, status: str) -> int:
        """Return the days with this status; `C` is every kind of leave (cuti) together."""
        if status == "C":
            return sum(number for one, number in self.statuses.items() if one not in NOT_LEAVE)
        return self.statuses.get(status, 0)

    def codes_of(self, side: str) -> int:
        """Return the days with a code of one side: `TL` or `PSW`."""
        return sum(number for code, number in self.codes.items() if code.startswith(side))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person of the month. `staff_kind` and `duty` are those of the last day held; `cells` by date, ascending;
    a date without a cell lies outside the assignment, before the school used Hadir, or in the future."""

    person: uuid.UUID
    name: str
    nip: str
    nuptk: str
    staff_kind: str
    duty: str
    cells: tuple[SheetCell, ...]
    totals: SheetTotals

    @property
    def is_head(self) -> bool:
        """Whether this is the head of the school (kepala sekolah)."""
        return is_head_duty(self.duty)


@dataclass(frozen=True, slots=True)
class SheetAdjustment:
    """A day of an earlier, closed month whose meaning changed afterwards; carried on this month's sheet.

    `old`, `new`: status and codes as words, "A" or "H TL1"; `late`, `early`: minutes added (negative: taken away).
    """

    person: uuid.UUID
    name: str
    date: date
    old: str
    new: str
    cause: str
    late: int
    early: int

    @property
    def absent(self) -> int:
        """Unexcused days added (negative: taken away). Not stored: `old` and `new` say it, in every signed sheet."""
        return _is_absent(self.new) - _is_absent(self.old)


def _is_absent(meaning: str) -> bool:
    return meaning.split(maxsplit=1)[0] == ABSENT


@dataclass(frozen=True, slots=True)
class SheetSchool:
    """The school as its sheet names it."""

    id: uuid.UUID
    npsn: str
    name: str
    level: str
    address: str
    district: str
    island: str
    region: str
    time_zone: str

    @classmethod
    def of(cls, school: School) -> "SheetSchool":
        """Return the words of a school that was loaded with `district__region` and `island`."""
        return cls(
            id=school.pk,
            npsn=school.npsn,
            name=school.name,
            level=school.level,
            address=school.address,
            district=school.district.name,
            island=school.island.name if school.island else "",
            region=school.district.region.name,
            time_zone=school.time_zone,
        )


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month of a school.

    `rows`: by kind of staff in the order of `StaffKind`, the head first in a group, then by name. `rules`: every
    version of a rule pack that judged a day here; `period_rules`: the one that added up. `hours`: titles of the
    working patterns, the most common first. `provisional`: the month is not over, or a day is not final.
    `complete_through`: the last date up to which no day waits for the devices of the school; None from the first on.
    """

    school: SheetSchool
    year: int
    month: int
    days: tuple[SheetDay, ...]
    rows: tuple[SheetRow, ...]
    rules: tuple[str, ...]
    period_rules: str
    hours: tuple[str, ...]
    adjustments: tuple[SheetAdjustment, ...]
    provisional: bool
    complete_through: date | None

    @property
    def first(self) -> date:
        """The first day of the month."""
        return self.days[0].date

    @property
    def last(self) -> date:
        """The last day of the month."""
        return self.days[-1].date

    @property
    def working_days(self) -> int:
        """Dates on which somebody has hours."""
        return sum(not day.off for day in self.days)

    @property
    def head(self) -> SheetRow | None:
        """The row of the head of the school, None where the list of staff names none."""
        return next((row for row in self.rows if row.is_head), None)

    def to_snapshot(self) -> dict[str, Any]:
        """Return the whole as plain JSON values; `from_snapshot` gives an equal sheet back."""
        plain = asdict(self)
        for row in plain["rows"]:
            row["cells"] = [_cell_to_plain(cell) for cell in row["cells"]]
        made: dict[str, Any] = json.loads(json.dumps({"format": FORMAT, **plain}, default=str))
        return made

    def canonical_json(self) -> str:
        """Return the one text of this content: sorted keys, no spaces, letters as they are."""
        return canonical(self.to_snapshot())

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON in UTF-8, 64 hex digits."""
        return digest_of(self.to_snapshot())

    @classmethod
    def from_snapshot(cls, plain: Mapping[str, Any]) -> "MonthSheet":
        """Return the sheet that `to_snapshot` wrote. ValueError for another format."""
        if plain.get("format") != FORMAT:
            raise ValueError(f"a month sheet of format {FORMAT} is expected, not {plain.get('format')!r}")
        through = plain["complete_through"]
        return cls(
            school=SheetSchool(**plain["school"] | {"id": uuid.UUID(plain["school"]["id"])}),
            year=plain["year"],
            month=plain["month"],
            days=tuple(SheetDay(**one | {"date": date.fromisoformat(one["date"])}) for one in plain["days"]),
            rows=tuple(_row_from_plain(one) for one in plain["rows"]),
            rules=tuple(plain["rules"]),
            period_rules=plain["period_rules"],
            hours=tuple(plain["hours"]),
            adjustments=tuple(
                SheetAdjustment(**one | {"person": uuid.UUID(one["person"]), "date": date.fromisoformat(one["date"])})
                for one in plain["adjustments"]
            ),
            provisional=plain["provisional"],
            complete_through=date.fromisoformat(through) if through else None,
        )


def canonical(plain: Mapping[str, Any]) -> str:
    """Return the one text of a snapshot, also of one that an earlier version of Hadir wrote."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a snapshot's canonical text."""
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def _cell_to_plain(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: a month of forty people is a thousand cells."""
    return {key: value for key, value in cell.items() if value not in ((), "", 0)} | {"final": cell["final"]}


def _row_from_plain(plain: Mapping[str, Any]) -> SheetRow:
    totals = plain["totals"]
    percent = totals["attendance"]
    cells = tuple(
        SheetCell(
            date=date.fromisoformat(one["date"]),
            status=one["status"],
            codes=tuple(one.get("codes", ())),
            late=one.get("late", 0),
            early=one.get("early", 0),
            final=one["final"],
            flags=tuple(one.get("flags", ())),
            cause=one.get("cause", ""),
            reasons=tuple((key, params) for key, params in one.get("reasons", ())),
            digest=one["digest"],
        )
        for one in plain["cells"]
    )
    words = {name: plain[name] for name in ("name", "nip", "nuptk", "staff_kind", "duty")}
    return SheetRow(
        person=uuid.UUID(plain["person"]),
        cells=cells,
        totals=SheetTotals(**totals | {"attendance": None if percent is None else Decimal(percent)}),
        **words,
    )
