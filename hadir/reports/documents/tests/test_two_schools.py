"""One date at two schools: time missed once counts once, and every reader is told the same absences and steps."""

from datetime import date, datetime, timedelta

import pytest

from hadir.conftest import NOW, World
from hadir.reports.documents.pp94 import cases_of
from hadir.reports.documents.tallies import lines_of
from hadir.reports.documents.tests.made import layout_of
from hadir.reports.documents.tests.test_lists import LATER, put
from hadir.reports.documents.year import year_sheet
from hadir.reports.whole_days import Held, merged
from hadir.reports.year import person_days
from hadir.rules.period import DayLine
from hadir.rules.spans import Span
from hadir.schedules.services import set_hours
from hadir.schools.models import School

DAY = date(2026, 9, 14)


def work(*hours: float) -> tuple[Span, ...]:
    """Return working time between these hours of the day, two by two."""
    midnight = datetime.combine(DAY, datetime.min.time())
    moments = [midnight + timedelta(hours=hour) for hour in hours]
    return tuple(zip(moments[::2], moments[1::2], strict=True))


def day(late: int, early: int, *codes: str, hours: tuple[Span, ...] = ()) -> Held:
    return Held(DayLine(DAY, "H", codes, late, early), "", hours)


WHOLE, MORNING, AFTERNOON = work(7.5, 12, 13, 16), work(7.5, 11.5), work(13, 16)


@pytest.mark.parametrize(
    ("days", "late", "early", "codes"),
    [
        ([day(225, 225, "TL4", "PSW4", hours=WHOLE), day(225, 165, "TL4", "PSW3", hours=WHOLE)], 225, 225, "TL4 PSW4"),
        ([day(30, 0, "TL1", hours=WHOLE), day(60, 0, "TL2", hours=work(7, 12, 13, 16))], 60, 0, "TL2"),
        ([day(30, 0, "TL1", hours=MORNING), day(20, 0, "TL1", hours=AFTERNOON)], 50, 0, "TL1"),
        ([day(0, 30, "PSW1", hours=MORNING), day(5, 0, "TL1", hours=AFTERNOON)], 5, 30, "PSW1 TL1"),
        ([day(30, 0, "TL1", hours=WHOLE), day(0, 0, hours=WHOLE)], 30, 0, "TL1"),
        ([day(225, 225, hours=WHOLE), day(225, 225, hours=work(17, 24.5))], 225, 225, ""),
    ],
)
def test_time_that_two_schools_ask_for_is_missed_once(days: list[Held], late: int, early: int, codes: str):
    for order in (days, days[::-1]):
        (told,) = merged(order)
        assert (told.late, told.early, set(told.codes)) == (late, early, set(codes.split()))


def test_a_lone_scan_at_two_schools_makes_no_two_days(world: World):
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")
    for school in (world.kota, world.pulau):
        put(world.hasan, school, DAY, "H", codes=["TL4", "PSW4"], late=225, early=225)
    (line,) = lines_of([world.hasan.pk], DAY, DAY)[world.hasan.pk]
    assert line.minutes == 450
    (case,) = cases_of(School.objects.filter(pk=world.kota.pk), 2026, now=LATER)
    assert (case.count.minutes, case.count.minute_days) == (450, 1)


def test_every_reader_is_told_the_same_step(world: World):
    for number in range(3):
        put(world.hasan, world.kota, DAY + timedelta(days=number), "A")
    put(world.hasan, world.pulau, DAY, "H", codes=["TL1"], late=9)
    (case,) = cases_of(School.objects.filter(pk=world.kota.pk), 2026, now=LATER)
    assert case.count.absent == 2
    everywhere = year_sheet(world.hasan, 2026, layout_of(), now=LATER)
    at_kota = year_sheet(world.hasan, 2026, layout_of(), now=LATER, schools=[world.kota.pk])
    assert everywhere.summary == at_kota.summary
    assert at_kota.summary[0] == ("Tanpa keterangan", "2 hari: 15 dan 16 September")
    marks = at_kota.months[8].marks
    assert [(mark.shape, mark.bottom) for mark in marks[13:16]] == [("dot", ""), ("absent", ""), ("absent", "")]
    assert {row.school_id for row in at_kota.stored} == {world.kota.pk}
    whole, seen = person_days(world.hasan, DAY, DAY, [world.kota.pk])
    assert [(line.status, line.late) for line in (*whole, *seen)] == [("H", 9), ("H", 0)]


def test_a_provisional_lateness_is_in_no_sum_of_a_year(world: World):
    put(world.siti, world.kota, DAY, "H", codes=["TL1"], late=20, final=False, cause="school_not_heard")
    sheet = year_sheet(world.siti, 2026, layout_of('[rekap]\nhari = ["H", "TL"]'), now=LATER)
    assert sheet.total.days == (1, 0)
    assert sheet.months[8].marks[13].words == "TL1"
