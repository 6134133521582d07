"""The story of one day of one person: the judgement as it is now, in sentences with their rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hadir.attendance.judging import Judged, judge
from hadir.attendance.models import CompletenessDeclaration, PersonDay
from hadir.core.clock import day_bounds
from hadir.ledger.models import Scan, Verdict
from hadir.people.models import Person
from hadir.people.queries import assignments_on
from hadir.rules.verdict import Evidence
from hadir.rules.words import SENTENCES, Reason
from hadir.schedules.packs import office_pack
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a story in the language of the moment, with the rule of docs/rules.md that it applies."""

    text: str
    rule: str
    key: str


@dataclass(frozen=True, slots=True)
class UsedScan:
    """A piece of evidence and the scan behind it; `scan` is None for a correction or a duty."""

    evidence: Evidence
    scan: Scan | None


@dataclass(frozen=True, slots=True)
class Story:
    """A judged person-day with what a reader needs: sentences, scans used, scans not used with why, sources."""

    school: School
    judged: Judged
    sentences: list[Sentence]
    used: list[UsedScan]
    unused: list[tuple[Scan, str]]
    hours_source: str
    stored: PersonDay | None
    declaration: CompletenessDeclaration | None


def day_stories(person: Person, day: date, *, now: datetime, schools: QuerySet[School] | None = None) -> list[Story]:
    """Return the story of a date at each of the person's schools (only those of `schools` unless None).

    Judged from the facts at this moment; `stored` is the row that the last computation left. Empty where there is no
    assignment, or the date has not begun. Raises HadirError `rule_pack_unusable`.
    """
    held = assignments_on(day).filter(person=person).values("school")
    places = School.objects.filter(pk__in=held).select_related("district__region")
    if schools is not None:
        places = places.filter(pk__in=schools.order_by().values("pk"))
    here = list(places.order_by("npsn"))
    if not here:
        return []
    verdicts = list(judge(here, day, day, now, {person.pk}))
    rows = {row.school_id: row for row in PersonDay.objects.filter(person=person, day=day)}
    declared = {row.school_id: row for row in CompletenessDeclaration.objects.filter(day=day, school__in=here)}
    scans = _scans(person, day, verdicts)
    return [
        Story(
            school=one.case.school,
            judged=one,
            sentences=[sentence(reason) for reason in one.verdict.reasons],
            used=[UsedScan(each, scans.get(each.reference)) for each in one.verdict.evidence],
            unused=_unused(one, scans),
            hours_source=hours_source(one),
            stored=rows.get(one.case.school.pk),
            declaration=declared.get(one.case.school.pk),
        )
        for one in verdicts
    ]


def sentence(reason: Reason) -> Sentence:
    """Return a reason as a sentence in the language of the moment."""
    return Sentence(_(reason.template).format(**dict(reason.params)), reason.rule, reason.key)


def stored_sentences(row: PersonDay) -> list[Sentence]:
    """Return the sentences of a stored row; a key that this version no longer has is left out."""
    return [sentence(Reason(key, tuple(params.items()))) for key, params in row.reasons if key in SENTENCES]


def hours_source(judged: Judged) -> str:
    """Return where the hours of the day come from, as the rule pack says; empty without hours."""
    facts = judged.case.facts
    if facts.pattern is None:
        return ""
    pack = office_pack(judged.verdict.rules.rsplit("-", 1)[0])
    series = pack.patterns.get(facts.pattern.key)
    row = series.row_on(facts.day) if series else None
    return row.source if row else ""


def _scans(person: Person, day: date, verdicts: Collection[Judged]) -> dict[str, Scan]:
    """Return every recognised scan of the person on this date, counted or not, and those of the evidence, by id."""
    wanted = Q(pk__in=[each.reference for one in verdicts for each in one.verdict.evidence if each.reference])
    for one in verdicts:
        start, end = day_bounds(day, one.case.school.time_zone)
        wanted |= Q(captured_at__gte=start, captured_at__lt=end)
    rows = Scan.objects.filter(wanted, person=person, verdict=Verdict.RECOGNISED).select_related("device", "school")
    return {str(scan.pk): scan for scan in rows.defer("record", "quality").order_by("captured_at", "id")}


def _unused(judged: Judged, scans: dict[str, Scan]) -> list[tuple[Scan, str]]:
    used = {each.reference for each in judged.verdict.evidence}
    known = {scan.reference for scan in judged.case.facts.scans}
    day, zone = judged.case.facts.day, ZoneInfo(judged.case.school.time_zone)
    return [
        (
            scan,
            _("termasuk jam kerja tanggal lain") if key in known else _("gambar contoh di luar wilayah peragaan"),
        )
        for key, scan in scans.items()
        if key not in used and scan.captured_at.astimezone(zone).date() == day
    ]
