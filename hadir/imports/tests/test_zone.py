"""A school's time zone is put right by a list: every day of it is judged anew."""

from datetime import timedelta

from hadir.attendance.models import PersonDay
from hadir.attendance.services import verify_days, work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at, one_pack, week  # noqa: F401  fixtures
from hadir.core.tables.sheets import read_tables
from hadir.imports.plans import digest_of, sure_choices
from hadir.imports.queries import plan_schools
from hadir.imports.reader import READERS
from hadir.imports.services import apply_schools, keep_file
from hadir.imports.tests.made import csv_file
from hadir.people.models import DayMark
from hadir.schools.models import School

LATE = at("23:30") + timedelta(days=1)


def put_right(school: School, zone: str, address: str = "") -> None:
    """Import a list that has the school with this zone."""
    head: list[str | float] = ["npsn", "nama", "kecamatan", "zona waktu", "alamat"]
    data = csv_file([head, [school.npsn, school.name, school.district.name, zone, address]])
    told = READERS["schools"](read_tables(data))
    region = school.district.region
    items = plan_schools(region=region, told=told)
    batch = keep_file(told=told, data=data, file_name="x.csv", start=LATE.date(), now=LATE, by=None, region=region)
    apply_schools(batch=batch, choices=sure_choices(items), digest=digest_of(items), now=LATE, by=None)


def test_days_are_judged_by_the_right_clock(week: Week):  # noqa: F811
    kota = week.world.kota
    for text in ("07:00", "15:30"):
        week.scan(week.world.siti, at(text))
    week.hear(at("21:00"))
    work_once(now=LATE)
    before = week.day(week.world.siti, kota)
    put_right(kota, "WITA")
    mark = DayMark.objects.get(school=kota)
    assert mark.first == PersonDay.objects.filter(school=kota).order_by("day")[0].day, "from the first judged day"
    later = LATE + timedelta(minutes=20)
    work_once(now=later)
    after = week.day(week.world.siti, kota)
    assert (before.late, before.early) != (after.late, after.early)
    kota = School.objects.select_related("district").get(pk=kota.pk)
    checked = verify_days(schools=[kota], first=MONDAY - timedelta(days=3), last=MONDAY, now=later)
    assert list(checked.different) == []


def test_another_address_judges_nothing_anew(week: Week):  # noqa: F811
    put_right(week.world.kota, "WIB", "Jl. Pelabuhan")
    assert not DayMark.objects.filter(school=week.world.kota, made_at=LATE).exists()
