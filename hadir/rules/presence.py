"""Arrival, departure, minutes and codes of a person who was seen (rules 6, 7, 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hadir.rules.frame import incomplete, verdict
from hadir.rules.values import Band
from hadir.rules.verdict import PRESENT, Cause, DayVerdict, Evidence, Flag, Role, Source
from hadir.rules.view import Point, View
from hadir.rules.words import Reason, reason

Points = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the day. `at` is None when its scan is missing; `missed`: minutes of work missed before grace and
    cap; `charged`: minutes that count."""

    at: datetime | None
    missed: int
    charged: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How the evidence is read. `lone`: total of this reading and of the other one, when a side had to be chosen."""

    arrival: Side
    departure: Side
    lone: tuple[int, int] | None = None

    @property
    def total(self) -> int:
        """Minutes of both sides."""
        return self.arrival.charged + self.departure.charged


def provisional(view: View, points: Points) -> DayVerdict:
    """Judge an incomplete day with evidence: lateness of the first so far, nothing else (4)."""
    arrival = _arrived(view, points[0].at)
    code = _band(view.rules.late_bands, arrival.charged)
    return verdict(
        view,
        PRESENT,
        (*_given(view, points), *_late_reasons(view, arrival, code), reason("provisional")),
        cause=incomplete(view)[0],
        codes=(*code, *(part.code for part in view.parts)),
        minutes=(arrival.charged, 0),
        evidence=_roles(points, points[0].at, None),
    )


def judge_presence(view: View, points: Points) -> DayVerdict:
    """Judge a complete day with evidence."""
    reading = read(view, points)
    late = _band(view.rules.late_bands, reading.arrival.charged)
    early = _band(view.rules.early_bands, reading.departure.charged)
    flags: tuple[Flag, ...] = ()
    if reading.arrival.at is None:
        late, flags = (view.rules.no_arrival.code,), (Flag.NO_ARRIVAL,)
    if reading.departure.at is None:
        early, flags = (view.rules.no_departure.code,), (Flag.NO_DEPARTURE,)
    cause, doubt = _doubt(view, points, reading)
    return verdict(
        view,
        PRESENT,
        (
            *_given(view, points),
            *_lone_reasons(view, points, reading),
            *_late_reasons(view, reading.arrival, late),
            *_early_reasons(view, reading.departure, early),
            *doubt,
        ),
        cause=cause,
        codes=(*late, *early, *(part.code for part in view.parts)),
        minutes=(reading.arrival.charged, reading.departure.charged),
        flags=flags,
        evidence=_roles(points, reading.arrival.at, reading.departure.at),
    )


def read(view: View, points: Points) -> Reading:
    """Read the first point as arrival and the last as departure, or a lone one as whichever costs less (6).

    Where all working time is excused no side can be missing.
    """
    arrival, departure = _arrived(view, points[0].at), _left(view, points[-1].at)
    if points[-1].at - points[0].at >= view.rules.apart or not view.work:
        return Reading(arrival, departure)
    no_arrival = Side(None, 0, int(view.net * view.rules.no_arrival.share))
    no_departure = Side(None, 0, int(view.net * view.rules.no_departure.share))
    came, went = arrival.charged + no_departure.charged, no_arrival.charged + departure.charged
    if came <= went:
        return Reading(arrival, no_departure, (came, went))
    return Reading(no_arrival, departure, (went, came))


def _doubt(view: View, points: Points, reading: Reading) -> tuple[Cause | None, tuple[Reason, ...]]:
    """Say what keeps a day with a missing side from being final: a scan outside the window that may be what is missing
    (6), or devices that could not know her (5)."""
    if reading.lone is None:
        return None, ()
    explaining = _explaining(view, points, reading)
    if explaining and read(view, sorted((*points, *explaining))).total < reading.total:
        return Cause.SCAN_OUTSIDE_WINDOW, (reason("outside_may_explain"),)
    if not view.facts.known_to_devices:
        return Cause.PERSON_UNKNOWN_TO_DEVICES, (reason("person_unknown"),)
    return None, ()


def _explaining(view: View, points: Points, reading: Reading) -> tuple[Point, ...]:
    """Return the points outside the window that may be what is missing: those on that side of the lone one.

    A lone one as far from its own side as the heaviest band is neither clearly an arrival nor a departure: then the
    other side may be the missing one, and every point outside may explain it.
    """
    if reading.departure.at is None:
        own, bands = reading.arrival, view.rules.late_bands
        beyond = tuple(one for one in view.outside if one.at > points[-1].at)
    else:
        own, bands = reading.departure, view.rules.early_bands
        beyond = tuple(one for one in view.outside if one.at < points[0].at)
    return view.outside if bands and own.charged >= bands[-1].minutes else beyond


def _arrived(view: View, at: datetime) -> Side:
    missed = view.late_minutes(at)
    return Side(at, missed, _charged(view, missed, view.rules.grace.late))


def _left(view: View, at: datetime) -> Side:
    missed = view.early_minutes(at)
    return Side(at, missed, _charged(view, missed, view.rules.grace.early))


def _charged(view: View, missed: int, grace: int) -> int:
    return 0 if missed <= grace else min(missed, _cap(view))


def _cap(view: View) -> int:
    return int(view.net * view.rules.side_cap)


def _band(bands: tuple[Band, ...], minutes: int) -> tuple[str, ...]:
    """Return the code for these minutes, none below the first band (8)."""
    return next(((band.code,) for band in reversed(bands) if band.minutes <= minutes), ())


def _roles(points: Points, arrival: datetime | None, departure: datetime | None) -> tuple[Evidence, ...]:
    """Return the evidence with what each point was taken for."""
    roles = {departure: Role.DEPARTURE, arrival: Role.ARRIVAL}
    return tuple(Evidence(one.at, one.source, roles.get(one.at, Role.BETWEEN), one.reference) for one in points)


def _given(view: View, points: Points) -> tuple[Reason, ...]:
    """Corrections and part-days that the judgement took into account."""
    told = [reason("correction", at=view.say(one.at)) for one in points if one.source is Source.CORRECTION]
    for part in view.parts:
        key = "duty" if view.rules.leave[part.code].evidence else "excused"
        told.append(reason(key, code=part.code, start=view.say(part.start), end=view.say(part.end)))
    return tuple(told)


def _lone_reasons(view: View, points: Points, reading: Reading) -> tuple[Reason, ...]:
    if reading.lone is None:
        return ()
    cost, other = reading.lone
    first, last = points[0].at, points[-1].at
    key, at = ("lone_arrival", first) if reading.departure.at is None else ("lone_departure", last)
    return (reason(key, at=view.say(at), cost=cost, other=other),)


def _late_reasons(view: View, side: Side, codes: tuple[str, ...]) -> tuple[Reason, ...]:
    if side.at is None:
        return (reason("missing_arrival", code=codes[0], minutes=side.charged),)
    start, at = view.say(view.shift.start), view.say(side.at)
    if not side.missed:
        return (reason("on_time", start=start, at=at),)
    told = reason("late", start=start, at=at, minutes=side.missed)
    return (told, *_weighed(side, view.rules.grace.late, codes))


def _early_reasons(view: View, side: Side, codes: tuple[str, ...]) -> tuple[Reason, ...]:
    if side.at is None:
        return (reason("missing_departure", code=codes[0], minutes=side.charged),)
    end, at = view.say(view.shift.end), view.say(side.at)
    if not side.missed:
        return (reason("full_time", end=end, at=at),)
    told = reason("early", end=end, at=at, minutes=side.missed)
    return (told, *_weighed(side, view.rules.grace.early, codes))


def _weighed(side: Side, grace: int, codes: tuple[str, ...]) -> tuple[Reason, ...]:
    """Say how missed minutes became charged ones and a code."""
    if not side.charged:
        return (reason("grace", minutes=side.missed, grace=grace),)
    told = [reason("capped", minutes=side.missed, cap=side.charged)] if side.charged < side.missed else []
    return (*told, *(reason("band", minutes=side.charged, code=code) for code in codes))
