"""What the list for the allowance says of closed months: carried adjustments, and the rules of the percent."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.attendance.tests.conftest import at
from hadir.conftest import World
from hadir.core.ids import new_id
from hadir.months.models import Adjustment, Month, MonthSnapshot
from hadir.months.queries import current_sheet
from hadir.months.sheet import digest_of
from hadir.people.models import Person
from hadir.reports.documents.sources import rekap_for, with_places
from hadir.reports.documents.tests.made import layout_of
from hadir.reports.documents.tests.test_lists import put
from hadir.reports.documents.tpp import HEADS, tpp_rows
from hadir.rules.pack import BUILT_IN
from hadir.schools.models import School

DAY = date(2026, 9, 17)
OCTOBER = at("09:00", date(2026, 10, 2))


def loaded(school: School) -> School:
    return with_places(School.objects.all()).get(pk=school.pk)


def rows(schools: Any, month: int) -> dict[str, dict[str, Any]]:
    found = tpp_rows(with_places(schools).order_by("npsn"), 2026, month, layout_of(), now=OCTOBER)
    return {str(row[1]): dict(zip(HEADS, row, strict=True)) for row in found}


def carry(school: School, person: Person, old: str, new: str, *, late: int = 0) -> None:
    """Carry a change of the 17 September to October."""
    month = Month.objects.get_or_create(
        school=school,
        first=date(2026, 9, 1),
        defaults={"last": date(2026, 9, 30), "state": "closed", "version": 1, "compared_at": OCTOBER},
    )[0]
    meaning = {"codes": [], "late": 0, "early": 0, "final": True}
    Adjustment.objects.create(
        id=new_id(),
        month=month,
        version=1,
        person=person,
        day=DAY,
        old=meaning | {"status": old},
        new=meaning | {"status": new, "late": late},
        cause="late_scan",
        params={"received": OCTOBER.isoformat()},
        late=late,
        early=0,
        absent=(new == "A") - (old == "A"),
        found_at=OCTOBER,
        carry_first=date(2026, 10, 1),
    )


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[f"Penyesuaian {name}"] for name in ("TK", "menit terlambat", "menit pulang awal"))


def test_an_adjustment_reaches_the_allowance_of_the_next_month(world: World):
    put(world.siti, world.kota, DAY, "H", late=25)
    carry(world.kota, world.siti, "A", "H", late=25)
    here = School.objects.filter(pk=world.kota.pk)
    siti = rows(here, 10)["Siti Aminah"]
    assert (siti["TK"], *told(siti)) == (0, -1, 25, 0)
    assert told(rows(here, 10)["Hasan Basri"]) == (0, 0, 0)
    rekap, _sheet = rekap_for(loaded(world.kota), 2026, 10, layout_of(), now=OCTOBER)
    assert ["tanpa keterangan -1 hari, menit terlambat +25" in one.text for one in rekap.carried] == [True]


def test_what_is_carried_to_somebody_who_left_is_not_lost(world: World):
    world.siti.assignments.update(valid_to=date(2026, 9, 30))
    carry(world.kota, world.siti, "A", "I")
    siti = rows(School.objects.filter(pk=world.kota.pk), 10)["Siti Aminah"]
    assert (siti["NPSN"], siti["Hari kerja"], *told(siti)) == (world.kota.npsn, 0, -1, 0, 0)


@pytest.mark.parametrize(("elsewhere", "absent"), [("A", -1), ("L", -1), ("H", 0)])
def test_a_date_that_never_counted_as_absent_is_not_paid_back(world: World, elsewhere: str, absent: int):
    put(world.hasan, world.kota, DAY, "H")
    put(world.hasan, world.pulau, DAY, elsewhere)
    carry(world.kota, world.hasan, "A", "H")
    assert told(rows(School.objects.all(), 10)["Hasan Basri"])[0] == absent


def test_every_reader_has_the_same_absences(world: World):
    put(world.hasan, world.kota, DAY, "A")
    put(world.hasan, world.pulau, DAY, "H", late=20, codes=["TL1"])
    put(world.hasan, world.kota, DAY + timedelta(days=1), "A")
    scopes = {npsn: School.objects.filter(pk=npsn) for npsn in (world.kota.pk, world.pulau.pk)}
    at_kota, at_pulau = (rows(scopes[key], 9)["Hasan Basri"] for key in (world.kota.pk, world.pulau.pk))
    everywhere = rows(School.objects.all(), 9)["Hasan Basri"]
    assert (at_kota["TK"], at_pulau["TK"], everywhere["TK"]) == (1, 0, 1)
    assert (at_kota["Menit terlambat"], at_pulau["Menit terlambat"]) == (0, 20)
    assert at_kota["Sekolah"] == world.kota.name


def sign(school: School, sheet: dict[str, Any], *, duty: str = "") -> None:
    """Close September of a school with this sheet."""
    month = Month.objects.create(
        school=school, first=date(2026, 9, 1), last=date(2026, 9, 30), state="closed", version=1, compared_at=OCTOBER
    )
    MonthSnapshot.objects.create(
        month=month, version=1, sheet=sheet, digest=digest_of(sheet), signer_name="Drs. X", signer_duty=duty,
        signed_at=OCTOBER,
    )  # fmt: skip


def test_a_percent_by_other_rules_than_those_signed_says_so(world: World, settings: Any, tmp_path: Path):
    settings.HADIR_DATA = tmp_path
    (tmp_path / "rules").mkdir()
    text = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8")
    start = text.index("[[potongan.kementan-2012]]")
    chosen = text[:start] + text[start:].replace("aktif = false", "aktif = true", 1)
    (tmp_path / "rules" / "contoh.toml").write_text(chosen, encoding="utf-8")
    put(world.siti, world.kota, DAY, "A")
    layout = layout_of('[tpp]\ntabel = "kementan-2012"')
    here = with_places(School.objects.filter(pk=world.kota.pk))

    def told_rules() -> set[str]:
        found = (dict(zip(HEADS, row, strict=True)) for row in tpp_rows(here, 2026, 9, layout, now=OCTOBER))
        return {str(row["Paket aturan"]) for row in found if row["Potongan %"] is not None}

    sheet = current_sheet(here.get(), 2026, 9, OCTOBER)
    (before,) = told_rules()
    assert sheet.period_rules in before
    assert "dihitung dengan" not in before
    signed = sheet.to_snapshot() | {"period_rules": "contoh-ffffffffffff"}
    sign(world.kota, signed)
    (after,) = told_rules()
    assert after.endswith(f"contoh-ffffffffffff; potongan dihitung dengan {sheet.period_rules}")


@pytest.mark.parametrize(
    ("duty", "printed"),
    [
        ("Plt. Kepala Sekolah", "Plt. Kepala Sekolah,"),
        ("Guru Kelas, Kepala Sekolah", "Kepala SDN Pangarangan I,"),
        ("", "Kepala SDN Pangarangan I,"),
    ],
)
def test_the_duty_that_was_signed_with_is_printed(world: World, duty: str, printed: str):
    put(world.siti, world.kota, DAY, "H")
    signed = current_sheet(loaded(world.kota), 2026, 9, OCTOBER).to_snapshot()
    sign(world.kota, signed, duty=duty)
    rekap, _sheet = rekap_for(loaded(world.kota), 2026, 9, layout_of(), now=OCTOBER)
    assert (rekap.signer.position, rekap.signer.name) == (printed, "Drs. X")
