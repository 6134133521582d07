"""A judged person-day as the columns of its row, and the digest of what was judged."""

import hashlib
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hadir.attendance.cases import Case
from hadir.attendance.facts import gather
from hadir.rules.day import judge_day
from hadir.rules.verdict import Cause, DayVerdict
from hadir.schools.models import School

Key = uuid.UUID
RowKey = tuple[Key, Key, date]
COLUMNS = (
    "status", "codes", "late", "early", "final", "flags", "cause", "reasons", "evidence", "rules", "digest",
    "waits_until",
)  # fmt: skip
"""What a person-day means; two rows with equal values here are the same judgement."""
WAITING = frozenset({Cause.DAY_NOT_OVER, Cause.SCHOOL_NOT_HEARD})


@dataclass(frozen=True, slots=True)
class Judged:
    """One person-day with its verdict."""

    case: Case
    verdict: DayVerdict

    @property
    def key(self) -> RowKey:
        """Person, school, date."""
        return self.case.person, self.case.school.pk, self.case.facts.day

    def columns(self) -> dict[str, Any]:
        """Return the values of COLUMNS, in the forms in which JSON columns give them back."""
        verdict, window = self.verdict, self.case.window
        return {
            "status": verdict.status,
            "codes": list(verdict.codes),
            "late": verdict.late,
            "early": verdict.early,
            "final": verdict.final,
            "flags": [str(flag) for flag in verdict.flags],
            "cause": str(verdict.cause or ""),
            "reasons": [[one.key, dict(one.params)] for one in verdict.reasons],
            "evidence": [
                {"at": one.at.isoformat(), "source": str(one.source), "role": str(one.role), "reference": one.reference}
                for one in verdict.evidence
            ],
            "rules": verdict.rules,
            "digest": digest_of(self.case),
            "waits_until": window[1] if window and verdict.cause in WAITING and not self.case.quiet else None,
        }


def judge(
    schools: Sequence[School], first: date, last: date, now: datetime, people: Collection[Key] | None = None
) -> Iterator[Judged]:
    """Judge everybody (or only `people`) assigned to these schools on each date that has begun. Writes nothing.

    Raises HadirError `rule_pack_unusable`.
    """
    gathered = gather(schools, first, last, people)
    for case in gathered.cases({school.pk for school in schools}, first, last, now):
        yield Judged(case, judge_day(case.facts, case.rules))


def digest_of(case: Case) -> str:
    """Return the SHA-256 of everything that was judged but the clock: facts, hours, and the version of the rules."""
    facts = case.facts
    pattern = facts.pattern
    hours = pattern.hours.get(facts.day.weekday()) if pattern else None
    parts: list[object] = [
        case.person,
        case.school.pk,
        facts.day,
        facts.zone.key,
        case.rules.version,
        pattern.key if pattern else None,
        (hours.start, hours.end, hours.breaks) if hours else None,
        sorted(facts.calendar),
        [(scan.at.isoformat(), scan.provenance, scan.other_shift, scan.reference) for scan in facts.scans],
        facts.heard_until.timestamp() if facts.heard_until else None,
        facts.declared_complete,
        facts.trial,
        facts.known_to_devices,
        facts.full_days,
        [(part.code, part.start.isoformat(), part.end.isoformat()) for part in facts.part_days],
        [at.isoformat() for at in facts.corrections],
        facts.technical,
        [(scan.at.isoformat(), scan.reference) for scan in facts.unplaced],
    ]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def differences(columns: Mapping[str, Any], stored: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns in which two judgements differ."""
    return [name for name in COLUMNS if columns[name] != stored[name]]
