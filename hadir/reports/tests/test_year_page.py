"""A person's year over HTTP: who sees it, what its cells and counters say, one's own phone, and its cost."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.conftest import NOW
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person

FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture
def told(week: Week) -> Week:
    """Friday: Bu Siti late, Pak Hasan absent; Monday has begun, Bu Siti was seen."""
    week.hear(at("06:00", FRIDAY))
    week.scan(week.world.siti, at("07:45", FRIDAY))
    week.scan(week.world.siti, at("16:35", FRIDAY))
    week.hear(at("21:00", FRIDAY))
    week.scan(week.world.siti, at("07:01"))
    for school in (week.world.kota, week.world.pulau):
        week.compute(school, FRIDAY, now=NOW, days=4)
    return week


def own(week: Week, person: Person) -> Client:
    user = week.world.login(RoleKind.TEACHER, week.world.kota)
    user.person = person
    user.save(update_fields=["person"])
    return week.world.client(user)


def cells(page: str) -> dict[str, str]:
    """Return the classes of each cell of the year's wide table that can be opened, by its date."""
    wide = page.split('class="year-wide"')[1].split('class="year-leaf"', maxsplit=1)[0]
    return {day: classes for classes, day in re.findall(r'<a class="dc ([^"]*)" href="\?hari=([0-9-]+)#hari"', wide)}


def legend(page: str) -> dict[str, int]:
    part = page.split('class="legend"')[1].split("</ul>", maxsplit=1)[0]
    return {word: int(number) for word, number in re.findall(r"</span>([^<]+)<b>(\d+)</b>", part)}


def test_cells_carry_state_by_shape_letter_and_words(told: Week):
    page = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota)).get(f"/orang/{told.world.siti.pk}/")
    text = page.content.decode()
    found = cells(text)
    assert found["2026-09-11"].split() == ["dc-seen", "dc-tl1", "is-chosen"]
    assert found["2026-09-12"] == "dc-off"
    assert "is-today" in found["2026-09-14"]
    assert 'aria-label="11 September: Terlambat 15 menit"' in text
    absent = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota)).get(f"/orang/{told.world.hasan.pk}/")
    assert 'aria-label="11 September: Tanpa keterangan"' in absent.content.decode()
    assert re.search(r'<a class="dc dc-absent[^>]*>A</a>', absent.content.decode())


def test_the_legend_counts_final_days_once(told: Week):
    page = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota)).get(f"/orang/{told.world.siti.pk}/")
    numbers = legend(page.content.decode())
    assert numbers["Terlambat"] == 1
    assert numbers["Hadir tepat waktu"] == 0
    assert numbers["Libur"] == 2
    assert sum(numbers.values()) == 3
    assert "Sampai 13 September" in page.content.decode()


def test_unexcused_days_and_the_ladder_only_for_whom_it_binds(told: Week):
    head = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota))
    page = head.get(f"/orang/{told.world.hasan.pk}/").content.decode()
    assert "PP 94/2021" in page
    ladder = page.split("Sisa cuti tahunan", maxsplit=1)[0]
    assert ladder.count('<i class="on"></i>') == 1
    assert "Teguran lisan mulai 3 hari." in page
    told.world.hasan.assignments.update(staff_kind="HONORER")
    page = head.get(f"/orang/{told.world.hasan.pk}/").content.decode()
    assert "PP 94/2021" not in page
    assert 'class="ladder"' not in page
    assert "tidak ada jenjang yang berlaku" in page


def test_ten_days_in_a_row_are_the_step_on_the_page_too(told: Week):
    hasan = told.world.hasan
    for number in range(10):
        day = date(2026, 8, 3) + timedelta(days=number)
        PersonDay.objects.create(
            person=hasan, school=told.world.kota, day=day, status="A", codes=[], late=0, early=0, final=True, cause="",
            rules="contoh-0123456789ab", digest=f"{number:064}", computed_at=NOW,
        )  # fmt: skip
    head = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota))
    page = head.get(f"/orang/{hasan.pk}/").content.decode()
    assert "pemberhentian dengan hormat" in page
    assert "(10 hari berturut-turut)" in page
    assert "Sistem hanya mengusulkan, orang yang memutuskan." in page


