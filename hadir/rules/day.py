"""What a day means. The nine rules are those of docs/rules.md; numbers in brackets name them.

The way down: counts at all? -> working day (2)? -> decided for the whole day (3)? -> complete (4)? -> any evidence
(5)? -> arrival and departure (6), minutes (7), codes (8).
"""

from dataclasses import replace

from hadir.rules.facts import Calendar, DayFacts, Provenance
from hadir.rules.frame import incomplete, shown, verdict
from hadir.rules.patterns import NO_HOURS
from hadir.rules.presence import judge_presence, provisional
from hadir.rules.values import DayRules
from hadir.rules.verdict import (
    ABSENT,
    DAY_OFF,
    NOT_COUNTED,
    PENDING,
    PRESENT,
    TECHNICAL,
    Cause,
    DayVerdict,
    Evidence,
    Flag,
    Role,
    Source,
)
from hadir.rules.view import Point, View, hours_on, look
from hadir.rules.words import Reason, reason


def judge_day(facts: DayFacts, rules: DayRules) -> DayVerdict:
    """Return what this day means for this person by these rules, which are those in force on `facts.day`.

    Fails for no facts that can be made. The order of facts does not matter, but for the order in which part-day codes
    are listed; nor does `now`, once the scan window is over.
    """
    if not facts.assigned or facts.trial:
        return _not_counted(facts, rules)
    pattern = facts.pattern
    off = () if pattern is not None and pattern.on_holidays else _days_off(facts)
    if off:
        return _day_off(facts, rules, off)
    if pattern is None:
        waiting = (reason("no_schedule"),)
        return DayVerdict(
            PENDING, False, rules.version, cause=Cause.NO_SCHEDULE, reasons=waiting, evidence=_scans_shown(facts)
        )
    hours = hours_on(pattern, facts.day, facts.zone, rules.window)
    if hours is None or not hours.work:
        told = reason("no_hours") if pattern.key == NO_HOURS.key else reason("no_shift", pattern=pattern.title)
        return _day_off(facts, rules, (told,))
    view = look(facts, rules, hours)
    firm = _judge(view, view.inside)
    if view.waiting:
        firm = _with_waiting(view, firm, _judge(view, tuple(sorted((*view.inside, *view.waiting)))))
    return _with_unplaced(view, firm) if facts.unplaced else firm


def _not_counted(facts: DayFacts, rules: DayRules) -> DayVerdict:
    """Outside an assignment and in *uji coba* a day counts for nothing (5)."""
    flags, key = ((Flag.TRIAL,), "trial") if facts.assigned else ((), "not_assigned")
    shown_only = _scans_shown(facts)
    return DayVerdict(NOT_COUNTED, True, rules.version, flags=flags, reasons=(reason(key),), evidence=shown_only)


def _day_off(facts: DayFacts, rules: DayRules, told: tuple[Reason, ...]) -> DayVerdict:
    """There is no shift (2), so no window to wait for."""
    return DayVerdict(DAY_OFF, True, rules.version, reasons=told, evidence=_scans_shown(facts))


def _days_off(facts: DayFacts) -> tuple[Reason, ...]:
    words = ((Calendar.HOLIDAY, "holiday"), (Calendar.JOINT_LEAVE, "joint_leave"))
    return tuple(reason(key) for kind, key in words if kind in facts.calendar)


def _scans_shown(facts: DayFacts) -> tuple[Evidence, ...]:
    """Scans of a day on which they decide nothing."""
    moments = sorted({(scan.at.astimezone(facts.zone), scan.reference) for scan in facts.scans})
    return tuple(Evidence(at, Source.SCAN, Role.SHOWN, reference) for at, reference in moments)


def _judge(view: View, inside: tuple[Point, ...]) -> DayVerdict:
    """Judge a working day with this evidence inside the window."""
    facts, rules = view.facts, view.rules
    codes = {*facts.full_days, *(part.code for part in view.parts)}
    unknown = sorted(codes - set(rules.leave))
    if unknown:
        told = tuple(reason("leave_code_unknown", code=code) for code in unknown)
        return verdict(view, PENDING, told, cause=Cause.LEAVE_CODE_UNKNOWN, evidence=shown(inside))
    if facts.full_days:
        return _full_day(view, inside)
    if facts.technical:
        told = (reason("technical"),)
        cause = incomplete(view)[0]
        return verdict(view, PRESENT, told, cause=cause, codes=(TECHNICAL,), evidence=shown(inside))
    points = tuple(sorted((*inside, *view.duties)))
    if view.complete:
        return judge_presence(view, points) if points else _no_evidence(view)
    # A duty that is still to come proves nothing yet.
    points = tuple(point for point in points if point.source is not Source.DUTY or point.at <= facts.now)
    if points:
        return provisional(view, points)
    return verdict(view, PENDING, (reason("nothing_yet"),), cause=incomplete(view)[0])


