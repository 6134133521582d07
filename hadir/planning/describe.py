"""A rule pack in words: every value with its dates, its source and its note, for people who do not read TOML."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.rules.pack import Pack
from hadir.rules.patterns import Hours, Pattern
from hadir.rules.values import Deduction, Discipline, Leave, Series


@dataclass(frozen=True, slots=True)
class Value:
    """One dated value. `state`: now, later, or past, on the date of the description."""

    words: str
    valid_from: date
    source: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All values of one key, the one in force first."""

    name: str
    key: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack under a heading."""

    heading: str
    entries: list[Entry]


def describe(pack: Pack, today: date) -> list[Section]:
    """Return a pack as sections of entries in the language of the moment."""
    day = pack.day
    judging: list[tuple[str, Series[Any], Callable[[Any], str]]] = [
        (_("Jendela catat"), day.window, lambda one: _window(one.before, one.after)),
        (_("Jarak datang dan pulang"), day.apart, lambda one: _minutes(_whole(one))),
        (_("Batas tiap sisi"), day.side_cap, _share),
        (_("Tanpa catatan datang"), day.no_arrival, lambda one: f"{one.code}, {_share(one.share)}"),
        (_("Tanpa catatan pulang"), day.no_departure, lambda one: f"{one.code}, {_share(one.share)}"),
        (_("Toleransi"), day.grace, lambda one: _grace(one.late, one.early)),
        (_("Golongan terlambat"), day.late_bands, _bands),
        (_("Golongan pulang awal"), day.early_bands, _bands),
    ]
    period: list[tuple[str, Series[Any], Callable[[Any], str]]] = [
        (_("Menit menjadi hari"), pack.conversion, lambda one: _conversion(one.minutes_per_day)),
        (_("Dihitung hadir"), pack.counts_as_present, lambda one: ", ".join(sorted(one))),
    ]
    return [
        Section(
            _("Pola kerja"), [_entry(_title(one, key), one, say_hours, today) for key, one in pack.patterns.items()]
        ),
        Section(_("Menilai satu hari"), [_entry(*each, today) for each in judging]),
        Section(_("Menghitung satu masa"), [_entry(*each, today) for each in period]),
        Section(_("Ketidakhadiran"), [_entry(key, one, _leave, today) for key, one in pack.leave.items()]),
        Section(
            _("Langkah disiplin (usulan)"), [_entry(key, one, _steps, today) for key, one in pack.discipline.items()]
        ),
        Section(
            _("Potongan tunjangan"),
            [_entry(_title(one, key), one, _deduction, today) for key, one in pack.deductions.items()],
        ),
    ]


def say_hours(pattern: Pattern) -> str:
    """Return the hours of a week in words; neighbouring days with equal hours stand together."""
    names = (_("Sen"), _("Sel"), _("Rab"), _("Kam"), _("Jum"), _("Sab"), _("Min"))
    parts = []
    for hours, days in groupby(sorted(pattern.hours), key=lambda day: pattern.hours[day]):
        span = list(days)
        when = names[span[0]] if len(span) == 1 else f"{names[span[0]]}\N{EN DASH}{names[span[-1]]}"
        parts.append(f"{when} {_hours(hours)}")
    if pattern.on_holidays:
        parts.append(_("juga pada hari libur"))
    return "; ".join(parts)


def _entry(name: str, series: Series[Any], say: Callable[[Any], str], today: date) -> Entry:
    return Entry(name, series.key, list(_values(series, say, today)))


def _values(series: Series[Any], say: Callable[[Any], str], today: date) -> Iterator[Value]:
    current = series.row_on(today)
    for row in reversed(series.rows):
        state = "now" if row is current else "later" if row.valid_from > today else "past"
        yield Value(say(row.value), row.valid_from, row.source, row.note, state)


def _title(series: Series[Any], key: str) -> str:
    return f"{series.rows[-1].value.title} ({key})"


def _clock(distance: timedelta) -> str:
    minutes = _whole(distance)
    text = f"{minutes // 60 % 24:02d}.{minutes % 60:02d}"
    return _("%(time)s esok hari") % {"time": text} if minutes >= 24 * 60 else text


def _hours(hours: Hours) -> str:
    text = f"{_clock(hours.start)}\N{EN DASH}{_clock(hours.end)}"
    if hours.breaks:
        pauses = ", ".join(f"{_clock(start)}\N{EN DASH}{_clock(end)}" for start, end in hours.breaks)
        text += " " + _("(istirahat %(pauses)s)") % {"pauses": pauses}
    return text


def _whole(distance: timedelta) -> int:
    return distance // timedelta(minutes=1)


def _minutes(number: int) -> str:
    return ngettext("%(number)s menit", "%(number)s menit", number) % {"number": number}


def _window(before: timedelta, after: timedelta) -> str:
    return _("%(before)s sebelum mulai sampai %(after)s sesudah selesai") % {
        "before": _minutes(_whole(before)),
        "after": _minutes(_whole(after)),
    }


def _share(share: Decimal) -> str:
    return _("%(percent)s %% jam kerja hari itu") % {"percent": _number(share * 100)}


def _number(value: Decimal) -> str:
    """Return a number with the separator of the language, without exponent and trailing zeros."""
    return str(number_format(Decimal(f"{value.normalize():f}")))


def _grace(late: int, early: int) -> str:
    if not late and not early:
        return _("tidak ada")
    return _("terlambat %(late)s, pulang awal %(early)s") % {"late": _minutes(late), "early": _minutes(early)}


def _bands(bands: Any) -> str:
    return ", ".join(
        _("%(code)s mulai %(minutes)s") % {"code": one.code, "minutes": _minutes(one.minutes)} for one in bands
    )


def _conversion(minutes: int | None) -> str:
    return (
        _("tidak dipakai") if minutes is None else _("%(minutes)s menjadi satu hari") % {"minutes": _minutes(minutes)}
    )


def _leave(leave: Leave) -> str:
    parts = [leave.name]
    if leave.part:
        parts.append(_("boleh sebagian hari"))
    if leave.evidence:
        parts.append(_("menjadi bukti hadir"))
    return ", ".join(parts)


def _steps(discipline: Discipline) -> str:
    parts = [_("%(days)s hari: %(step)s") % {"days": one.days, "step": one.sanction} for one in discipline.steps]
    if discipline.in_a_row:
        row = discipline.in_a_row
        parts.append(_("%(days)s hari berturut-turut: %(step)s") % {"days": row.days, "step": row.sanction})
    return "; ".join(parts) or _("belum diisi kantor: dihitung, tanpa langkah")


def _deduction(one: Deduction) -> str:
    state = _("dipakai") if one.active else _("contoh, tidak dipakai")
    table = ", ".join(f"{code} {_number(value)} %" for code, value in one.percent.items())
    return f"{state}: {table}"
