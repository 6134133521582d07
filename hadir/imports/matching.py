"""Who is who: the rows of a list of staff against the people in the database. Pure; no query is made here.

A person is known by NIP or NUPTK; without them by the same name at the same school, and then somebody decides, except
where neither side has a number and the name is there once. Two people whose numbers differ are two people.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hadir.imports.plans import Assigned, Change, Kind, Known, StaffItem
from hadir.imports.staff_list import StaffRow
from hadir.people.names import alike, name_key, only_lost_marks, spelling

COMPARISONS_AT_MOST = 100_000
"""Names written a little otherwise are looked for where rows times people are no more than this; at any real school."""

NUMBER_DOUBTS = tuple(
    f"{number}_{fault}" for number in ("nip", "nuptk") for fault in ("damaged", "formula", "length", "zeros")
)
STATUS_DOUBTS = ("status_unknown", "status_missing")


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom a row is: surely (`person`), perhaps (`candidates`), or nobody known."""

    person: Known | None = None
    candidates: tuple[Known, ...] = ()
    doubts: tuple[str, ...] = ()
    by_number: bool = False


@dataclass(slots=True)
class _People:
    """The people in the database, by what they are looked for."""

    everyone: Sequence[Known]
    start: date
    compare: bool
    by_nip: dict[str, Known] = field(default_factory=dict)
    by_nuptk: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    claimed: set[uuid.UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        for person in self.everyone:
            if person.nip:
                self.by_nip[person.nip] = person
            if person.nuptk:
                self.by_nuptk[person.nuptk] = person
            if person.here:
                self.by_name[name_key(person.name)].append(person)

    def present(self) -> list[Known]:
        """Return the people assigned here from the day on."""
        return [person for person in self.everyone if any(held.holds_from(self.start) for held in person.here)]


def match_staff(rows: Sequence[StaffRow], known: Sequence[Known], *, start: date) -> list[StaffItem]:
    """Return one item for each row, in the order of the file, then one for each person who is gone from it.

    `known`: everybody ever assigned at the school and everybody with a NIP or NUPTK of the file. `start`: the first day
    on which the list holds.
    """
    people = _People(known, start, compare=len(rows) * len(known) <= COMPARISONS_AT_MOST)
    found = [_by_number(row, people) for row in rows]
    people.claimed = {match.person.id for match in found if match.person} | {
        person.id for match in found for person in match.candidates
    }
    found = [match if match.by_number else _by_name(row, people) for row, match in zip(rows, found, strict=True)]
    holders = Counter(match.person.id for match in found if match.person)
    twice = {key for key, number in holders.items() if number > 1}
    items = [_item(row, match, start, twice) for row, match in zip(rows, found, strict=True)]
    named = {person.id for match in found for person in (*match.candidates, match.person) if person}
    return items + [_gone(person) for person in known if person.id not in named and _stays(person, start)]


def _by_number(row: StaffRow, people: _People) -> _Found:
    found = {
        person.id: person
        for person in (people.by_nip.get(row.nip), people.by_nuptk.get(row.nuptk))
        if person is not None
    }
    if not found:
        return _Found()
    if len(found) > 1:
        return _Found(candidates=tuple(found.values()), doubts=("numbers_of_two",), by_number=True)
    (person,) = found.values()
    doubts = [
        code
        for code, doubted in (
            ("nip_other", row.nip and person.nip and row.nip != person.nip),
            ("nuptk_other", row.nuptk and person.nuptk and row.nuptk != person.nuptk),
            ("name_other", not alike(row.key, name_key(person.name))),
        )
        if doubted
    ]
    if doubts:
        return _Found(candidates=(person,), doubts=tuple(doubts), by_number=True)
    return _Found(person=person, by_number=True)


def _by_name(row: StaffRow, people: _People) -> _Found:
    """Look for the same name at this school among those whom no number has claimed and no number contradicts."""

    def possible(person: Known) -> bool:
        other = (row.nip and person.nip) or (row.nuptk and person.nuptk)
        return person.id not in people.claimed and not other

    same = tuple(person for person in people.by_name.get(row.key, ()) if possible(person))
    if len(same) == 1 and not (row.nip or row.nuptk or row.nip_text or row.nuptk_text):
        (person,) = same
        numberless = not person.nip and not person.nuptk
        if numberless and any(held.holds_from(people.start) for held in person.here):
            return _Found(person=person)
    if same:
        return _Found(candidates=same, doubts=("same_name",))
    present = people.present() if people.compare else []
    near = tuple(person for person in present if possible(person) and alike(row.key, name_key(person.name)))
    return _Found(candidates=near, doubts=("like_name",) if near else ())


def _item(row: StaffRow, match: _Found, start: date, twice: set[uuid.UUID]) -> StaffItem:
    person = match.person
    held = _held(person, start)
    doubts = [*match.doubts, *_open_doubts(row, match, held)]
    if person is not None:
        if person.id in twice:
            doubts.append("person_twice")
        if not held and not person.ours:
            doubts.append("elsewhere")
        if len(held) > 1 and not any(_same_work(row, one) for one in held):
            doubts.append("several_duties")
    possible = match.candidates or ((person,) if person else ())
    if any(takes_home(row, one, _held(one, start)) and one.homes_ours for one in possible):
        doubts.append("home_twice")
    key = f"r{row.row}" if not row.sheet else f"r{row.row}-{row.sheet}"
    numbers_free = not match.by_number or match.doubts != ()
    plain = StaffItem(
        key=key,
        kind=Kind.DOUBTFUL,
        row=row,
        notes=(*row.notes, *_notes(row, person, held), *(code for code in row.doubts if code not in doubts)),
        kind_open=not row.staff_kind and not held,
    )
    if doubts:
        return replace(plain, doubts=tuple(doubts), candidates=possible, may_be_new=numbers_free)
    if person is None or not held:
        changes = tuple(person_changes(row, person)) if person else ()
        return replace(plain, kind=Kind.NEW, person=person, changes=changes, kind_open=False)
    changes = (*person_changes(row, person), *work_changes(row, person, held))
    return replace(plain, kind=Kind.CHANGED if changes else Kind.SAME, person=person, changes=changes, kind_open=False)


def _open_doubts(row: StaffRow, match: _Found, held: Sequence[Assigned]) -> Iterator[str]:
    """Yield the doubts of reading that still matter: a known person keeps the status and the number on file."""
    for code in row.doubts:
        if code in NUMBER_DOUBTS and match.person is not None and match.by_number:
            continue
        if code in STATUS_DOUBTS and held:
            continue
        yield code


def _held(person: Known | None, start: date) -> list[Assigned]:
    return [one for one in person.here if one.holds_from(start)] if person else []


def _same_work(row: StaffRow, held: Assigned) -> bool:
    return same_duty(row.duty, held.duty) and row.staff_kind in {"", held.staff_kind}


def same_duty(written: str, on_file: str) -> bool:
    """Tell whether a duty is the one on file; "Guru kelas 4" on file is a "Guru Kelas" told more closely."""
    new, old = spelling(written), spelling(on_file)
    return not new or new == old or old.startswith(f"{new} ")


def _notes(row: StaffRow, person: Known | None, held: Sequence[Assigned]) -> Iterator[str]:
    if person is None:
        return
    if not held and person.here:
        yield "returns"
    if not held and person.elsewhere:
        yield "joins"
    if takes_home(row, person, held) and not person.homes_ours:
        yield "home_kept"
    if not person.ours and any(own_changes(row, person)):
        yield "kept_elsewhere"


def person_changes(row: StaffRow, person: Known) -> Iterator[Change]:
    """Yield what the file would change in a person's own data, where who imports may change it."""
    if person.ours:
        yield from own_changes(row, person)


def own_changes(row: StaffRow, person: Known) -> Iterator[Change]:
    """Yield the name if written otherwise, and what is empty so far. What the file leaves out stays; so do marks."""
    if spelling(row.name) != spelling(person.name) and not only_lost_marks(row.name, person.name):
        yield Change("name", person.name, row.name)
    for name in ("nip", "nuptk", "salutation", "title_front", "title_back"):
        old, new = getattr(person, name), getattr(row, name)
        if new and not old:
            yield Change(name, "", new)


def work_changes(row: StaffRow, person: Known, held: Sequence[Assigned]) -> Iterator[Change]:
    """Yield what the file would change in the assignment here."""
    current = current_work(row, held)
    if not same_duty(row.duty, current.duty):
        yield Change("duty", current.duty, row.duty)
    if row.staff_kind and row.staff_kind != current.staff_kind:
        yield Change("staff_kind", current.staff_kind, row.staff_kind)
    # Who is assigned nowhere else has the home school here, as far as the list and Hadir know.
    home = row.home if row.home is not None else current.is_home or not person.elsewhere
    if takes_home(row, person, held) and not person.homes_ours:
        home = current.is_home
    if home != current.is_home:
        yield Change("is_home", _yes(current.is_home), _yes(home))


def begins_as_home(row: StaffRow, person: Known) -> bool:
    """Tell whether somebody who is assigned here anew has the home school here; nobody takes what another manages."""
    if row.home is None:
        return not person.home_elsewhere
    return row.home and (person.homes_ours or not person.home_elsewhere)


def takes_home(row: StaffRow, person: Known, held: Sequence[Assigned]) -> bool:
    """Tell whether the file names this the home school of somebody who has another; nobody has two."""
    return row.home is True and person.home_elsewhere and not any(one.is_home for one in held)


def current_work(row: StaffRow, held: Sequence[Assigned]) -> Assigned:
    """Return the assignment that a row is about: the one that fits it, else the only or first one."""
    return next((one for one in held if _same_work(row, one)), held[0])


def _yes(value: bool) -> str:
    return "ya" if value else "tidak"


def _stays(person: Known, start: date) -> bool:
    """Tell whether a person is assigned here on the day with no end in sight."""
    return any(held.valid_from <= start and held.valid_to is None for held in person.here)


def _gone(person: Known) -> StaffItem:
    return StaffItem(key=f"g{person.id.hex}", kind=Kind.GONE, person=person)
