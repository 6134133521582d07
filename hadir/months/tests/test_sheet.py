"""The month as a value: built from person-days, the same digest for the same content, read back as it was."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hadir.attendance.models import PersonDay
from hadir.conftest import NOW, World
from hadir.months.sheet import MonthSheet, SheetAdjustment
from hadir.months.sheet_building import month_sheet
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.schedules.services import add_calendar_days, set_hours
from hadir.schools.models import School

GOLDEN = Path(__file__).with_name("golden_sheet.json")
LATER = datetime(2026, 10, 1, 2, tzinfo=UTC)
RULES = "contoh-0123456789ab"


def put(person: Person, school: School, day: int, status: str, **columns: Any) -> PersonDay:
    """Store a person-day of September 2026 as a judgement would."""
    codes = columns.pop("codes", [])
    values = {
        "late": 0,
        "early": 0,
        "final": True,
        "cause": "",
        "flags": [],
        "reasons": [],
        "evidence": [],
        "rules": RULES,
        "digest": hashlib.sha256(f"{person.name} {day} {status}".encode()).hexdigest(),
        "computed_at": NOW,
    } | columns
    row = PersonDay(person=person, school=school, day=date(2026, 9, day), status=status, codes=codes, **values)
    row.save()
    return row


@pytest.fixture
def month(world: World) -> World:
    """Six days of September at `kota`: late, absent, on duty, on leave, waiting, a holiday."""
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")
    add_calendar_days(
        scope=world.region,
        kind="libur",
        name="Maulid Nabi",
        valid_from=date(2026, 9, 4),
        valid_to=date(2026, 9, 4),
        now=NOW,
        source="uji",
    )
    put(world.siti, world.kota, 1, "H", codes=["TL1"], late=9)
    put(world.siti, world.kota, 2, "A")
    put(world.siti, world.kota, 3, "DL")
    put(world.siti, world.kota, 4, "L")
    put(world.siti, world.kota, 7, "CT")
    waits = {"final": False, "cause": "school_not_heard", "reasons": [["school_never_heard", {"end": "20:00"}]]}
    put(world.siti, world.kota, 8, "T", **waits)
    put(world.hasan, world.kota, 1, "H")
    return world


def sheet_of(world: World, now: datetime = LATER) -> MonthSheet:
    """Build the sheet of `kota`."""
    school = School.objects.select_related("district__region", "island").get(pk=world.kota.pk)
    return month_sheet(school, 2026, 9, now)


def test_totals_are_those_of_the_rules(month: World):
    sheet = sheet_of(month)
    assert [row.name for row in sheet.rows] == ["Hasan Basri", "Siti Aminah"]
    totals = sheet.rows[1].totals
    counts = {code: totals.count(code) for code in ("H", "S", "I", "C", "DL", "A", "T", "L")}
    assert counts == {"H": 1, "S": 0, "I": 0, "C": 1, "DL": 1, "A": 1, "T": 1, "L": 1}
    assert (totals.codes_of("TL"), totals.codes_of("PSW"), totals.late, totals.early) == (1, 0, 9, 0)
    assert (totals.working_days, totals.attendance) == (5, Decimal("50.00"))


def test_days_off_come_from_hours_and_calendar(month: World):
    days = {day.date.day: day for day in sheet_of(month).days}
    assert len(days) == 30
    assert [number for number, day in days.items() if day.off] == [4, 5, 6, 12, 13, 19, 20, 26, 27]
    assert days[4].label == "Maulid Nabi"
    assert sheet_of(month).hours == ("Lima hari kerja",)


def test_a_day_that_waits_keeps_the_sheet_provisional(month: World):
    sheet = sheet_of(month)
    assert sheet.provisional
    assert sheet.complete_through == date(2026, 9, 7)
    assert sheet.rows[1].cells[-1].reasons == (("school_never_heard", {"end": "20:00"}),)
    PersonDay.objects.filter(status="T").delete()
    assert not sheet_of(month).provisional
    assert sheet_of(month, datetime(2026, 9, 30, 16, 59, tzinfo=UTC)).provisional


def test_a_snapshot_reads_back_as_it_was(month: World):
    found = sheet_of(month)
    carried = SheetAdjustment(month.siti.pk, "Siti Aminah", date(2026, 8, 31), "A", "H TL1", "catatan terlambat", 5, 0)
    sheet = MonthSheet(**{name: getattr(found, name) for name in MonthSheet.__slots__} | {"adjustments": (carried,)})
    again = MonthSheet.from_snapshot(json.loads(json.dumps(sheet.to_snapshot())))
    assert again == sheet
    assert again.digest() == sheet.digest() != found.digest()
    assert again.digest() == hashlib.sha256(again.canonical_json().encode()).hexdigest()


def test_another_format_is_refused(month: World):
    with pytest.raises(ValueError, match="format 1"):
        MonthSheet.from_snapshot(sheet_of(month).to_snapshot() | {"format": 2})


def test_the_digest_knows_content_and_no_clock(month: World):
    digest = sheet_of(month).digest()
    assert sheet_of(month, datetime(2027, 1, 1, tzinfo=UTC)).digest() == digest
    PersonDay.objects.filter(status="A").update(late=1)
    assert sheet_of(month).digest() != digest


def test_the_canonical_text_is_the_golden_one(month: World):
    """Change the text only with a new FORMAT: signed months are compared by it."""
    text = sheet_of(month).canonical_json()
    for number, key in enumerate([month.kota.pk, month.hasan.pk, month.siti.pk]):
        text = text.replace(str(key), f"00000000-0000-7000-8000-{number:012d}")
    plain = json.loads(text)
    plain["period_rules"] = RULES
    got = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert got == GOLDEN.read_text(encoding="utf-8").rstrip("\n")


def test_people_cost_no_queries(month: World):
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            sheet_of(month)
        return len(taken)

    before = queries()
    for number in range(20):
        person = add_person(name=f"Guru {number:02d}", now=NOW)
        assign_person(
            person=person, school=month.kota, duty="Guru", staff_kind="PPPK", valid_from=date(2026, 1, 1), now=NOW
        )
        put(person, month.kota, 1, "H")
    assert queries() == before <= 9
    assert len(sheet_of(month).rows) == 22


def test_the_head_comes_first_and_a_deputy_is_none(month: World):
    for name, duty, kind in (("Zainal", "Guru Kelas, Kepala Sekolah", "PNS"), ("Ani", "Wakil Kepala Sekolah", "PNS")):
        person = add_person(name=name, now=NOW)
        assign_person(
            person=person, school=month.kota, duty=duty, staff_kind=kind, valid_from=date(2026, 1, 1), now=NOW
        )
    sheet = sheet_of(month)
    assert [row.name for row in sheet.rows] == ["Zainal", "Ani", "Hasan Basri", "Siti Aminah"]
    assert sheet.head is not None
    assert sheet.head.name == "Zainal"
    assert sheet.rows[0].totals.attendance is None
