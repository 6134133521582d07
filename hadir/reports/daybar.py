"""The bar of a day at true scale: what was worked, what was missed, breaks, approved hours; scans and hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hadir.attendance.judging import Judged
from hadir.attendance.marks import DUTY
from hadir.rules.patterns import Shift
from hadir.rules.spans import Span, without
from hadir.rules.verdict import ABSENT, PENDING, PRESENT, TECHNICAL, Role

LEFT, RIGHT = 12.0, 88.0
"""A label nearer to an edge than this, in percent, stands to the inner side of its line."""
NEAR = 30.0
"""Two labels above the bar nearer to each other than this, in percent, would touch on a phone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the bar: `x` and `width` in percent, `kind` a class of the style sheet."""

    x: str
    width: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment: `x` in percent, when, its word (empty: none), and how its label lies to it."""

    x: str
    at: datetime
    kind: str
    anchor: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class DayBar:
    """One shift as a picture. `start`, `end`, `breaks`: hours below; `scans`: moments above."""

    pieces: Sequence[Piece]
    start: Tick
    end: Tick
    breaks: Sequence[Tick]
    scans: Sequence[Tick]


def bar_of(judged: Judged) -> DayBar | None:
    """Return the bar of a judged day, None for a day without hours."""
    facts = judged.case.facts
    shift = facts.pattern.shift_on(facts.day, facts.zone) if facts.pattern else None
    if shift is None:
        return None
    verdict = judged.verdict
    moments = [one.at for one in verdict.evidence if _near(one.at, judged.case.window)]
    scale = _Scale(min([shift.start, *moments]), max([shift.end, *moments]))
    pieces = [scale.piece(span, "bar-break") for span in shift.breaks]
    parts = [((one.start, one.end), "bar-duty" if one.code == DUTY else "bar-leave") for one in facts.part_days]
    pieces += [scale.piece(_clip(span, shift), kind) for span, kind in parts if _clip(span, shift)[0] < shift.end]
    work = without((shift.start, shift.end), (*shift.breaks, *(span for span, _kind in parts)))
    pieces += [scale.piece(span, kind) for span, kind in _worked(judged, work)]
    return DayBar(
        pieces=pieces,
        start=scale.tick(shift.start, "start"),
        end=scale.tick(shift.end, "end"),
        breaks=[scale.tick(span[0], "break") for span in shift.breaks],
        scans=_scans(judged, scale, moments),
    )


def _near(moment: datetime, window: Span | None) -> bool:
    return window is not None and window[0] <= moment <= window[1]


def _clip(span: Span, shift: Shift) -> Span:
    return max(span[0], shift.start), min(span[1], shift.end)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    def at(self, moment: datetime) -> float:
        return 100 * ((moment - self.first) / (self.last - self.first))

    def piece(self, span: Span, kind: str) -> Piece:
        x = self.at(span[0])
        return Piece(f"{x:.2f}%", f"{max(0.0, self.at(span[1]) - x):.2f}%", kind)

    def tick(self, moment: datetime, kind: str, *, named: bool = True) -> Tick:
        x = self.at(moment)
        anchor = "start" if x < LEFT else "end" if x > RIGHT else "middle"
        return Tick(f"{x:.2f}%", moment, kind, anchor, named)


def _scans(judged: Judged, scale: _Scale, moments: Sequence[datetime]) -> list[Tick]:
    """Return the scans; only arrival and departure, and a lone other one, carry their time."""
    named: list[float] = []
    ticks = []
    roles = {one.at: one.role for one in judged.verdict.evidence}
    order = sorted(moments, key=lambda at: roles[at] not in {Role.ARRIVAL, Role.DEPARTURE})
    for at in order:
        x = scale.at(at)
        free = all(abs(x - other) >= NEAR for other in named)
        if free:
            named.append(x)
        ticks.append(scale.tick(at, str(roles[at]), named=free))
    return ticks


def _worked(judged: Judged, work: Sequence[Span]) -> Iterable[tuple[Span, str]]:
    """Yield the working time by what became of it: missed at either end, worked, not known yet, or away."""
    verdict, facts = judged.verdict, judged.case.facts
    if verdict.status == PENDING:
        return [(span, "bar-open") for span in work]
    if verdict.status == ABSENT:
        return [(span, "bar-absent") for span in work]
    if verdict.status != PRESENT:
        return [(span, "bar-duty" if verdict.status == DUTY else "bar-leave") for span in work]
    if TECHNICAL in verdict.codes:
        return [(span, "bar-seen") for span in work]
    total = sum((span[1] - span[0] for span in work), timedelta())
    known = total if verdict.final else _until(work, facts.now)
    late, early = timedelta(minutes=verdict.late), timedelta(minutes=verdict.early)
    marks = [(late, "bar-missed"), (known - early, "bar-seen"), (total if early else known, "bar-missed")]
    return _cut(work, [*marks, (total, "bar-open")])


def _until(work: Sequence[Span], now: datetime) -> timedelta:
    return sum((max(timedelta(), min(span[1], now) - span[0]) for span in work), timedelta())


def _cut(work: Sequence[Span], marks: Sequence[tuple[timedelta, str]]) -> Iterable[tuple[Span, str]]:
    """Yield the spans cut where the working time since the start passes each mark."""
    passed, step = timedelta(), 0
    for start, end in work:
        at = start
        while at < end:
            while step < len(marks) - 1 and marks[step][0] <= passed:
                step += 1
            until = min(end, at + (marks[step][0] - passed)) if marks[step][0] > passed else end
            yield (at, until), marks[step][1]
            passed += until - at
            at = until
