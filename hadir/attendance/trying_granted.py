"""Trying approved entries on past days before they are approved: which person-days would mean something else."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from hadir.attendance.facts import gather
from hadir.attendance.judging import RowKey
from hadir.attendance.trying import Difference, Trial, meaning_of
from hadir.leave.granted import Granted
from hadir.people.models import Person
from hadir.rules.day import judge_day
from hadir.schools.models import School


def try_granted(*, school: School, first: date, last: date, now: datetime, entries: Sequence[Granted]) -> Trial:
    """Judge the people of these entries at a school as they are and with the entries. Writes nothing.

    The school comes with its district loaded. About twenty queries, however many people and dates. Raises HadirError
    `rule_pack_unusable`.
    """
    people = {one.person for one in entries}
    gathered = gather([school], first, last, people)
    more: dict[uuid.UUID, list[Granted]] = defaultdict(list)
    for one in entries:
        more[one.person].append(one)
    granted = {person: [*gathered.granted.get(person, ()), *more[person]] for person in people}
    with_entries = replace(gathered, granted=granted, places={})
    before, after = (
        {
            _key(case.person, case.school, case.facts.day): meaning_of(judge_day(case.facts, case.rules))
            for case in cases
        }
        for cases in (one.cases({school.pk}, first, last, now) for one in (gathered, with_entries))
    )
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    changed = [
        Difference(person, school, day, was, after[person, key, day])
        for (person, key, day), was in before.items()
        if was != after[person, key, day]
    ]
    changed.sort(key=lambda one: (one.day, names[one.person], one.person))
    return Trial(len(before), changed, names)


def _key(person: uuid.UUID, school: School, day: date) -> RowKey:
    return person, school.pk, day
