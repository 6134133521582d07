"""What every working day's verdict says beside its own matter: calendar, completeness, scans outside the window."""

from hadir.rules.facts import Calendar
from hadir.rules.verdict import Cause, DayVerdict, Evidence, Flag, Role
from hadir.rules.view import Point, View
from hadir.rules.words import Reason, reason


def verdict(
    view: View,
    status: str,
    reasons: tuple[Reason, ...],
    *,
    cause: Cause | None,
    codes: tuple[str, ...] = (),
    minutes: tuple[int, int] = (0, 0),
    flags: tuple[Flag, ...] = (),
    evidence: tuple[Evidence, ...] = (),
) -> DayVerdict:
    """Return a verdict, final when there is no `cause` to wait, with what the frame adds. `minutes`: late, early."""
    outside = tuple(Evidence(point.at, point.source, Role.OUTSIDE_WINDOW, point.reference) for point in view.outside)
    return DayVerdict(
        status,
        cause is None,
        view.rules.version,
        codes=codes,
        late=minutes[0],
        early=minutes[1],
        flags=tuple(sorted((*flags, *((Flag.OUTSIDE_WINDOW,) if outside else ())))),
        cause=cause,
        reasons=(*_calendar(view), *reasons, *_outside(view), *incomplete(view)[1]),
        evidence=(*evidence, *outside),
    )


def shown(points: tuple[Point, ...], role: Role = Role.SHOWN) -> tuple[Evidence, ...]:
    """Return the points as evidence of one role."""
    return tuple(Evidence(point.at, point.source, role, point.reference) for point in points)


def incomplete(view: View) -> tuple[Cause | None, tuple[Reason, ...]]:
    """Return why the day is not complete (rule 4), or None; and the sentence that says so or who declared it
    complete."""
    heard = view.facts.heard_until
    if view.complete:
        on_word = heard is None or heard < view.window[1]
        return None, (reason("declared_complete"),) if on_word else ()
    end = view.say(view.window[1])
    if view.facts.now < view.window[1]:
        return Cause.DAY_NOT_OVER, (reason("day_not_over", end=end),)
    if heard is None:
        return Cause.SCHOOL_NOT_HEARD, (reason("school_never_heard", end=end),)
    local = heard.astimezone(view.facts.zone)
    return Cause.SCHOOL_NOT_HEARD, (reason("school_not_heard", heard=f"{local:%d-%m-%Y %H.%M}", end=end),)


def _outside(view: View) -> tuple[Reason, ...]:
    if not view.outside:
        return ()
    start, end = view.say(view.window[0]), view.say(view.window[1])
    return tuple(reason("scan_outside", at=view.say(point.at), start=start, end=end) for point in view.outside)


def _calendar(view: View) -> tuple[Reason, ...]:
    """Days of the calendar that did not make this a day off (rule 2)."""
    calendar, pattern = view.facts.calendar, view.facts.pattern
    told = [reason("pupils_off")] if Calendar.PUPILS_OFF in calendar else []
    if pattern is not None and calendar - {Calendar.PUPILS_OFF}:
        told.append(reason("works_on_holiday", pattern=pattern.title))
    return tuple(told)
