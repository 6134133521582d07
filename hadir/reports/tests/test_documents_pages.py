"""The page of documents and the files behind it: who may take what, and that it is written down."""

import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import make_login
from hadir.conftest import NOW, World
from hadir.core.models import AuditEntry
from hadir.people.models import Assignment
from hadir.reports.documents.tests.test_lists import month, put

LATER = datetime(2026, 10, 20, 2, tzinfo=UTC)
MAY = (RoleKind.OPERATOR, RoleKind.HEAD)


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hadir.core.clock.now", lambda: LATER)


def teacher(world: World) -> User:
    """Return the login of Bu Siti herself, without any role."""
    user, _ = make_login(username="siti@contoh.id", display_name="Siti", now=NOW, person=world.siti)
    return user


def of(world: World, file: str = "rekap.pdf", month_key: str = "2026-09") -> str:
    """Return the address of a file of `kota`."""
    return f"/laporan/{world.kota.npsn}/{month_key}/{file}"


@pytest.mark.parametrize("kind", MAY)
@pytest.mark.parametrize(("file", "start"), [("rekap.pdf", b"%PDF-"), ("rekap.xlsx", b"PK"), ("sptjm.pdf", b"%PDF-")])
def test_a_school_takes_its_month_and_that_is_written_down(world: World, kind: RoleKind, file: str, start: bytes):
    month(world)
    answer = world.client(world.login(kind, world.kota)).get(of(world, file))
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    entry = AuditEntry.objects.filter(action__startswith="export_").latest("id")
    assert (entry.object_id, entry.detail) == (str(world.kota.pk), {"period": "2026-09"})


@pytest.mark.parametrize(("kind", "status"), [(RoleKind.TEACHER, 404), (RoleKind.IT, 403)])
def test_who_may_not_export_gets_nothing(world: World, kind: RoleKind, status: int):
    month(world)
    place = world.region if kind == RoleKind.IT else world.kota
    client = world.client(world.login(kind, place))
    assert client.get(of(world)).status_code == status
    assert client.get("/laporan/tpp.xlsx?bulan=2026-09").status_code == 404
    assert client.get("/laporan/pp94.xlsx?tahun=2026").status_code == 404
    assert not AuditEntry.objects.filter(action__startswith="export_").exists()


@pytest.mark.parametrize("key", ["2026-13", "2026", "abc", "2026-11", "1999-01"])
def test_a_month_that_is_none_or_has_not_begun_is_not_found(world: World, key: str):
    assert world.client(world.login(RoleKind.HEAD, world.kota)).get(of(world, month_key=key)).status_code == 404


def test_a_refusal_is_told_on_the_page(world: World):
    Assignment.objects.filter(school=world.kota).delete()
    answer = world.client(world.login(RoleKind.HEAD, world.kota)).get(of(world), follow=True)
    assert "Tidak ada orang yang bertugas di sekolah itu pada bulan tersebut" in answer.content.decode()


def test_a_teacher_takes_her_own_year_and_nobody_elses(world: World):
    month(world)
    client = world.client(teacher(world))
    for form, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        answer = client.get(f"/laporan/orang/{world.siti.pk}/2026/tahun.{form}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
    assert client.get(f"/laporan/orang/{world.hasan.pk}/2026/tahun.pdf").status_code == 404
    assert client.get(f"/laporan/orang/{world.siti.pk}/2027/tahun.pdf").status_code == 404
    page = client.get("/laporan/").content.decode()
    assert f"/laporan/orang/{world.siti.pk}/2026/tahun.pdf" in page
    assert "Rekap bulanan" not in page


def test_a_school_sees_of_a_persons_year_only_its_own_days(world: World):
    put(world.hasan, world.kota, date(2026, 9, 1), "A")
    put(world.hasan, world.pulau, date(2026, 9, 2), "A")
    client = world.client(world.login(RoleKind.HEAD, world.pulau))
    answer = client.get(f"/laporan/orang/{world.hasan.pk}/2026/tahun.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("Data").to_python()
    assert [row[0] for row in rows[1:]] == [date(2026, 9, 2)]


def test_the_allowance_list_holds_ones_own_schools_only(world: World):
    month(world)
    put(world.anwar, world.jauh, date(2026, 9, 1), "A")
    client = world.client(world.login(RoleKind.SUPERVISOR, world.district))
    text = client.get("/laporan/tpp.csv?bulan=2026-09").content.decode("utf-8-sig")
    assert "Siti Aminah" in text
    assert "Anwar" not in text
    assert client.get(f"/laporan/tpp.csv?bulan=2026-09&sekolah={world.jauh.npsn}").status_code == 404
    assert client.get(f"/laporan/tpp.csv?bulan=2026-09&kecamatan={world.far_district.pk}").status_code == 404
    assert client.get("/laporan/tpp.csv?bulan=2026-09&kecamatan=x").status_code == 404
    assert client.get("/laporan/tpp.csv").status_code == 404


def test_the_list_of_steps_is_of_the_scope(world: World):
    for day in (1, 2, 3):
        put(world.siti, world.kota, date(2026, 9, day), "A")
        put(world.anwar, world.jauh, date(2026, 9, day), "A")
    client = world.client(world.login(RoleKind.DINAS, world.region))
    answer = client.get(f"/laporan/pp94.xlsx?tahun=2026&kecamatan={world.far_district.pk}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("PP 94").to_python()
    assert [row[3] for row in rows[1:]] == ["Anwar Sadat"]
    assert client.get("/laporan/pp94.xlsx?tahun=dua").status_code == 404


def test_a_list_of_too_many_schools_is_refused_with_the_way_out(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hadir.reports.views_documents.SCHOOLS_AT_ONCE", 2)
    client = world.client(world.login(RoleKind.DINAS, world.region))
    told = client.get("/laporan/tpp.xlsx?bulan=2026-09", follow=True).content.decode()
    assert "Pilih satu kecamatan" in told


def test_the_page_looks_back_to_the_last_month_that_is_over(world: World):
    client = world.client(world.login(RoleKind.DINAS, world.region))
    page = client.get("/laporan/").content.decode()
    assert "September 2026" in page
    for school in (world.kota, world.pulau, world.jauh):
        assert f"/laporan/{school.npsn}/2026-09/rekap.xlsx" in page
    found = client.get("/laporan/?bulan=2026-08&cari=sapeken").content.decode()
    assert f"/laporan/{world.jauh.npsn}/2026-08/rekap.pdf" in found
    assert world.kota.npsn not in found


def test_the_number_of_queries_does_not_grow_with_schools(world: World, django_assert_max_num_queries):  # noqa: ANN001
    client = world.client(world.login(RoleKind.DINAS, world.region))
    client.get("/laporan/")
    with django_assert_max_num_queries(20):
        client.get("/laporan/")


def test_somebody_without_anything_is_told_who_can(world: World):
    user, _ = make_login(username="tamu@contoh.id", display_name="Tamu", now=NOW)
    assert "Belum ada laporan untuk Anda" in world.client(user).get("/laporan/").content.decode()
