"""Dates, months and numbers as forms of the office write them, whatever the language of the screen."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from hadir.months.sheet import SheetSchool
from hadir.schools.models import TimeZone

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ONE_DAY = timedelta(days=1)


def month_words(year: int, month: int) -> str:
    """Return "September 2026"."""
    return f"{MONTHS[month - 1]} {year}"


def date_words(day: date) -> str:
    """Return "14 September 2026"."""
    return f"{day.day} {month_words(day.year, day.month)}"


def moment_words(moment: datetime, time_zone: str) -> str:
    """Return "14 September 2026 pukul 06.58 WIB"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{date_words(local.date())} pukul {local:%H.%M} {TimeZone(time_zone).label}"


def days_words(days: Iterable[date]) -> str:
    """Return "24 dan 25 September", "1-4, 7 September" (with a dash), months apart by a semicolon; each date once."""
    parts: list[str] = []
    by_month: dict[tuple[int, int], list[date]] = {}
    for day in sorted(set(days)):
        by_month.setdefault((day.year, day.month), []).append(day)
    for (_year, month), dates in by_month.items():
        spans = _spans(dates)
        listed = ", ".join(spans[:-1]) + (" dan " if len(spans) > 1 else "") + spans[-1]
        parts.append(f"{listed} {MONTHS[month - 1]}")
    return "; ".join(parts)


def _spans(dates: list[date]) -> list[str]:
    """Return the days of a month with three or more in a row as "1-4" (with a dash)."""
    runs: list[list[date]] = []
    for day in dates:
        if runs and day - runs[-1][-1] == ONE_DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    found: list[str] = []
    for run in runs:
        if len(run) < 3:
            found += [str(day.day) for day in run]
        else:
            found.append(f"{run[0].day}\N{EN DASH}{run[-1].day}")
    return found


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return the value with so many decimals, halves up."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def decimal_words(value: Decimal | None) -> str:
    """Return "96,2"; a dash where there is no value."""
    return "\N{EN DASH}" if value is None else str(value).replace(".", ",")


def school_words(school: SheetSchool) -> Mapping[str, str]:
    """Return what the places of a layout stand for at a school."""
    return {
        "sekolah": school.name,
        "SEKOLAH": school.name.upper(),
        "npsn": school.npsn,
        "kecamatan": school.district,
        "wilayah": school.region,
        "WILAYAH": school.region.upper(),
        "alamat": school.address,
        "pulau": f"Pulau {school.island}" if school.island else "",
        "bulan": "",
    }


def grouped_digest(digest: str, length: int = 24) -> str:
    """Return the beginning of a digest in fours, as a person compares it: "7c1f 09ae ...\"."""
    return " ".join(digest[place : place + 4] for place in range(0, length, 4))