def _full_day(view: View, inside: tuple[Point, ...]) -> DayVerdict:
    """A full-day absence is the status (3). Of several approved ones the pack's order decides, not the order of facts.

    Its status stands, but until the day is complete a scan may still raise a flag: it is not final (4).
    """
    codes = [code for code in view.rules.leave if code in view.facts.full_days]
    leave = view.rules.leave[codes[0]]
    told = [reason("full_day", name=leave.name, code=leave.code)]
    if len(codes) > 1:
        told.append(reason("full_day_several", codes=", ".join(codes), code=leave.code))
    seen = bool(inside) and not leave.may_scan
    if seen:
        told.append(reason("seen_on_leave", code=leave.code))
    flags = (Flag.SEEN_ON_LEAVE,) if seen else ()
    cause = incomplete(view)[0]
    return verdict(view, leave.code, tuple(told), cause=cause, flags=flags, evidence=shown(inside))


def _no_evidence(view: View) -> DayVerdict:
    """Judge a complete day without evidence (5): absent only when no person needs to look first."""
    if not view.work:
        # The shift itself has work, so part-days cover it.
        shift = view.shift
        excusing = {part.code for part in view.parts if part.start < shift.end and part.end > shift.start}
        code = next(code for code in view.rules.leave if code in excusing)
        return verdict(view, code, (reason("wholly_excused", code=code),), cause=None)
    if view.outside:
        return verdict(view, PENDING, (reason("outside_only"),), cause=Cause.SCAN_OUTSIDE_WINDOW)
    if not view.facts.known_to_devices:
        return verdict(view, PENDING, (reason("person_unknown"),), cause=Cause.PERSON_UNKNOWN_TO_DEVICES)
    return verdict(view, ABSENT, (reason("absent"),), cause=None)


def _with_waiting(view: View, firm: DayVerdict, hoped: DayVerdict) -> DayVerdict:
    """Keep a day open while an unchecked fallback scan could change it (5). Until checked the scan counts for
    nothing, but nobody is absent whom it shows."""
    evidence = (*firm.evidence, *shown(view.waiting, Role.WAITING))
    if _meaning(firm) == _meaning(hoped):
        return replace(firm, evidence=evidence)
    told = tuple(reason("fallback_waiting", at=view.say(point.at)) for point in view.waiting)
    return replace(
        firm,
        status=PENDING if firm.status == ABSENT else firm.status,
        final=False,
        cause=Cause.FALLBACK_UNCHECKED,
        flags=tuple(sorted((*firm.flags, Flag.FALLBACK_WAITING))),
        # "Absent" is no longer the story of this day.
        reasons=(*(one for one in firm.reasons if one.key != "absent"), *told),
        evidence=evidence,
    )


def _with_unplaced(view: View, firm: DayVerdict) -> DayVerdict:
    """Keep a day open while a record may be hers that nobody has placed (5).

    A scan whose clock is doubted may have been made at any time of this date, whatever it claims, so it could take away
    an absence and any minutes. A terminal's record of a PIN that is nobody's could be what is missing: no more.
    """
    doubted = [scan for scan in view.facts.unplaced if scan.provenance is Provenance.FALLBACK_UNCHECKED]
    missing = firm.status == ABSENT or {Flag.NO_ARRIVAL, Flag.NO_DEPARTURE}.intersection(firm.flags)
    if not firm.final or not (missing or (doubted and (firm.late or firm.early))):
        return firm
    zone = view.facts.zone
    if doubted:
        cause, key, flags = Cause.FALLBACK_UNCHECKED, "unplaced_waiting", {*firm.flags, Flag.FALLBACK_WAITING}
    else:
        cause, key, flags = Cause.PERSON_UNKNOWN_TO_DEVICES, "pin_of_nobody", {*firm.flags}
    came = sorted({scan.at.astimezone(zone) for scan in doubted or view.facts.unplaced})
    told = tuple(reason(key, at=f"{at:%d-%m-%Y %H.%M}") for at in came)
    return replace(
        firm,
        status=PENDING if firm.status == ABSENT else firm.status,
        final=False,
        cause=cause,
        flags=tuple(sorted(flags)),
        reasons=(*(one for one in firm.reasons if one.key != "absent"), *told),
    )


def _meaning(one: DayVerdict) -> tuple[object, ...]:
    return (one.status, one.final, one.codes, one.late, one.early, one.flags)
