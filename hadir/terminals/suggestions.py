"""Who may have a PIN: proposed by NIP and by the name that the terminal shows, confirmed by a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hadir.devices.models import Device, PinMapping
from hadir.devices.queries import schools_of
from hadir.ledger.queries_terminal import WaitingPin, waiting_pins
from hadir.people.models import Person
from hadir.people.names import alike, name_key
from hadir.people.queries import people_of_school
from hadir.terminals.models import KnownUser

Reason = Literal["nip", "nuptk", "nip_part", "name", "name_part"]
SHORTEST_PART = 5
"""Digits of a NIP that a PIN must repeat to be a hint; a NIP has 18 and does not fit on most terminals."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may have the PIN, and why."""

    person: Person
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A PIN that nobody has: the name on the terminal, the records that wait for it, and who may have it.

    `candidates`: the likeliest first; exactly one means that it is the only one for its reason.
    """

    pin: str
    name: str
    waiting: WaitingPin | None
    candidates: Sequence[Candidate]


def suggest(device: Device, *, today: date) -> Sequence[Suggestion]:
    """Return the PINs of a terminal that nobody has today, those with waiting records first.

    Candidates are people who are assigned to a school of the terminal and have no PIN on it yet.
    """
    waiting = {one.pin: one for one in waiting_pins(device)}
    names = dict(KnownUser.objects.filter(device=device).values_list("pin", "name"))
    open_now = PinMapping.objects.filter(device=device, valid_to__isnull=True)
    taken = {mapping.pin: mapping.person_id for mapping in open_now}
    people = {one.pk: one for school in schools_of(device) for one in people_of_school(school, today)}
    free = [one for key, one in people.items() if key not in set(taken.values())]
    pins = [pin for pin in {**names, **waiting} if pin not in taken or pin in waiting]
    found = [
        Suggestion(pin, names.get(pin, ""), waiting.get(pin), candidates(pin, names.get(pin, ""), free)) for pin in pins
    ]
    return sorted(found, key=lambda one: (-(one.waiting.count if one.waiting else 0), one.pin))


def candidates(pin: str, name: str, people: Iterable[Person]) -> Sequence[Candidate]:
    """Return who may have a PIN with this name on the terminal. The best reason that anybody has is taken."""
    by_reason: dict[Reason, list[Person]] = {}
    for person in people:
        reason = _reason(pin, name, person)
        if reason is not None:
            by_reason.setdefault(reason, []).append(person)
    for reason in ("nip", "nuptk", "name", "nip_part", "name_part"):
        if reason in by_reason:
            return [Candidate(person, reason) for person in by_reason[reason]][:5]
    return []


def _reason(pin: str, name: str, person: Person) -> Reason | None:
    if pin and pin == person.nip:
        return "nip"
    if pin and pin == person.nuptk:
        return "nuptk"
    shown, full = name_key(name), name_key(person.name)
    if shown and alike(shown, full) and len(shown) > 3 and (" " in shown or " " not in full):
        return "name"
    if len(pin) >= SHORTEST_PART and pin.isdecimal() and (person.nip.startswith(pin) or person.nip.endswith(pin)):
        return "nip_part"
    if shown and _is_cut(shown.split(), full.split()):
        return "name_part"
    return None


def _is_cut(words: Sequence[str], full: Sequence[str]) -> bool:
    """Tell whether words are those of a name, in order, shortened or left out: SITI A for Siti Aminah."""
    place = 0
    for word in words:
        while place < len(full) and not full[place].startswith(word):
            place += 1
        if place == len(full):
            return False
        place += 1
    return sum(map(len, words)) >= 3
