"""Which serial numbers of a Hikvision terminal have been heard, and which are missing. Pure.

Every event names its own serial number and that of the event before it, so silence between two events can be told from
events that never arrived. Numbers begin again after a factory reset; a number that was already heard, with a later
time, is such a beginning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Heard:
    """A run of serial numbers without a hole, `first` to `last`, both heard; `after`: the number before `first` that
    the terminal itself named (`frontSerialNo`), so nothing is missing between `after` and `first`. `newest`: latest
    time of an event in it, on the terminal's clock.
    """

    after: int
    first: int
    last: int
    newest: datetime


def hear(runs: Sequence[Heard], *, serial: int, front: int | None, when: datetime) -> list[Heard]:
    """Return the runs, in order of number, with one more event. Hearing an event twice changes nothing.

    After a beginning anew the former runs are dropped: their holes can no longer be asked for by number.
    """
    before = front if front is not None and front < serial else serial - 1
    inside = next((run for run in runs if run.first <= serial <= run.last), None)
    if inside is not None:
        if when > inside.newest:
            return [Heard(before, serial, serial, when)]
        return sorted(runs, key=lambda run: run.first)
    return _joined([*runs, Heard(before, serial, serial, when)])


def _joined(runs: Iterable[Heard]) -> list[Heard]:
    """Join runs between which the terminal says there is nothing."""
    joined: list[Heard] = []
    for run in sorted(runs, key=lambda one: one.first):
        if joined and run.after <= joined[-1].last:
            last = joined[-1]
            joined[-1] = replace(last, last=max(last.last, run.last), newest=max(last.newest, run.newest))
        else:
            joined.append(run)
    return joined


def missing(runs: Sequence[Heard]) -> list[tuple[int, int]]:
    """Return the holes between the runs, as first and last missing number. Before the first run nothing is claimed."""
    ordered = sorted(runs, key=lambda run: run.first)
    return [(left.last + 1, right.after) for left, right in pairwise(ordered)]
