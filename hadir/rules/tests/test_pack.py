"""Rule packs: what is in the example, and values by date."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hadir.rules.pack import BUILT_IN, load_pack, read_pack
from hadir.rules.reader import PackError
from hadir.rules.tests.packs import CONTOH, TEXT, changed_text

DAY = date(2026, 9, 14)


def test_the_weeks_of_the_example_are_as_long_as_the_law_says():
    weeks = {"5hari": 2250, "6hari": 2250, "ramadan5": 1950, "ramadan6": 1950}
    rules = CONTOH.day_rules(DAY)
    for key, minutes in weeks.items():
        pattern = rules.patterns[key]
        net = [
            hours.end - hours.start - sum((end - start for start, end in hours.breaks), start=hours.start * 0)
            for hours in pattern.hours.values()
        ]
        assert sum(part.total_seconds() for part in net) == minutes * 60, key


def test_every_value_says_where_it_comes_from():
    rules = CONTOH.day
    single = [getattr(rules, name) for name in rules.__slots__]
    keyed = [CONTOH.patterns, CONTOH.leave, CONTOH.discipline, CONTOH.deductions]
    series = [*single, CONTOH.conversion, CONTOH.counts_as_present, *(one for group in keyed for one in group.values())]
    assert [one.key for one in series for row in one.rows if not row.source] == []
    assert len(series) >= 30


def test_deduction_tables_are_off_until_chosen():
    tables = CONTOH.period_rules(DAY).deductions
    assert [table.active for table in tables.values()] == [False, False]
    assert tables["kementan-2012"].percent["TL1"] == Decimal("0.5")


def test_other_kinds_of_staff_have_no_steps_until_the_office_fills_them():
    kinds = CONTOH.period_rules(DAY).discipline
    assert kinds["CPNS"] == kinds["PNS"]
    assert {kind for kind, one in kinds.items() if not one.steps} == {"PPPK", "PPPK_PW", "HONORER", "GTY"}


STEPS = """
[[disiplin.{kind}]]
berlaku_mulai = {day}
sumber = "{day}"
catatan = ""
{value}
"""


def test_a_kind_that_shares_steps_follows_every_change_of_them_until_it_has_its_own():
    later = [
        ("PNS", "2026-06-01", 'langkah = [{ hari = 5, hukuman = "baru" }]'),
        ("PNS", "2026-08-01", 'langkah = [{ hari = 6, hukuman = "lebih baru" }]'),
        ("CPNS", "2026-07-01", "langkah = []"),
    ]
    text = TEXT + "".join(STEPS.format(kind=kind, day=day, value=value) for kind, day, value in later)
    pack = read_pack(text.encode())
    found = {
        day: [kind[0].days if kind else None for kind in (rules["PNS"].steps, rules["CPNS"].steps)]
        for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1))
        for rules in (pack.period_rules(day).discipline,)
    }
    assert list(found.values()) == [[3, 3], [5, 5], [5, None], [6, None]]
    assert [row.source for row in pack.discipline["CPNS"].rows] == ["PP 94/2021", "2026-06-01", "2026-07-01"]


def test_steps_are_shared_only_with_a_kind_that_has_its_own_all_the_time():
    text = TEXT + STEPS.format(kind="PNS", day="2026-06-01", value='seperti = "CPNS"')
    with pytest.raises(PackError, match=r"^disiplin\.\w+\.seperti: \w+ tidak punya langkah sendiri pada 2026-06-01"):
        read_pack(text.encode())


def test_a_value_holds_from_its_date_on():
    newer = '\n[[aturan.jarak_scan]]\nberlaku_mulai = 2026-10-01\nsumber = "uji"\ncatatan = ""\nmenit = 45\n'
    pack = read_pack((TEXT + newer).encode())
    assert pack.day_rules(date(2026, 9, 30)).apart.total_seconds() == 30 * 60
    assert pack.day_rules(date(2026, 10, 1)).apart.total_seconds() == 45 * 60
    assert pack.version != CONTOH.version


def test_the_version_names_the_exact_content():
    assert CONTOH.version == load_pack("contoh").version
    assert CONTOH.version.startswith("contoh-")


def test_before_the_first_value_there_is_none():
    with pytest.raises(PackError, match=r"^aturan\.jendela: baru berlaku 2020-01-01") as caught:
        CONTOH.day_rules(date(2019, 12, 31))
    assert (caught.value.code, caught.value.place) == ("pack_gap", "aturan.jendela")
    assert CONTOH.period_rules(date(2021, 8, 30)).discipline.keys() == {"PPPK", "PPPK_PW", "HONORER", "GTY"}


def test_the_office_comes_before_the_project(tmp_path: Path):
    copy = tmp_path / "contoh.toml"
    copy.write_bytes(changed_text(('judul = "Paket contoh"', 'judul = "Paket Sumenep"')))
    assert load_pack("contoh", [tmp_path]).title == "Paket Sumenep"
    assert load_pack("contoh", [tmp_path / "kosong"]).title == "Paket contoh"


def test_a_byte_order_mark_is_nothing():
    assert read_pack(("\ufeff" + TEXT).encode()).name == "contoh"


def test_every_pack_of_the_project_can_be_loaded():
    names = sorted(path.stem for path in BUILT_IN.glob("*.toml"))
    assert names == ["contoh"]
    assert [load_pack(name).name for name in names] == names


def test_a_missing_side_may_have_a_code_with_a_percent_of_its_own():
    pack = read_pack(changed_text(('kode = "TL4"', 'kode = "TM"'), ("persen = { ", "persen = { TM = 3, ")))
    assert pack.day_rules(DAY).no_arrival.code == "TM"
