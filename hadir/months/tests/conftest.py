"""September 2026 at the school in town: one comes every day, one on three days; everything heard, October begun."""

from datetime import date, datetime, timedelta

import pytest

from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import PACK, Week, at
from hadir.conftest import World
from hadir.months.models import MonthSnapshot
from hadir.months.queries import current_sheet
from hadir.months.services import close_month
from hadir.people.marks import mark_schools
from hadir.people.models import DayMark
from hadir.schools.models import School

MONDAY = date(2026, 9, 14)
OCTOBER = at("09:00", date(2026, 10, 2))


class September:
    """A month that is over, judged, and heard to its end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.week = Week(world)
        self.school = School.objects.select_related("district__region", "island").get(pk=world.kota.pk)
        for number in range(3, 30):
            day = date(2026, 9, 1) + timedelta(days=number)
            self.week.scan(world.hasan, at("07:20", day))
            if day in {MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)}:
                self.week.scan(world.siti, at("07:25", day))
                self.week.scan(world.siti, at("16:05", day))
            self.week.hear(at("20:30", day))
        self.week.hear(OCTOBER)
        self.settle(OCTOBER)

    def settle(self, now: datetime) -> None:
        """Judge everything that waits."""
        while True:
            work_once(now=now)
            if not DayMark.objects.exists():
                return

    def judge(self, first: date, last: date, now: datetime) -> None:
        """Judge every day of a span, also those on which nothing happened."""
        mark_schools(schools=[self.school.pk], first=first, last=last, now=now)
        self.settle(now)

    def close(self, now: datetime = OCTOBER, year: int = 2026, month: int = 9) -> MonthSnapshot:
        """Sign the month as it is."""
        digest = current_sheet(self.school, year, month, now).digest()
        return close_month(
            school=self.school, year=year, month=month, digest=digest, name="Hj. Siti", nip="1968", by=None, now=now
        )


@pytest.fixture
def september(world: World) -> September:
    return September(world)


@pytest.fixture(autouse=True)
def one_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pack in use be the one of the records, whatever is installed."""
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": PACK})
