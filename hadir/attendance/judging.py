"""A judged person-day as the columns of its row, and the digest of what was judged."""

import hashlib
import uuid
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hadir.attendance.facts import gather
from hadir.attendance.shapes import Case
from hadir.rules.day import judge_day
from hadir.rules.verdict import DayVerdict
from hadir.schools.models import School

Key = uuid.UUID
RowKey = tuple[Key, Key, date]
COLUMNS = (
    "status", "codes", "late", "early", "final", "flags", "cause", "reasons", "evidence", "rules", "waits_until",
    "digest",
)  # fmt: skip
"""What a person-day means; two rows with equal values here are the same judgement."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One person-day with its verdict; `values` are those of COLUMNS."""

    case: Case
    verdict: DayVerdict
    values: tuple[Any, ...]

    @property
    def key(self) -> RowKey:
        """Person, school, date."""
        return self.case.person, self.case.school.pk, self.case.facts.day

    def columns(self) -> dict[str, Any]:
        """Return the values of COLUMNS by name, in the forms in which JSON columns give them back."""
        return dict(zip(COLUMNS, self.values, strict=True))


@dataclass(slots=True)
class Bench:
    """Judges cases of one gathering at one moment. What is the same for many of them is worked out once.

    `texts`: the part of the digest's text that cases share; `alike`: verdict and values (without the digest) of cases
    of which nothing is known but what they share. `judge_day` is pure, so the same facts need not be judged twice.
    """

    texts: dict[Hashable, str] = field(default_factory=dict)
    alike: dict[Hashable, tuple[DayVerdict, tuple[Any, ...]]] = field(default_factory=dict)

    def judge(self, case: Case) -> Judged:
        """Judge one case."""
        shared = self.texts.get(case.shared)
        if shared is None:
            shared = self.texts[case.shared] = _shared_text(case)
        if case.own:
            verdict = judge_day(case.facts, case.rules)
            values = _values(case, verdict)
            text = f"{case.person}\n{shared}\n{_own_text(case)}"
        else:
            found = self.alike.get(case.shared)
            if found is None:
                verdict = judge_day(case.facts, case.rules)
                found = self.alike[case.shared] = verdict, _values(case, verdict)
            verdict, values = found
            text = f"{case.person}\n{shared}"
        return Judged(case, verdict, (*values, hashlib.sha256(text.encode()).hexdigest()))


def judge(
    schools: Sequence[School], first: date, last: date, now: datetime, people: Collection[Key] | None = None
) -> Iterator[Judged]:
    """Judge everybody (or only `people`) assigned to these schools on each date that has begun. Writes nothing.

    Raises HadirError `rule_pack_unusable`.
    """
    gathered = gather(schools, first, last, people)
    bench = Bench()
    for case in gathered.cases({school.pk for school in schools}, first, last, now):
        yield bench.judge(case)


def _values(case: Case, verdict: DayVerdict) -> tuple[Any, ...]:
    """Return the values of COLUMNS but the digest."""
    waits = case.window[1] if case.window and not verdict.final and not case.complete and not case.quiet else None
    return (
        verdict.status,
        list(verdict.codes),
        verdict.late,
        verdict.early,
        verdict.final,
        [str(flag) for flag in verdict.flags],
        str(verdict.cause or ""),
        [[one.key, dict(one.params)] for one in verdict.reasons],
        [
            {"at": one.at.isoformat(), "source": one.source.value, "role": one.role.value, "reference": one.reference}
            for one in verdict.evidence
        ],
        verdict.rules,
        waits,
    )


def _shared_text(case: Case) -> str:
    """Write down the facts that are true of everybody with these hours at this school on this date, and the rules."""
    facts = case.facts
    pattern = facts.pattern
    hours = pattern.hours.get(facts.day.weekday()) if pattern else None
    parts: list[object] = [
        case.school.pk,
        facts.day,
        facts.zone.key,
        case.rules.version,
        pattern.key if pattern else None,
        (hours.start, hours.end, hours.breaks) if hours else None,
        sorted(facts.calendar),
        facts.heard_until.timestamp() if facts.heard_until else None,
        facts.declared_complete,
        facts.trial,
        facts.known_to_devices,
    ]
    return "\n".join(map(str, parts))


def _own_text(case: Case) -> str:
    """Write down the facts of the person alone, each kind on a line of its own."""
    facts = case.facts
    scans = [f"{one.at.timestamp()} {one.provenance} {one.other_shift:d} {one.reference}" for one in facts.scans]
    parts = [f"{one.code} {one.start.timestamp()} {one.end.timestamp()}" for one in facts.part_days]
    granted = sorted(f"{one.code} {one.reference}" for one in case.granted)
    return "\n".join(
        (
            ";".join(scans),
            ";".join(facts.full_days),
            ";".join(parts),
            ";".join(str(one.timestamp()) for one in facts.corrections),
            "TEKNIS" if facts.technical else "",
            ";".join(granted),
            ";".join(f"{one.at.timestamp()} {one.reference}" for one in facts.unplaced),
        )
    )


def differences(values: Sequence[Any], stored: Sequence[Any]) -> list[str]:
    """Return the names of the columns in which two judgements differ."""
    return [name for name, one, other in zip(COLUMNS, values, stored, strict=True) if one != other]
