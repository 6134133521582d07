"""Lists for the office from stored days: allowance, PP 94, a person's year; two schools on one date."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from hadir.attendance.models import PersonDay
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.reports.documents.pp94 import cases_of, pp94_xlsx
from hadir.reports.documents.sources import with_places
from hadir.reports.documents.tests.made import layout_of
from hadir.reports.documents.tpp import HEADS, tpp_csv, tpp_rows, tpp_xlsx
from hadir.reports.documents.year import year_form, year_sheet, year_xlsx
from hadir.reports.whole_days import Held, merged
from hadir.rules.pack import BUILT_IN
from hadir.rules.period import DayLine
from hadir.schools.models import School

LATER = datetime(2026, 10, 20, 2, tzinfo=UTC)
DAY = date(2026, 9, 14)


def put(person: Person, school: School, day: date, status: str, **columns: Any) -> None:
    """Store a final person-day, as a judgement would."""
    values = {"codes": [], "late": 0, "early": 0, "final": True, "cause": "", "rules": "contoh-0123456789ab"} | columns
    PersonDay.objects.create(
        person=person,
        school=school,
        day=day,
        status=status,
        digest=hashlib.sha256(f"{person.name} {day} {status}".encode()).hexdigest(),
        computed_at=NOW,
        **values,
    )


def staff(world: World, name: str, kind: str) -> Person:
    """Add somebody to `kota`."""
    person = add_person(name=name, now=NOW)
    assign_person(person=person, school=world.kota, duty="Guru", staff_kind=kind, valid_from=date(2026, 1, 1), now=NOW)
    return person


def line(status: str, *codes: str, late: int = 0, final: bool = True, cause: str = "") -> Held:
    """Return a day of 14 September at some school."""
    return Held(DayLine(DAY, status, codes, late, 0, final), cause)


@pytest.mark.parametrize(
    ("days", "status", "late", "final"),
    [
        ([line("A")], "A", 0, True),
        ([line("H", "TL1", late=5), line("L")], "H", 5, True),
        ([line("L"), line("A")], "A", 0, True),
        ([line("A"), line("H")], "H", 0, True),
        ([line("A"), line("A")], "A", 0, True),
        ([line("A"), line("T", final=False, cause="school_not_heard")], "T", 0, False),
        ([line("H", late=5), line("H", late=7)], "H", 12, True),
        ([line("H", late=5), line("T", final=False, cause="no_schedule")], "H", 5, True),
        ([line("L"), line("T", final=False, cause="no_schedule")], "L", 0, True),
        ([line("CT"), line("DL")], "DL", 0, True),
        ([line("-"), line("L")], "L", 0, True),
    ],
)
def test_one_date_at_two_schools_is_one_day(days: list[Held], status: str, late: int, final: bool):
    for order in (days, days[::-1]):
        (told,) = merged(order)
        assert (told.status, told.late, told.final) == (status, late, final)


def month(world: World) -> None:
    """Four kinds of days in September."""
    put(world.siti, world.kota, date(2026, 9, 1), "H", codes=["TL2", "PSW1"], late=40, early=10)
    put(world.siti, world.kota, date(2026, 9, 2), "A")
    put(world.siti, world.kota, date(2026, 9, 3), "T", final=False, cause="school_not_heard")
    put(world.hasan, world.kota, date(2026, 9, 1), "A")
    put(world.hasan, world.pulau, date(2026, 9, 1), "H")


def rows(world: World, text: str = "") -> dict[str, dict[str, Any]]:
    """Return the list of the kecamatan by name."""
    schools = with_places(School.objects.filter(district=world.district)).order_by("npsn")
    found = tpp_rows(schools, 2026, 9, layout_of(text), now=LATER)
    return {str(row[1]): dict(zip(HEADS, row, strict=True)) for row in found}


def test_the_allowance_list_counts_codes_minutes_and_days(world: World):
    month(world)
    siti = rows(world)["Siti Aminah"]
    assert (siti["Hari kerja"], siti["TK"], siti["TL2"], siti["PSW1"], siti["TL1"]) == (3, 1, 1, 1, 0)
    assert (siti["Menit terlambat"], siti["Menit pulang awal"], siti["Tertunda"]) == (40, 10, 1)
    assert siti["Potongan %"] is None
    assert siti["Keadaan bulan"] == "sementara"
    assert siti["Paket aturan"].startswith("contoh-0123456789ab")
    assert len(siti["Sidik rekap"]) == 64


def test_somebody_of_two_schools_is_one_row_and_not_away_while_at_work(world: World):
    month(world)
    hasan = rows(world)["Hasan Basri"]
    assert (hasan["Hari kerja"], hasan["TK"]) == (1, 0)
    assert hasan["Sekolah"] == "SDN Pangarangan I; SDN Kebunan II"
    assert len(rows(world)) == 3


def test_an_example_table_is_never_used(world: World):
    month(world)
    with pytest.raises(HadirError, match="masih contoh"):
        rows(world, '[tpp]\ntabel = "kementan-2012"')
    with pytest.raises(HadirError, match="tidak ada di paket"):
        rows(world, '[tpp]\ntabel = "perbup"')


def test_the_chosen_table_gives_the_percent(world: World, settings: Any, tmp_path: Any):
    settings.HADIR_DATA = tmp_path
    (tmp_path / "rules").mkdir()
    text = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8")
    start = text.index("[[potongan.kementan-2012]]")
    chosen = text[:start] + text[start:].replace("aktif = false", "aktif = true", 1)
    (tmp_path / "rules" / "contoh.toml").write_text(chosen, encoding="utf-8")
    month(world)
    found = rows(world, '[tpp]\ntabel = "kementan-2012"')
    assert str(found["Siti Aminah"]["Potongan %"]) == "5.5"


def test_the_files_of_the_allowance_list_hold_no_formula(world: World):
    person = staff(world, "=cmd|'/c calc'!A1", "PPPK")
    put(person, world.kota, date(2026, 9, 1), "H")
    schools = with_places(School.objects.filter(pk=world.kota.pk))
    made = list(tpp_rows(schools, 2026, 9, layout_of(), now=LATER))
    plain = list(csv.reader(io.StringIO(tpp_csv(made).decode("utf-8-sig"))))
    assert plain[0] == list(HEADS)
    assert any(row[1] == "'=cmd|'/c calc'!A1" for row in plain)
    book = CalamineWorkbook.from_filelike(io.BytesIO(tpp_xlsx(made, 2026, 9, layout_of(), now=LATER)))
    cells = book.get_sheet_by_name("TPP").to_python()
    assert [str(row[1]) for row in cells[1:]] == [str(row[1]) for row in made]
    assert [row[6] for row in cells[1:]] == [row[6] for row in made]


def away(person: Person, school: School, days: range) -> None:
    """Store days away in September."""
    for day in days:
        put(person, school, date(2026, 9, day), "A")


def test_steps_are_proposed_for_those_they_bind_and_others_are_counted(world: World):
    away(world.siti, world.kota, range(1, 5))
    honorer = staff(world, "Lailatul Qodriyah", "HONORER")
    away(honorer, world.kota, range(1, 6))
    late = staff(world, "Moh. Kholil", "PNS")
    for day in range(1, 8):
        put(late, world.kota, date(2026, 9, day), "H", codes=["TL4"], late=225)
    found = {one.member.person.name: one for one in cases_of(School.objects.filter(pk=world.kota.pk), 2026, now=LATER)}
    assert found["Siti Aminah"].step == "teguran tertulis"
    assert found["Siti Aminah"].on == date(2026, 9, 4)
    assert found["Siti Aminah"].dates == tuple(date(2026, 9, day) for day in range(1, 5))
    assert (found["Lailatul Qodriyah"].step, found["Lailatul Qodriyah"].count.absent) == ("", 5)
    assert (found["Moh. Kholil"].step, found["Moh. Kholil"].count.minute_days) == ("teguran lisan", 3)
    assert "Hasan Basri" not in found


def test_ten_days_in_a_row_come_first(world: World):
    away(world.siti, world.kota, range(1, 11))
    other = staff(world, "Abd. Waris", "PNS")
    for day in (*range(1, 8), *range(9, 16)):
        put(other, world.kota, date(2026, 9, day), "A")
    put(other, world.kota, date(2026, 9, 8), "H")
    cases = cases_of(School.objects.filter(pk=world.kota.pk), 2026, now=LATER)
    assert [one.member.person.name for one in cases] == ["Siti Aminah", "Abd. Waris"]
    assert "10 hari berturut-turut" in cases[0].step
    assert cases[1].in_a_row == 7


def test_a_run_of_absence_goes_on_over_new_year(world: World):
    for day in range(26, 32):
        put(world.siti, world.kota, date(2026, 12, day), "L" if day == 27 else "A")
    for day in range(1, 7):
        put(world.siti, world.kota, date(2027, 1, day), "L" if day in {1, 3} else "A")
    put(world.siti, world.kota, date(2027, 1, 7), "H")
    soon, later = datetime(2027, 1, 2, 9, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
    schools = School.objects.filter(pk=world.kota.pk)
    ((before,), (after,)) = (cases_of(schools, 2026, now=soon), cases_of(schools, 2027, now=later))
    assert (before.count.absent, before.in_a_row, before.step) == (5, 5, "teguran tertulis")
    assert (after.count.absent, after.in_a_row, after.step) == (4, 9, "teguran tertulis")
    put(world.siti, world.kota, date(2026, 12, 25), "A")
    (after,) = cases_of(schools, 2027, now=later)
    assert (after.count.absent, after.in_a_row, after.on) == (4, 10, date(2027, 1, 6))
    assert "10 hari berturut-turut" in after.step
    assert min(after.dates) == date(2027, 1, 2)
    PersonDay.objects.filter(day=date(2027, 1, 2)).update(status="H")
    (after,) = cases_of(schools, 2027, now=later)
    assert (after.in_a_row, after.step) == (3, "teguran lisan")


def test_the_list_of_steps_names_every_date_and_its_rules(world: World):
    away(world.siti, world.kota, range(1, 4))
    cases = cases_of(School.objects.filter(pk=world.kota.pk), 2026, now=LATER)
    book = CalamineWorkbook.from_filelike(io.BytesIO(pp94_xlsx(cases, 2026, layout_of(), now=LATER)))
    row = book.get_sheet_by_name("PP 94").to_python()[1]
    assert row[0] == "teguran lisan"
    assert row[1] == date(2026, 9, 3)
    assert row[13] == "1\N{EN DASH}3 September"
    assert str(row[15]).startswith("contoh-")
    told = {str(line[0]): str(line[1]) for line in book.get_sheet_by_name("Keterangan").to_python()[1:]}
    assert len(told["Sidik isi SHA-256"]) == 64
    assert "memutuskan" in told["Sifat"]


def test_a_year_that_has_not_come_is_empty(world: World):  # noqa: ARG001  opens the database
    assert cases_of(School.objects.all(), 2031, now=LATER) == []


def test_a_persons_year_has_its_months_sums_and_dates(world: World):
    month(world)
    away(world.siti, world.kota, range(7, 10))
    layout = layout_of()
    sheet = year_sheet(world.siti, 2026, layout, now=LATER)
    september = sheet.months[8]
    assert september.name == "September"
    assert [mark.words for mark in september.marks[:3]] == ["TL2 PSW1", "A", "T"]
    assert dict(zip(layout.days, september.days, strict=True))["A"] == 4
    assert september.days == sheet.total.days
    told = dict(sheet.summary)
    assert told["Tanpa keterangan"] == "4 hari: 2 dan 7\N{EN DASH}9 September"
    assert told["Langkah PP 94/2021"].startswith("teguran tertulis, tercapai 9 September 2026")
    assert told["Tertunda, tidak dihitung"] == "3 September"
    book = CalamineWorkbook.from_filelike(io.BytesIO(year_xlsx(sheet, layout, now=LATER)))
    assert len(book.get_sheet_by_name("Data").to_python()) == 1 + 6
    assert book.get_sheet_by_name("Tahun").to_python()[9][1] == "TL2 PSW1"
    assert len(year_form(sheet, layout, now=LATER).pictures(ppi=36)) == 1


def test_a_year_without_days_says_so(world: World):
    layout = layout_of()
    sheet = year_sheet(world.rahma, 2025, layout, now=LATER)
    assert sheet.summary == (("Isi", "Belum ada hari yang tercatat pada 2025."),)
    assert year_form(sheet, layout, now=LATER).pdf().startswith(b"%PDF-")


def test_somebody_who_never_belonged_anywhere_has_no_year(world: World):  # noqa: ARG001  opens the database
    with pytest.raises(HadirError) as refused:
        year_sheet(add_person(name="Tamu", now=NOW), 2026, layout_of(), now=LATER)
    assert refused.value.code == "no_assignment"
