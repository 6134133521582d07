"""The pages, over HTTP, without any script."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hadir.accounts.models import RoleKind
from hadir.core.models import AuditEntry
from hadir.imports.models import ImportBatch
from hadir.imports.preview import SHOWN
from hadir.imports.tests.made import ACHMAD, ROFIAH, SECRET, SITI, Someone, csv_file, dapodik
from hadir.imports.tests.world import login, person, region, school, work_of
from hadir.people.models import Person
from hadir.schools.models import District, School

pytestmark = pytest.mark.django_db
HTTP_SCHOOLS = csv_file(
    [
        ["npsn", "nama", "kecamatan", "jenjang", "pulau", "zona waktu", "alamat"],
        ["20531235", "SDN Raas I", "Kec. Raas", "SD", "Raas", "WIB", "Jl. Pantai 1"],
        ["20531236", "SMPN 1 Sapeken", "Sapeken", "SMP", "Sapeken", "", ""],
        ["2053123", "SDN Tanpa NPSN", "Sapeken", "SD", "", "", ""],
    ]
)


def visitor(kind: RoleKind, place: Any) -> Client:
    client = Client()
    client.force_login(login(kind, place))
    return client


def upload(client: Client, data: bytes, *, npsn: str = "20531234", start: str = "", name: str = "ptk.xlsx") -> Any:
    today = start or re.search(r'name="start" value="([0-9-]+)"', client.get(reverse("import")).content.decode())[1]  # type: ignore[index]
    fields = {"school": npsn, "start": today, "file": SimpleUploadedFile(name, data)}
    return client.post(reverse("import"), fields)


def ticked(page: Any) -> dict[str, str]:
    """Return what a browser would send of the preview as it stands."""
    html = page.content.decode()
    sent = {"digest": re.search(r'name="digest" value="(\w+)"', html)[1], "apply": "1"}  # type: ignore[index]
    for tag in re.findall(r"<input[^>]+checked[^>]*>", html):
        name = re.search(r'name="([^"]+)"', tag)[1]  # type: ignore[index]
        found = re.search(r'value="([^"]*)"', tag)
        sent[name] = found[1] if found else "on"
    return sent


def test_from_upload_to_result():
    client = visitor(RoleKind.OPERATOR, school())
    answer = upload(client, dapodik())
    assert answer.status_code == 302
    page = client.get(answer.url)
    html = page.content.decode()
    assert "ROFI&#x27;AH" in html
    assert "Kolom yang dibuang saat dibaca: Tempat Lahir, Agama" in html
    assert SECRET not in html
    assert Person.objects.count() == 0
    done: Any = client.post(answer.url, ticked(page))
    assert (done.status_code, Person.objects.count()) == (302, 4)
    result = client.get(done.url).content.decode()
    assert "<dt>ditambahkan</dt><dd><b>4</b></dd>" in result
    assert AuditEntry.objects.get(action="import_staff").actor_name == "petugas"


def test_a_nip_that_nobody_reads_is_told():
    client = visitor(RoleKind.OPERATOR, school())
    rows: list[list[str | float]] = [["No", "Nama", "L/P", "NIP lama", "Status"], [1, "Achmad", "L", "123", "PPPK"]]
    page = client.get(upload(client, csv_file(rows)).url)
    assert "Kolom D tampaknya memuat NIP" in page.content.decode()


def test_what_is_not_ticked_is_not_done():
    client = visitor(RoleKind.OPERATOR, school())
    address = upload(client, dapodik()).url
    sent = ticked(client.get(address))
    sent.pop(next(name for name in sent if name.startswith("tick-")))
    client.post(address, sent)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Achmad Ba'its", "Moh. Hasan", "Siti Maḍura"]


def test_the_doubtful_come_first_and_wait_for_an_answer():
    at = school()
    siti = person("Siti Madura", at, nuptk="1111222233334444")
    gone = person("Pindah", at)
    client = visitor(RoleKind.HEAD, at)
    address = upload(client, dapodik([SITI, replace(ACHMAD, status="Lainnya"), ROFIAH])).url
    page = client.get(address)
    html = page.content.decode()
    assert html.index('id="doubtful"') < html.index('id="new"') < html.index('id="gone"')
    sent = ticked(page)
    assert {name for name, value in sent.items() if value == "skip"} == {"who-r6", "who-r7"}
    assert not any(name.startswith("tick-g") for name in sent), "nobody is ended without a tick"
    wrong = client.post(address, sent | {"who-r7": "new"})
    assert wrong.status_code == 409
    assert "Baris 7: pilih dulu orangnya dan status kepegawaiannya." in wrong.content.decode()
    assert Person.objects.count() == 2, "all or nothing"
    assert ticked(wrong)["who-r7"] == "new", "the form keeps what was chosen"
    sent |= {"who-r6": str(siti.pk), "who-r7": "new", "kind-r7": "HONORER", f"tick-g{gone.pk.hex}": "on"}
    assert client.post(address, sent).status_code == 302
    assert ImportBatch.objects.get().counts == {"added": 2, "changed": 1, "ended": 1}
    assert work_of(gone)[0][3] is not None


def test_a_list_of_another_school_needs_a_tick():
    client = visitor(RoleKind.OPERATOR, school(name="SDN Raas I"))
    address = upload(client, dapodik()).url
    page = client.get(address)
    assert "Berkas ini bertuliskan SDN Sapeken II, sedangkan Anda memilih SDN Raas I." in page.content.decode()
    assert client.post(address, ticked(page)).status_code == 409
    assert Person.objects.count() == 0
    assert client.post(address, ticked(page) | {"confirmed": "on"}).status_code == 302
    assert Person.objects.count() == 4


def test_a_file_that_is_none_says_so_and_keeps_the_form():
    client = visitor(RoleKind.OPERATOR, school())
    answer = upload(client, b"<html><table><tr><td>Nama</td></tr></table></html>", name="ptk.xls", start="2026-07-13")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Berkas ini halaman web yang diberi nama .xls." in html
    assert 'value="2026-07-13"' in html or "Tanggal mulai" in html
    assert ImportBatch.objects.count() == 0


def test_no_file_and_a_file_beyond_all_measure(settings: Any):
    client = visitor(RoleKind.OPERATOR, school())
    assert "Pilih dulu berkas" in client.post(reverse("import"), {"school": "20531234"}).content.decode()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2000
    big = upload(client, b"Nama;NIP;JK" + b" " * 4000, start="2026-11-24")
    assert "terlalu besar" in big.content.decode()


def test_a_preview_can_be_thrown_away():
    client = visitor(RoleKind.OPERATOR, school())
    address = upload(client, dapodik()).url
    assert client.post(address, {"discard": "1"}).status_code == 302
    batch = ImportBatch.objects.get()
    assert (batch.draft, batch.applied_at) == (None, None)
    assert client.get(address).status_code == 302


def test_a_large_group_is_ticked_as_a_whole():
    at = school()
    client = visitor(RoleKind.DINAS, region())
    many = [Someone(f"Guru {number}", nuptk=str(10**15 + number)) for number in range(SHOWN + 5)]
    address = upload(client, dapodik(many)).url
    page = client.get(address)
    sent = ticked(page)
    assert (len(sent), "all-new" in sent) == (3, True)
    assert "dan 5 lagi" in page.content.decode()
    client.post(address, sent)
    assert Person.objects.filter(assignments__school=at).count() == SHOWN + 5


@pytest.mark.parametrize("kind", [RoleKind.TEACHER, RoleKind.SUPERVISOR])
def test_who_manages_no_people_imports_none(kind: RoleKind):
    client = visitor(kind, school())
    assert client.get(reverse("import")).status_code == 403
    assert client.get(reverse("import-schools")).status_code == 403


def test_another_schools_import_does_not_exist():
    first, second = school(), school("20531235", "SDN Raas I")
    mine = visitor(RoleKind.OPERATOR, first)
    other = Client()
    other.force_login(login(RoleKind.OPERATOR, second, "lain"))
    address = upload(mine, dapodik()).url
    assert other.get(address).status_code == 404
    assert other.post(address, {"discard": "1"}).status_code == 404
    assert upload(other, dapodik(), npsn="20531234").status_code == 422, "not a school of theirs"
    assert Client().get(address).status_code == 302, "log in first"


def test_an_operator_takes_over_another_schools_teacher_only_on_purpose():
    here, there = school(), school("20531235", "SDN Raas I")
    one = person("Rofiah", there, nip=str(ROFIAH.nip))
    client = visitor(RoleKind.OPERATOR, here)
    address = upload(client, dapodik([ROFIAH])).url
    page = client.get(address)
    assert "Orang ini tercatat di sekolah lain." in page.content.decode()
    client.post(address, ticked(page))
    assert len(work_of(one)) == 1
    address = upload(client, dapodik([ROFIAH])).url
    client.post(address, ticked(client.get(address)) | {"who-r6": str(one.pk)})
    one.refresh_from_db()
    assert (len(work_of(one)), one.name) == (2, "Rofiah"), "assigned, and the name stays with the home school"
    assert list(one.assignments.values_list("school__npsn", "is_home")) == [("20531235", True), ("20531234", False)]


def test_schools_come_in_with_their_kecamatan_and_islands():
    client = visitor(RoleKind.DINAS, region())
    fields = {"region": str(region().pk), "file": SimpleUploadedFile("sekolah.csv", HTTP_SCHOOLS)}
    address = client.post(reverse("import-schools"), fields).headers["location"]
    page = client.get(address)
    html = page.content.decode()
    assert "Kecamatan baru yang ikut ditambahkan: Raas, Sapeken." in html
    assert "NPSN kurang satu atau dua angka" in html
    client.post(address, ticked(page))
    assert list(School.objects.order_by("npsn").values_list("npsn", "level", "district__name", "island__name")) == [
        ("20531235", "SD", "Raas", "Raas"),
        ("20531236", "SMP", "Sapeken", "Sapeken"),
    ]
    assert District.objects.get(name="Raas").is_island
    assert ImportBatch.objects.get().counts == {"added": 2, "left": 1}


def test_an_operator_imports_no_schools():
    client = visitor(RoleKind.OPERATOR, school())
    assert client.get(reverse("import-schools")).status_code == 403


def test_the_start_page_does_not_load_rows(django_assert_max_num_queries: Any):
    at = school()
    client = visitor(RoleKind.OPERATOR, at)
    for _number in range(3):
        upload(client, dapodik())
    with django_assert_max_num_queries(16) as seen:
        page = client.get(reverse("import"))
    assert "Menunggu Anda" in page.content.decode()
    recent = next(
        query["sql"]
        for query in seen.captured_queries
        if "imports_importbatch" in query["sql"] and "LIMIT" in query["sql"]
    )
    assert '"draft",' not in recent
