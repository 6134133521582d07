"""What approved leave, duty and corrections mean for days: the form in which `attendance` reads them."""

import uuid
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Granted:
    """One approved entry, for one person.

    `code`: a full-day or part-day code of `rules` (S, I, CT, CB, CS, CM, CAP, CLTN, DL), `TEKNIS` for an approved
    technical reason, or `K` for the correction of one missing scan. `first` and `last`: dates, both included. `start`
    and `end`: local times of the school for part of a day (both set) or the time of a correction (`start` only); both
    None for whole days. `school`: None where it holds at every school of the person. `reference`: id of the entry.
    """

    person: uuid.UUID
    code: str
    first: date
    last: date
    school: uuid.UUID | None = None
    start: time | None = None
    end: time | None = None
    reference: str = ""
