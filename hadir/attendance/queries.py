"""The story of one day of one person: the judgement as it is now, in sentences with their rules."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hadir.attendance.judging import Judged, judge
from hadir.attendance.models import CompletenessDeclaration, PersonDay
from hadir.attendance.reviews import Standing, standing_of
from hadir.core.clock import day_bounds
from hadir.devices.models import Device
from hadir.leave.granted import Granted
from hadir.ledger.models import Scan, TerminalScan, Verdict
from hadir.people.models import Person
from hadir.people.queries import assignments_on
from hadir.rules.verdict import Evidence, Source
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
    """A piece of evidence and what lies behind it: a kiosk's `scan`, a terminal's `punch`, or neither for a correction
    or a duty. `standing`: where the scan's clock is doubted, what a person decided."""

    evidence: Evidence
    scan: Scan | None
    standing: Standing | None = None
    punch: TerminalScan | None = None

    @property
    def device(self) -> Device | None:
        """The kiosk or terminal that recorded it."""
        source = self.scan or self.punch
        return source.device if source else None


@dataclass(frozen=True, slots=True)
class Story:
    """A judged person-day with what a reader needs: sentences, scans used, scans not used with why, approved entries
    that touch the day, scans (of kiosks and of terminals) that may have been made on it, sources."""

    school: School
    judged: Judged
    sentences: list[Sentence]
    used: list[UsedScan]
    unused: list[tuple[Scan, str]]
    granted: tuple[Granted, ...]
    unplaced: list[Scan | TerminalScan]
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
    punches = _punches(verdicts)
    standings = standing_of(scans.values())
    return [
        Story(
            school=one.case.school,
            judged=one,
            sentences=[sentence(reason) for reason in one.verdict.reasons],
            used=[_used(each, scans, punches, standings) for each in one.verdict.evidence],
            unused=_unused(one, scans, standings),
            granted=one.case.granted,
            unplaced=[(scans | punches)[scan.reference] for scan in one.case.facts.unplaced if scan.reference],
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
    used = {each.reference for one in verdicts for each in one.verdict.evidence if each.source is Source.SCAN}
    waiting = {scan.reference for one in verdicts for scan in one.case.facts.unplaced}
    wanted = Q(pk__in=[key for key in used | waiting if key])
    for one in verdicts:
        start, end = day_bounds(day, one.case.school.time_zone)
        wanted |= Q(captured_at__gte=start, captured_at__lt=end)
    rows = Scan.objects.filter(wanted, person=person, verdict=Verdict.RECOGNISED).select_related("device", "school")
    return {str(scan.pk): scan for scan in rows.defer("record", "quality").order_by("captured_at", "id")}


def _punches(verdicts: Collection[Judged]) -> dict[str, TerminalScan]:
    """Return the records of terminals that are evidence, or may be, by id."""
    keys = {one.reference for each in verdicts for one in (*each.case.facts.scans, *each.case.facts.unplaced)}
    rows = TerminalScan.objects.filter(pk__in=[key for key in keys if key]).select_related("device", "school")
    return {str(punch.pk): punch for punch in rows}


def _used(
    evidence: Evidence,
    scans: Mapping[str, Scan],
    punches: Mapping[str, TerminalScan],
    standings: Mapping[uuid.UUID, Standing],
) -> UsedScan:
    scan = scans.get(evidence.reference)
    return UsedScan(evidence, scan, standings.get(scan.pk) if scan else None, punches.get(evidence.reference))


def _unused(judged: Judged, scans: dict[str, Scan], standings: Mapping[uuid.UUID, Standing]) -> list[tuple[Scan, str]]:
    """Return the scans of this date that did not take part in the judgement, each with why."""
    used = {each.reference for each in judged.verdict.evidence}
    known = {scan.reference for scan in judged.case.facts.scans}
    day, zone = judged.case.facts.day, ZoneInfo(judged.case.school.time_zone)
    return [
        (scan, _why_unused(key in known, standings.get(scan.pk), zone))
        for key, scan in scans.items()
        if key not in used and scan.captured_at.astimezone(zone).date() == day
    ]


def _why_unused(judged_elsewhere: bool, standing: Standing | None, zone: ZoneInfo) -> str:
    if judged_elsewhere:
        return _("termasuk jam kerja tanggal lain")
    if standing is None:
        return _("gambar contoh di luar wilayah peragaan")
    if standing.review is None:
        return _("jam kios diragukan; menunggu diperiksa")
    if standing.at is None:
        return _("ditolak oleh {name}: {reason}").format(
            name=standing.review.decided_name, reason=standing.review.reason
        )
    return _("diterima untuk {at} oleh {name}: {reason}").format(
        at=standing.at.astimezone(zone).strftime("%d-%m-%Y %H.%M"),
        name=standing.review.decided_name,
        reason=standing.review.reason,
    )
