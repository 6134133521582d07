"""Times of a working day as an office writes them: `07:30`, `16:02:10`, `+1 07:05` for the next day.

A time is the distance from local midnight of the day it belongs to, so a night shift that ends at `+1 07:00` needs no
date.
"""

import re
from datetime import date, datetime, timedelta

CLOCK = re.compile(r"(?:\+(?P<days>1) )?(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?")
FORM = "JJ:MM, JJ:MM:DD, atau +1 JJ:MM untuk hari berikutnya"


def read_clock(text: str) -> timedelta:
    """Return the distance from local midnight; ValueError in Indonesian for anything but `[+1 ]HH:MM[:SS]`."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"jam {text.strip()!r} tidak terbaca; tulis {FORM}")
    return timedelta(
        days=int(found["days"] or 0),
        hours=int(found["hour"]),
        minutes=int(found["minute"]),
        seconds=int(found["second"] or 0),
    )


def read_span(text: str) -> tuple[timedelta, timedelta]:
    """Return both ends of `HH:MM-HH:MM`; ValueError in Indonesian unless the end is after the start."""
    first, dash, second = text.partition("-")
    if not dash:
        raise ValueError(f"rentang {text.strip()!r} tidak terbaca; tulis JJ:MM-JJ:MM")
    start, end = read_clock(first), read_clock(second)
    if end <= start:
        raise ValueError(
            f"rentang {text.strip()!r} berakhir sebelum dimulai; untuk hari berikutnya tulis JJ:MM-+1 JJ:MM"
        )
    return start, end


def say_clock(moment: datetime, day: date) -> str:
    """Return `06.58` as sentences show it; `07.05 (+1)` for the day after `day`, `(-1)` for the day before."""
    at, own = f"{moment.hour:02}.{moment.minute:02}", moment.date()
    return at if own == day else f"{at} ({(own - day).days:+d})"
