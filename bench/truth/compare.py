"""Comparing what was judged with the truth, by arithmetic of its own."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.truth.world import Truth, World
from hadir.attendance.models import PersonDay

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Finding:
    """A class of outcome. `kind`: `right`, `waits` (not final, and the truth is why), `known` (final and different, for
    a reason that docs/attendance.md names), `WRONG`."""

    kind: str
    told: str


def compare(world: World, *, show: int) -> tuple[Counter[Finding], list[str]]:
    """Return how many person-days fall into each class, and examples of those that have no name."""
    findings: Counter[Finding] = Counter()
    examples: Counter[Finding] = Counter()
    lines: list[str] = []
    rows = {(row.person_id, row.school_id, row.day): row for row in PersonDay.objects.iterator(chunk_size=2000)}
    for key, truth in world.truths.items():
        row = rows.pop(key, None)
        found = Finding("WRONG", "no row") if row is None else judge(truth, row)
        findings[found] += 1
        if found.kind == "WRONG" and row is not None and examples[found] < show:
            examples[found] += 1
            lines.append(
                f"{found.told}: {key[2]} {row.status} {row.codes} {row.late}/{row.early} {row.cause} {row.flags}; "
                f"came {truth.came}, left {truth.left}, seen {len(truth.seen)}, {truth.parts} {truth.leave} "
                f"{sorted(truth.troubles)}"
            )
    outside = sum(world.first <= key[2] <= world.last for key in rows)
    findings[Finding("WRONG", "a row of nobody")] += outside
    return +findings, lines


def judge(truth: Truth, row: PersonDay) -> Finding:  # noqa: PLR0911  one line for each class
    """Return the class of one person-day."""
    troubles = ", ".join(sorted(truth.troubles)) or "nothing known"
    if truth.off:
        return _same(row.status == "L" and row.final, "day off", row)
    if truth.leave:
        return _same(row.status == truth.leave and row.final, "leave", row, troubles if truth.troubles else "")
    if truth.technical:
        return _same(row.status == "H" and row.codes == ["TEKNIS"], "technical reason", row)
    evidence = [*truth.seen, *(moment for code, *ends in truth.parts if code == "DL" for moment in ends)]
    if row.status == "A":
        return Finding("right", "absent") if truth.came is None and not evidence else Finding("WRONG", "present, but A")
    if truth.came is None and not evidence:
        return _nobody_came(truth, row, troubles)
    if not row.final:
        # A doubted scan of another date may belong to this one.
        kind = "waits" if truth.troubles or row.cause == "fallback_unchecked" else "WRONG"
        return Finding(kind, f"{row.status} waits for {row.cause}; {troubles}")
    if row.status == "H" and evidence and (row.late, row.early) == minutes(truth, sorted(evidence)):
        whole = truth.came in truth.seen and truth.left in truth.seen
        return Finding("right", "present" if whole else f"present, one side not recorded; {troubles}")
    if any(trouble.startswith(("clock wrong", "a wrong clock")) for trouble in truth.troubles):
        return Finding("known", f"{row.status}: minutes by a wrong clock that nobody could see; {troubles}")
    return Finding("WRONG", f"{row.status} with other minutes; {troubles}")


def _same(right: bool, told: str, row: PersonDay, troubles: str = "") -> Finding:
    if right:
        return Finding("right", told)
    if not row.final and troubles:
        return Finding("waits", f"{told}: {row.cause}; {troubles}")
    return Finding("waits", f"{told}: {row.cause}") if not row.final else Finding("WRONG", f"{told} as {row.status}")


def _nobody_came(truth: Truth, row: PersonDay, troubles: str) -> Finding:
    if row.status == "T":
        return Finding("waits", f"absent, T for {row.cause}")
    if "a wrong clock claims this date" in truth.troubles:
        return Finding("known", "absent, H by a record whose clock was wrong and that nobody could see")
    return Finding("WRONG", f"absent, but {row.status}; {troubles}")


def minutes(truth: Truth, evidence: list[datetime]) -> tuple[int, int]:
    """Return the minutes late and early that these moments mean."""
    assert truth.hours is not None  # noqa: S101
    start, end, breaks = truth.hours
    seconds = [start + timedelta(seconds=step) for step in range(0, int((end - start).total_seconds()), 30)]
    # Half minutes: starts, ends, breaks and parts of days all lie on whole ones.
    net = [at for at in seconds if not any(first <= at < last for first, last in breaks)]
    work = [at for at in net if not any(first <= at < last for _code, first, last in truth.parts)]
    cap = len(net) // 4
    late, early = _before(work, evidence[0], cap), _after(work, evidence[-1], cap)
    if evidence[-1] - evidence[0] >= timedelta(minutes=30):
        return late, early
    return (late, cap) if late + cap <= early + cap else (cap, early)


def _before(work: list[datetime], moment: datetime, cap: int) -> int:
    spent = sum((min((moment - at).total_seconds(), 30) for at in work if at < moment), 0.0)
    return min(int(spent // 60), cap)


def _after(work: list[datetime], moment: datetime, cap: int) -> int:
    half = timedelta(seconds=30)
    spent = sum((min((at + half - moment).total_seconds(), 30) for at in work if at + half > moment), 0.0)
    return min(int(spent // 60), cap)
