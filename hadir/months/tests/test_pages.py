"""Months over HTTP: who may look, sign and open; what is signed; what is shown of what came later."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.attendance.tests.conftest import at
from hadir.core import clock
from hadir.months.adjusting import find_adjustments
from hadir.months.models import Month, MonthSnapshot, MonthState
from hadir.months.queries_region import due_for
from hadir.months.tests.conftest import MONDAY, OCTOBER, September
from hadir.people.services import add_person, assign_person
from hadir.schedules.services import add_calendar_days

PAGE = "/bulan/20529001/2026-09/"
THURSDAY = MONDAY + timedelta(days=3)
PASSWORD = "sandi yang panjang sekali"


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    set_now(monkeypatch, OCTOBER)


def set_now(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def head(september: September) -> User:
    user = september.world.login(RoleKind.HEAD, september.school)
    user.set_password(PASSWORD)
    user.save()
    return user


def text_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def digest_in(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def signing(digest: str, **changes: str) -> dict[str, str]:
    return {
        "name": "Hj. Siti",
        "nip": "1968",
        "duty": "Kepala sekolah",
        "password": PASSWORD,
        "digest": digest,
    } | changes


def test_a_month_that_is_not_closed_is_provisional(september: September, head: User):
    page = text_of(september.world.client(head))
    assert "September 2026" in page
    assert "sementara" in page
    assert "Terbuka" in page
    for person in (september.world.siti, september.world.hasan):
        assert f"/orang/{person.pk}/?bulan=2026-09" in page
    assert "14: " in page
    assert PAGE + "tanda-tangan/" in page
    assert PAGE + "periksa/" in page
    assert PAGE + "buka/" not in page


@pytest.mark.parametrize(
    ("kind", "look", "sign", "reopen"),
    [
        (RoleKind.OPERATOR, 200, 403, 403),
        (RoleKind.HEAD, 200, 200, 403),
        (RoleKind.SUPERVISOR, 200, 403, 403),
        (RoleKind.DINAS, 200, 200, 302),
        (RoleKind.INSPECTOR, 200, 403, 403),
        (RoleKind.TEACHER, 404, 404, 404),
    ],
)
def test_who_may_look_sign_and_open(september: September, kind: RoleKind, look: int, sign: int, reopen: int):
    world = september.world
    place: Any = world.kota
    if kind == RoleKind.SUPERVISOR:
        place = world.district
    elif kind in {RoleKind.DINAS, RoleKind.INSPECTOR}:
        place = world.region
    client = world.client(world.login(kind, place))
    assert client.get(PAGE).status_code == look
    assert client.get(PAGE + "periksa/").status_code == sign
    assert client.get(PAGE + "tanda-tangan/").status_code == sign
    assert client.get(PAGE + "buka/").status_code == reopen
    if sign != 200:
        assert client.post(PAGE + "periksa/").status_code == sign
        assert client.post(PAGE + "tanda-tangan/", signing("0" * 64)).status_code == sign
    if look == 200:
        assert (PAGE + "tanda-tangan/" in text_of(client)) is (sign == 200)
    assert not MonthSnapshot.objects.exists()


@pytest.mark.parametrize("text", ["2026-13", "2026-9", "kemarin", "1999-01", "2026-11", "\uff12026-09"])
def test_a_month_that_is_none_or_has_not_begun_does_not_exist(september: September, head: User, text: str):
    assert september.world.client(head).get(f"/bulan/20529001/{text}/").status_code == 404


def test_one_school_is_led_to_its_latest_month(september: September, head: User):
    answer = september.world.client(head).get("/bulan/")
    assert answer.status_code == 302
    assert answer.headers["Location"] in {PAGE, "/bulan/20529001/2026-10/"}


def test_the_head_checks_then_signs_and_the_month_is_closed(september: September, head: User):
    client = september.world.client(head)
    assert client.post(PAGE + "periksa/").status_code == 302
    assert Month.objects.get().state == MonthState.CHECKED
    assert "Diperiksa" in text_of(client)
    look = text_of(client, PAGE + "tanda-tangan/")
    assert september.world.siti.full_name in look
    answer = client.post(PAGE + "tanda-tangan/", signing(digest_in(look)))
    assert answer.status_code == 302
    snapshot = MonthSnapshot.objects.get()
    assert (snapshot.signer, snapshot.signer_name, snapshot.signer_nip) == (head, "Hj. Siti", "1968")
    assert snapshot.digest == digest_in(look)
    page = text_of(client)
    assert "Hj. Siti" in page
    assert snapshot.digest[:8] in page
    assert "Ditutup" in page
    assert "sementara</span></h1>" not in page
    for name in ("periksa/", "tanda-tangan/"):
        assert client.get(PAGE + name).headers["Location"] == PAGE
    assert client.post(PAGE + "tanda-tangan/", signing(snapshot.digest)).status_code == 302
    assert MonthSnapshot.objects.count() == 1


def test_a_wrong_password_signs_nothing_and_counts_like_a_login(september: September, head: User):
    client = september.world.client(head)
    digest = digest_in(text_of(client, PAGE + "tanda-tangan/"))
    answer = client.post(PAGE + "tanda-tangan/", signing(digest, password="keliru"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kata sandi belum cocok" in page
    assert "Hj. Siti" in page
    assert "keliru" not in page
    statuses = {client.post(PAGE + "tanda-tangan/", signing(digest, password="keliru")).status_code for _ in range(6)}
    assert 429 in statuses
    assert not MonthSnapshot.objects.exists()


def test_what_changed_between_look_and_signature_is_not_signed(september: September, head: User):
    client = september.world.client(head)
    seen = digest_in(text_of(client, PAGE + "tanda-tangan/"))
    add_calendar_days(
        scope=september.school, kind="libur", name="Haul", valid_from=THURSDAY, valid_to=THURSDAY, now=OCTOBER
    )
    september.settle(OCTOBER)
    answer = client.post(PAGE + "tanda-tangan/", signing(seen))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "berubah sejak Anda membukanya" in page
    assert digest_in(page) != seen
    assert not MonthSnapshot.objects.exists()
    assert client.post(PAGE + "tanda-tangan/", signing(digest_in(page))).status_code == 302
    assert MonthSnapshot.objects.get().digest == digest_in(page)


def test_a_month_that_is_not_over_cannot_be_signed(september: September, head: User, monkeypatch: pytest.MonkeyPatch):
    set_now(monkeypatch, at("09:00", date(2026, 9, 20)))
    client = september.world.client(head)
    look = text_of(client, PAGE + "tanda-tangan/")
    assert "Tanda tangani sesudah 30 September 2026" in look
    assert 'name="digest"' not in look
    context = client.get(PAGE + "tanda-tangan/").context
    answer = client.post(PAGE + "tanda-tangan/", signing(context["digest"]))
    assert answer.status_code == 422
    assert "belum selesai" in answer.content.decode()


def test_dinas_opens_with_a_reason_and_a_second_sheet_is_signed(september: September, head: User):
    september.close()
    world = september.world
    dinas = world.client(world.login(RoleKind.DINAS, world.region))
    answer = dinas.post(PAGE + "buka/", {"reason": " "})
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.content.decode()
    assert dinas.post(PAGE + "buka/", {"reason": "Surat tugas terlambat"}).status_code == 302
    page = text_of(dinas)
    assert "Surat tugas terlambat" in page
    assert "sementara" in page
    client = world.client(head)
    digest = digest_in(text_of(client, PAGE + "tanda-tangan/"))
    assert client.post(PAGE + "tanda-tangan/", signing(digest)).status_code == 302
    page = text_of(client)
    assert "Lembar 2" in page
    assert "Lembar 1" in page


def test_a_late_scan_stands_on_both_months(september: September, head: User, monkeypatch: pytest.MonkeyPatch):
    september.close()
    later = OCTOBER + timedelta(days=1)
    september.week.scan(september.world.siti, at("07:45", THURSDAY), received=later)
    september.settle(later)
    assert find_adjustments(now=later) >= 1
    set_now(monkeypatch, later)
    client = september.world.client(head)
    closed = text_of(client)
    assert "Berubah sesudah ditutup" in closed
    assert "Tanpa keterangan" in closed
    assert "Catatan baru diterima" in closed
    assert "\N{MINUS SIGN}1 hari tanpa keterangan" in closed
    # What was signed stays as it was signed.
    assert f"{THURSDAY.day}: Tanpa keterangan" in closed
    carried = text_of(client, "/bulan/20529001/2026-10/")
    assert "Penyesuaian dari bulan yang sudah ditutup" in carried
    assert f"/orang/{september.world.siti.pk}/hari/{THURSDAY.isoformat()}/" in carried


def test_queries_do_not_grow_with_the_people(september: September, head: User, django_assert_max_num_queries: Any):
    client = september.world.client(head)
    with django_assert_max_num_queries(60) as few:
        text_of(client)
    for number in range(40):
        person = add_person(name=f"Guru {number}", now=OCTOBER)
        assign_person(
            person=person,
            school=september.school,
            duty="Guru",
            staff_kind="PPPK",
            valid_from=date(2026, 9, 1),
            now=OCTOBER,
        )
    september.settle(OCTOBER)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "Guru 39" in text_of(client)


def test_the_region_sees_how_far_its_schools_are(september: September, django_assert_max_num_queries: Any):
    world = september.world
    client = world.client(world.login(RoleKind.DINAS, world.region))
    page = text_of(client, "/bulan/?bulan=2026-09")
    assert "September 2026" in page
    for school in (world.kota, world.pulau, world.jauh):
        assert school.name in page
    september.close()
    page = text_of(client, "/bulan/?bulan=2026-09&keadaan=closed")
    assert world.kota.name in page
    assert "Hj. Siti" in page
    assert world.pulau.name not in page
    page = text_of(client, "/bulan/?bulan=2026-09&cari=20529003")
    assert world.jauh.name in page
    assert world.kota.name not in page
    assert "Tidak ada yang cocok" in text_of(client, "/bulan/?cari=zzz")
    assert world.jauh.name in text_of(client, "/bulan/?bulan=2026-09&kecamatan=Sapeken")
    with django_assert_max_num_queries(20):
        text_of(client, "/bulan/?bulan=2026-09")


@pytest.mark.parametrize("query", ["bulan=9999-99", "bulan=2199-01", "halaman=x", "keadaan=x", "bulan=%00"])
def test_a_strange_question_gets_a_page(september: September, query: str):
    client = september.world.client(september.world.login(RoleKind.DINAS, september.world.region))
    assert client.get(f"/bulan/?{query}").status_code == 200


def test_months_that_are_over_wait_for_the_head_until_they_are_closed(september: September):
    assert due_for(september.school, OCTOBER.date()) == [date(2026, 9, 1)]
    september.close()
    assert due_for(september.school, OCTOBER.date()) == []
