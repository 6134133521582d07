"""A plan as the page shows it: groups with counts, doubtful rows first, and what a person has ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hadir.imports import words
from hadir.imports.plans import Change, Choice, Kind, Known, SchoolItem, StaffItem
from hadir.imports.school_matching import TICKABLE
from hadir.imports.staff_list import StaffRow
from hadir.people.models import StaffKind

SHOWN = 150
"""Rows of a group with a box of their own (a form may have 1,000 fields); a larger group is ticked as a whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the page. `options` are the answers for a doubtful row: (value, words)."""

    key: str
    name: str
    place: str
    facts: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    asks_kind: bool = False
    tickable: bool = True
    ticked: bool = False
    answer: str = "skip"
    staff_kind: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one kind. `whole`: there are too many for a box each."""

    kind: str
    number: int
    lines: tuple[Line, ...] = ()
    whole: bool = False
    ticked: bool = True

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """All groups, by kind."""

    groups: Mapping[str, Group] = field(default_factory=dict)

    @property
    def something_to_do(self) -> bool:
        """Tell whether applying can do anything."""
        return any(group.number for kind, group in self.groups.items() if kind != Kind.SAME)


Posted = Mapping[str, str]


def preview_of(items: Sequence[StaffItem | SchoolItem], *, start: date, posted: Posted | None = None) -> Preview:
    """Return what the page shows; with `posted` the boxes are as they were sent, else as they begin."""
    return Preview({kind.value: _group(kind, items, start, posted) for kind in Kind})


def choices_of(items: Sequence[StaffItem | SchoolItem], posted: Posted) -> dict[str, Choice]:
    """Return what was ticked and answered, only for what the page had shown."""
    choices: dict[str, Choice] = {}
    for kind in Kind:
        members = [item for item in items if item.kind is kind]
        if _whole(kind, len(members)):
            if f"all-{kind.value}" in posted:
                choices |= {item.key: Choice("apply") for item in members}
            continue
        for item in members[:SHOWN]:
            if f"tick-{item.key}" in posted:
                choices[item.key] = Choice("apply")
            answer = posted.get(f"who-{item.key}", "skip")
            if kind is Kind.DOUBTFUL and answer != "skip":
                choices[item.key] = Choice(answer, posted.get(f"kind-{item.key}", ""))
    return choices


def _whole(kind: Kind, number: int) -> bool:
    return number > SHOWN and kind in {Kind.NEW, Kind.CHANGED}


def _group(kind: Kind, items: Sequence[StaffItem | SchoolItem], start: date, posted: Posted | None) -> Group:
    members = [item for item in items if item.kind is kind]
    return Group(
        kind=kind.value,
        number=len(members),
        lines=tuple(_line(item, start, posted) for item in members[:SHOWN]),
        whole=_whole(kind, len(members)),
        ticked=posted is None or f"all-{kind.value}" in posted,
    )


def _line(item: StaffItem | SchoolItem, start: date, posted: Posted | None) -> Line:
    ticked = item.kind in {Kind.NEW, Kind.CHANGED} if posted is None else f"tick-{item.key}" in posted
    if isinstance(item, SchoolItem):
        return _school_line(item, ticked)
    if item.row is None:
        return _gone_line(item, start, ticked)
    row = item.row
    return Line(
        key=item.key,
        name=_name(row),
        place=_place(row),
        facts=tuple(_facts(row)),
        changes=tuple(_change(change) for change in item.changes),
        reasons=tuple(words.reason(code) for code in item.doubts),
        notes=tuple(words.reason(code) for code in dict.fromkeys(item.notes)),
        options=tuple(_options(item)) if item.kind is Kind.DOUBTFUL else (),
        asks_kind=item.kind is Kind.DOUBTFUL and item.kind_open,
        ticked=ticked,
        answer=posted.get(f"who-{item.key}", "skip") if posted else "skip",
        staff_kind=posted.get(f"kind-{item.key}", "") if posted else "",
    )


def _gone_line(item: StaffItem, start: date, ticked: bool) -> Line:
    person = item.person
    held = [one for one in person.here if one.valid_to is None and one.valid_from <= start] if person else []
    last = max([start - timedelta(days=1), *(one.valid_from for one in held)])
    return Line(
        key=item.key,
        name=person.name if person else "",
        place="",
        facts=tuple(filter(None, [*(one.duty for one in held), _numbers(person) if person else ""])),
        notes=(_("Bila ditandai: tugasnya di sini berakhir %(day)s.") % {"day": date_format(last, "j F Y")},),
        ticked=ticked,
    )


def _school_line(item: SchoolItem, ticked: bool) -> Line:
    row = item.row
    facts = (row.npsn or row.npsn_text, row.level, row.district, row.island, words.value("time_zone", row.time_zone))
    return Line(
        key=item.key,
        name=row.name,
        place=_("Baris %(row)s") % {"row": row.row},
        facts=tuple(fact for fact in facts[:4] if fact) + ((facts[4],) if row.time_zone else ()),
        changes=tuple(_change(change) for change in item.changes),
        reasons=tuple(words.reason(code) for code in item.doubts),
        tickable=item.kind is not Kind.DOUBTFUL or set(item.doubts) <= TICKABLE,
        ticked=ticked,
    )


def _name(row: StaffRow) -> str:
    front = f"{row.title_front} {row.name}".strip()
    return f"{front}, {row.title_back}" if row.title_back else front


def _place(row: StaffRow) -> str:
    place = _("Baris %(row)s") % {"row": row.row}
    return f"{row.sheet}, {place}" if row.sheet else place


def _facts(row: StaffRow) -> list[str]:
    status = str(StaffKind(row.staff_kind).label) if row.staff_kind else row.status
    numbers = [f"NIP {row.nip or row.nip_text}" if row.nip or row.nip_text else ""]
    numbers.append(f"NUPTK {row.nuptk or row.nuptk_text}" if row.nuptk or row.nuptk_text else "")
    return [fact for fact in (*numbers, status, row.duty) if fact]


def _numbers(person: Known) -> str:
    return ", ".join(
        text for text in (f"NIP {person.nip}" * bool(person.nip), f"NUPTK {person.nuptk}" * bool(person.nuptk)) if text
    )


def _change(change: Change) -> str:
    return _("%(field)s: %(old)s → %(new)s") % {
        "field": words.FIELDS[change.field],
        "old": words.value(change.field, change.old),
        "new": words.value(change.field, change.new),
    }


def _options(item: StaffItem) -> list[tuple[str, str]]:
    options = [("skip", _("Lewati dulu"))]
    for person in item.candidates:
        known = "; ".join(
            filter(None, [_numbers(person), *(one.duty for one in person.here[:1]), *person.elsewhere[:1]])
        )
        told = f"{person.name} ({known})" if known else person.name
        options.append((str(person.id), _("Orang yang sama: %(person)s") % {"person": told}))
    if item.may_be_new:
        options.append(("new", _("Orang baru")))
    return options