def test_the_chosen_day_is_told_with_its_rule_and_bar(told: Week):
    head = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota))
    page = head.get(f"/orang/{told.world.siti.pk}/?hari=2026-09-11").content.decode()
    story = page.split('id="hari"')[1]
    assert "Mengapa TL1?" in story
    assert "Mulai 07.30, datang 07.45: 15 menit kerja terlewat." in story
    assert "Perpres 21/2023" in story
    assert 'class="bar-missed"' in story
    assert 'class="bar-break"' in story
    assert "/aturan/contoh/" in story


@pytest.mark.parametrize(
    "query", ["?tahun=2025", "?tahun=x", "?hari=kemarin", "?bulan=2026-13", "?tahun=0001", "?hari=2025-01-01"]
)
def test_whatever_is_asked_there_is_a_page(told: Week, query: str):
    head = told.world.client(told.world.login(RoleKind.HEAD, told.world.kota))
    assert head.get(f"/orang/{told.world.siti.pk}/{query}").status_code == 200


def test_a_teacher_sees_herself_and_nobody_else(told: Week):
    world = told.world
    client = own(told, world.siti)
    page = client.get(f"/orang/{world.siti.pk}/").content.decode()
    assert "Tercatat 07.01" in page
    assert "Hari ini, di Kantor guru" in page
    for other in (world.hasan, world.rahma, world.anwar):
        assert other.name not in page
        assert str(other.pk) not in page
        assert client.get(f"/orang/{other.pk}/").status_code == 404
        assert client.get(f"/orang/{other.pk}/hari/2026-09-14/").status_code == 404
    for address in ("/orang/", f"/hari-ini/{world.kota.npsn}/", "/belum-terdengar/", "/catatan-jam/"):
        assert client.get(address).status_code in {200, 403, 404}
        assert world.hasan.name not in client.get(address).content.decode()


def test_a_teachers_bar_has_her_own_words(told: Week):
    page = own(told, told.world.siti).get(f"/orang/{told.world.siti.pk}/").content.decode()
    bar = page.split('class="nav"')[1].split("</nav>")[0]
    words = [re.sub(r"<svg.*?</svg>", "", each) for each in re.findall(r"<a [^>]*>(.*?)</a>", bar, re.DOTALL)]
    assert words[0] == "Catatan saya"
    assert words[-1] == "Akun"
    assert not {"Orang", "Hari ini", "Perangkat"} & set(words)


def test_before_anything_is_known_today_is_awaited_never_absent(week: Week):
    week.compute(week.world.kota, now=NOW)
    page = own(week, week.world.siti).get(f"/orang/{week.world.siti.pk}/").content.decode()
    assert "Belum ada catatan" in page
    assert "Belum terlihat" in page
    assert "st-absent" not in page
    assert 'href="?hari=2026-09-14#hari" aria-label="14 September: belum terlihat' in page


def test_a_school_sees_only_the_days_at_its_own(told: Week):
    world = told.world
    page = world.client(world.login(RoleKind.HEAD, world.pulau)).get(f"/orang/{world.hasan.pk}/").content.decode()
    assert world.kota.name not in page
    assert "Hanya hari-hari di sekolah Anda yang tampil." in page


def test_two_schools_on_one_date_are_one_day_that_counts_once(told: Week):
    world = told.world
    page = own(told, world.hasan).get(f"/orang/{world.hasan.pk}/").content.decode()
    assert legend(page)["Tanpa keterangan"] == 1


def test_queries_do_not_grow_with_the_year_or_the_school(
    told: Week, django_assert_num_queries: Any, django_assert_max_num_queries: Any
):
    world = told.world
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    address = f"/orang/{world.siti.pk}/?hari=2026-09-11"
    head.get(address)
    with django_assert_max_num_queries(75) as few:
        head.get(address)
    for number in range(60):
        person = add_person(name=f"Guru {number:03}", now=NOW)
        assign_person(person=person, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=NOW.date(), now=NOW)
    told.compute(world.kota, date(2026, 9, 1), now=NOW, days=14)
    with django_assert_num_queries(len(few.captured_queries)):
        head.get(address)


def test_the_year_speaks_english(told: Week):
    client = own(told, told.world.siti)
    client.cookies["hadir_bahasa"] = "en"
    page = client.get(f"/orang/{told.world.siti.pk}/").content.decode()
    assert '<html lang="en">' in page
    assert ">September 2026<" in page
