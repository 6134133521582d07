"""How the invented people of the demo come and go: always the same for the same person and date."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hadir.rules.patterns import Shift


@dataclass(frozen=True, slots=True)
class Habit:
    """Minutes before the start and after the end that are usual for somebody, and how often the day goes otherwise.

    `late`, `forgets_out`, `leaves_early`: shares of the days. `absent`: numbers of the working days of the history
    (0 = its first) on which the person did not come and told nobody.
    """

    before: int = 14
    after: int = 9
    late: float = 0.03
    leaves_early: float = 0.02
    forgets_out: float = 0.02
    absent: frozenset[int] = frozenset()


HABITS: Final = {
    "Hj. Siti Rofi\u2019ah": Habit(before=25, late=0.01),
    "Abd. Wahid Hasyim": Habit(before=4, late=0.16),
    "Rizky Maulana Firdaus": Habit(before=8, late=0.10, leaves_early=0.05),
    "Mas\u2019ud": Habit(before=48, after=35, late=0.0),
    "Sunarto": Habit(before=40, after=30, late=0.0),
    "Moh. Hairul Anam": Habit(before=6, late=0.12, absent=frozenset({5, 6, 33})),
    "Moh. Imam Ghazali": Habit(before=3, late=0.22, leaves_early=0.12, absent=frozenset({8, 9, 21, 38, 39, 52})),
    "Qurratul A\u2019yun": Habit(forgets_out=0.10),
    "Bahrul Ulum": Habit(before=2, late=0.20, absent=frozenset({14})),
    "Mistari": Habit(before=35, after=20),
}
USUAL: Final = Habit()
# Who, kind, number of the first working day, how many working days, why, and further words of the request.
ABSENCES: Final[tuple[tuple[str, str, int, int, str, dict[str, str]], ...]] = (
    ("Nurul Hidayati", "S", 6, 2, "Demam, surat dari puskesmas menyusul", {}),
    (
        "Moh. Syafi\u2019i",
        "DL",
        9,
        2,
        "Pelatihan penilaian di Surabaya",
        {"letter": "800/214/2026", "place": "Surabaya"},
    ),
    ("Farida Qomariyah", "I", 13, 1, "Mengurus akta kelahiran", {}),
    ("Jamilatun", "CT", 16, 3, "Pernikahan keluarga", {}),
    ("Endang Sulistyowati", "DL", 18, 1, "Rapat MGMP Matematika", {"letter": "421/078/2026", "place": "Lenteng"}),
    ("Hosnol Hotimah", "S", 22, 3, "Rawat jalan", {}),
    ("Ummul Khoiriyah", "CT", 36, 2, "Keperluan keluarga", {}),
    ("Sitti Maryamah", "I", 41, 1, "Anak sakit", {}),
    ("Rohmatul Ummah", "DL", 46, 3, "Pendampingan lomba sains", {"letter": "421/101/2026", "place": "Pamekasan"}),
)
AWAY: Final = frozenset(
    (name, number + place) for name, _kind, number, days, _reason, _more in ABSENCES for place in range(days)
)
"""Who is away on which working day, so that no machine sees them."""


def moments(name: str, day: date, number: int, shift: Shift) -> list[datetime]:
    """Return when this person recorded on a working day, local time; empty when she did not come.

    `number`: the place of the day among the working days of the history.
    """
    habit = HABITS.get(name, USUAL)
    if number in habit.absent or (name, number) in AWAY:
        return []
    chance = random.Random(f"{name}|{day.isoformat()}")  # noqa: S311  a likeness of people, not a secret
    arrival = shift.start - timedelta(minutes=habit.before) + timedelta(seconds=chance.gauss(0, 240))
    if chance.random() < habit.late:
        arrival = shift.start + timedelta(seconds=chance.uniform(60, 4200))
    departure = shift.end + timedelta(minutes=habit.after) + timedelta(seconds=abs(chance.gauss(0, 300)))
    if chance.random() < habit.leaves_early:
        departure = shift.end - timedelta(seconds=chance.uniform(300, 5400))
    found = [arrival.replace(microsecond=0)]
    if chance.random() >= habit.forgets_out:
        found.append(departure.replace(microsecond=0))
    if chance.random() < 0.04:
        # A second look at the machine, right after the first.
        found.insert(1, found[0] + timedelta(seconds=3))
    return found
