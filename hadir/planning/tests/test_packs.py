"""Rule packs over HTTP: read, copied, tried on a past month, switched on; and files that are changed by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.conftest import World
from hadir.core import clock
from hadir.people.models import DayMark
from hadir.rules.pack import BUILT_IN
from hadir.schedules.models import PackVersion, RulePackChoice
from hadir.schedules.office_packs import changed_keys, notice_edits, read_draft, save_pack

TUESDAY = at("09:00", MONDAY + timedelta(days=1))
CONTOH = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8")
OWN = CONTOH.replace('nama = "contoh"', 'nama = "kantor"')
LENIENT = OWN.replace("terlambat_menit = 0", "terlambat_menit = 15")


@pytest.fixture
def week(world: World) -> Week:
    return Week(world)


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Let it be Tuesday 15 September 2026, 09.00 WIB, in an office with no packs of its own."""
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    settings.HADIR_DATA = tmp_path


@pytest.mark.usefixtures("week")
def test_a_pack_is_read_in_words(world: World):
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    page = client.get("/aturan/contoh/").content.decode()
    for words in ("Permentan 68/2012", "120 menit sebelum mulai", "TL2 mulai 31 menit", "450 menit", "PP 11/2017"):
        assert words in page, words
    assert "Sen\N{EN DASH}Kam 07.30\N{EN DASH}16.00 (istirahat 12.00\N{EN DASH}13.00)" in page
    assert client.get("/aturan/contoh/berkas/").content.decode() == CONTOH
    assert client.get("/aturan/baru/?dari=contoh").status_code == 403
    assert client.get("/aturan/tidak-ada/").status_code == 404


def test_an_office_copies_changes_tries_and_switches_on(world: World, week: Week):
    week.scan(world.siti, at("07:40"))
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).codes == ["TL1"]
    client = world.client(world.login(RoleKind.DINAS, world.region))
    start = client.get("/aturan/baru/?dari=contoh").content.decode()
    assert "nama = &quot;kantor&quot;" in start
    answer = client.post("/aturan/baru/?dari=contoh", {"text": LENIENT, "reason": "Perbup 1/2026"})
    assert answer.headers["Location"] == "/aturan/kantor/"
    tried = client.get("/aturan/kantor/coba/?bulan=2026-09").content.decode()
    assert "1 hari berubah, 1 orang" in tried
    assert world.siti.name in tried
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).codes == ["TL1"]
    chosen = {"region": str(world.region.pk), "valid_from": "2026-09-01", "reason": "Perbup 1/2026"}
    assert client.post("/aturan/kantor/pakai/", {**chosen, "reason": ""}).status_code == 422
    assert client.post("/aturan/kantor/pakai/", chosen).status_code == 302
    work_once(now=TUESDAY)
    row = PersonDay.objects.get(person=world.siti, day=MONDAY)
    assert row.codes == []
    assert row.rules.startswith("kantor-")
    assert "Perbup 1/2026" in client.get("/aturan/").content.decode()


@pytest.mark.usefixtures("week")
def test_a_later_change_says_what_changes_and_judges_again(world: World):
    client = world.client(world.login(RoleKind.DINAS, world.region))
    save_pack(data=OWN.encode(), reason="Salinan", now=TUESDAY)
    RulePackChoice.objects.create(
        region=world.region, pack="kantor", valid_from=date(2026, 9, 1), note="Perbup", created_at=TUESDAY
    )
    DayMark.objects.all().delete()
    first = client.post("/aturan/baru/?dari=kantor", {"text": LENIENT, "reason": "Toleransi"})
    assert "aturan.toleransi" in first.content.decode()
    assert PackVersion.objects.filter(pack="kantor").count() == 1
    second = client.post("/aturan/baru/?dari=kantor", {"text": LENIENT, "reason": "Toleransi", "confirmed": "1"})
    assert second.status_code == 302
    assert DayMark.objects.filter(school=world.kota, first=date(2026, 9, 1)).exists()
    assert PackVersion.objects.filter(pack="kantor").count() == 2


@pytest.mark.usefixtures("week")
def test_a_file_changed_by_hand_is_noticed_once(world: World, tmp_path: Path):
    save_pack(data=OWN.encode(), reason="Salinan", now=TUESDAY)
    RulePackChoice.objects.create(
        region=world.region, pack="kantor", valid_from=date(2026, 9, 1), note="Perbup", created_at=TUESDAY
    )
    assert notice_edits(now=TUESDAY) == []
    DayMark.objects.all().delete()
    (tmp_path / "rules" / "kantor.toml").write_text(LENIENT, encoding="utf-8")
    assert len(notice_edits(now=TUESDAY)) == 1
    assert DayMark.objects.filter(school=world.kota).exists()
    assert notice_edits(now=TUESDAY) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nama = ", "bukan TOML"),
        (OWN.replace("bagian_hari = 0.5", "bagian_hari = 1.5", 1), "batas_sisi"),
        (OWN.replace("menit = 30", 'menit = "tiga puluh"', 1), "jarak_scan"),
        (OWN.replace("bagian_hari = 0.5", "bagian_hari = nan", 1), "batas_sisi"),
        (OWN.replace("sebelum_menit = 120", "sebelum_menit = 999999999999999", 1), "sebelum_menit"),
        (OWN + "x = " + "[" * 3000 + "]" * 3000, "bersarang terlalu dalam"),
        (CONTOH, "milik Hadir sendiri"),
    ],
)
@pytest.mark.usefixtures("week")
def test_a_wrong_pack_is_refused_with_its_place(world: World, text: str, words: str):
    client = world.client(world.login(RoleKind.DINAS, world.region))
    answer = client.post("/aturan/baru/?dari=contoh", {"text": text, "reason": "Coba"})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_differences_name_keys_and_first_dates():
    part = (
        '\n[[aturan.toleransi]]\nberlaku_mulai = 2026-10-01\nsumber = "x"\ncatatan = ""\n'
        "terlambat_menit = 5\npulang_awal_menit = 0\n"
    )
    assert changed_keys(read_draft(OWN.encode()), read_draft((OWN + part).encode())) == [
        ("aturan.toleransi", date(2026, 10, 1))
    ]
    assert changed_keys(read_draft(OWN.encode()), read_draft(OWN.replace("Permentan", "Permen").encode())) == []
