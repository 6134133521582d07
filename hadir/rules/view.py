"""The facts of one day put in order around its shift: what counts, what lies outside, what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hadir.rules.clocktext import say_clock
from hadir.rules.facts import DayFacts, PartDay, Provenance
from hadir.rules.patterns import MINUTE, Shift
from hadir.rules.spans import Span, length_after, length_before, without
from hadir.rules.values import DayRules
from hadir.rules.verdict import Source


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One moment that may show the person's presence, in local time."""

    at: datetime
    source: Source
    reference: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One day's facts in local time, sorted.

    `inside`: evidence that counts; `duties`: the ends of part-day duties, which count too; `waiting`: fallback scans
    inside the window that nobody has checked; `outside`: scans of this date outside the window; `parts`: part-days in
    the order given; `net`: working minutes without breaks; `work`: working time that is neither break nor excused;
    `window`: both ends included.
    """

    facts: DayFacts
    rules: DayRules
    shift: Shift
    net: int
    window: Span
    work: tuple[Span, ...]
    parts: tuple[PartDay, ...]
    inside: tuple[Point, ...]
    duties: tuple[Point, ...]
    waiting: tuple[Point, ...]
    outside: tuple[Point, ...]

    @property
    def complete(self) -> bool:
        """The window is over and the school's devices were heard past it, or a person answers for it (rule 4)."""
        end, heard = self.window[1], self.facts.heard_until
        return self.facts.now >= end and (self.facts.declared_complete or (heard is not None and heard >= end))

    def late_minutes(self, arrival: datetime) -> int:
        """Whole minutes of working time before the arrival (rule 7), neither forgiven nor capped."""
        return length_before(self.work, arrival) // MINUTE

    def early_minutes(self, departure: datetime) -> int:
        """Whole minutes of working time after the departure (rule 7), neither forgiven nor capped."""
        return length_after(self.work, departure) // MINUTE

    def say(self, moment: datetime) -> str:
        """Return a moment as the reasons show it."""
        return say_clock(moment, self.facts.day)


def look(facts: DayFacts, rules: DayRules, shift: Shift) -> View:
    """Put the facts in order."""
    zone = facts.zone
    window = (shift.start - rules.window.before, shift.end + rules.window.after)
    parts = tuple(PartDay(one.code, one.start.astimezone(zone), one.end.astimezone(zone)) for one in facts.part_days)
    scans = [
        (Point(one.at.astimezone(zone), Source.SCAN, one.reference), one.provenance is Provenance.FALLBACK_UNCHECKED)
        for one in facts.scans
        if not one.other_shift
    ]
    scans += [(Point(at.astimezone(zone), Source.CORRECTION), False) for at in facts.corrections]
    return View(
        facts=facts,
        rules=rules,
        shift=shift,
        net=shift.net_minutes,
        window=window,
        work=without((shift.start, shift.end), (*shift.breaks, *((one.start, one.end) for one in parts))),
        parts=parts,
        inside=_sorted(point for point, unchecked in scans if _within(window, point) and not unchecked),
        duties=_sorted(_ends_of_duties(parts, rules, window)),
        waiting=_sorted(point for point, unchecked in scans if _within(window, point) and unchecked),
        outside=_sorted(
            point for point, _unchecked in scans if not _within(window, point) and point.at.date() == facts.day
        ),
    )


def _sorted(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(sorted(set(points)))


def _within(window: Span, point: Point) -> bool:
    return window[0] <= point.at <= window[1]


def _ends_of_duties(parts: tuple[PartDay, ...], rules: DayRules, window: Span) -> Iterable[Point]:
    """Yield both ends of each duty, cut to the window; a duty outside the window proves nothing about this shift."""
    for part in parts:
        start, end = max(part.start, window[0]), min(part.end, window[1])
        if part.code in rules.leave and rules.leave[part.code].evidence and start <= end:
            yield Point(start, Source.DUTY, part.code)
            yield Point(end, Source.DUTY, part.code)
