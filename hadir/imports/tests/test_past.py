"""A list that holds from a day in the past: what is judged already changes by the dinas only, with a reason."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.imports.models import ImportBatch
from hadir.imports.plans import Choice, digest_of, sure_choices
from hadir.imports.services import apply_staff
from hadir.imports.tests.made import ACHMAD, HEAD, ROFIAH, SITI, Someone, dapodik
from hadir.imports.tests.test_pages import ticked, upload, visitor
from hadir.imports.tests.world import EARLIER, NOW, TODAY, bring_in, keep, login, person, plan, region, school, work_of
from hadir.people.models import Person
from hadir.schools.models import School

pytestmark = pytest.mark.django_db
PAST = TODAY - dt.timedelta(days=20)
ABSENT = TODAY - dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page see the moment of `world.NOW`."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def absent(one: Person, at: School, day: dt.date = ABSENT) -> None:
    """Judge a day: nobody came."""
    PersonDay.objects.create(
        person=one, school=at, day=day, status="A", codes=["A"], late=0, early=0, final=True, rules="contoh 1",
        digest="0" * 64, computed_at=NOW,
    )  # fmt: skip


def siti_of(at: School) -> Person:
    """Return somebody with a day that is judged."""
    siti = person("Siti Aminah", at)
    absent(siti, at)
    return siti


def send(client: Client, staff: list[Someone], start: dt.date = PAST) -> Any:
    return upload(client, dapodik(staff), start=start.isoformat())


@pytest.mark.parametrize("kind", [RoleKind.OPERATOR, RoleKind.HEAD])
def test_a_school_does_not_end_judged_days(kind: RoleKind):
    at = school()
    siti = siti_of(at)
    answer = send(visitor(kind, at), [ROFIAH])
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'id="id_start_error"' in html
    assert "mengubah hari yang sudah dinilai (Siti Aminah)" in html
    assert ImportBatch.objects.count() == 0
    assert work_of(siti) == [("Guru Kelas", "PNS", EARLIER, None)]


def test_a_school_does_not_change_the_status_of_judged_days():
    at = school()
    rofiah = person("Rofi'ah", at, nip=str(ROFIAH.nip))
    absent(rofiah, at)
    client = visitor(RoleKind.OPERATOR, at)
    assert send(client, [replace(ROFIAH, status="PPPK")]).status_code == 422
    assert send(client, [replace(ROFIAH, status="PPPK")], TODAY).status_code == 302


def test_a_doubtful_row_is_no_way_around():
    at = school()
    siti = person("Siti Madura", at, nuptk="1111222233334444")
    absent(siti, at)
    client = visitor(RoleKind.OPERATOR, at)
    address = send(client, [replace(SITI, status="Guru Honor Sekolah")]).url
    page = client.get(address)
    sent = ticked(page) | {"who-r6": str(siti.pk)}
    wrong: Any = client.post(address, sent | {"reason": "sudah pindah"})
    assert (wrong.status_code, len(work_of(siti))) == (409, 1)
    assert "hanya dapat diubah dinas" in wrong.content.decode()


def test_the_first_list_of_a_school_may_hold_from_any_day():
    at = school()
    client = visitor(RoleKind.OPERATOR, at)
    address = send(client, [ROFIAH, ACHMAD]).url
    page = client.get(address)
    assert 'name="reason"' not in page.content.decode()
    assert client.post(address, ticked(page)).status_code == 302
    assert work_of(Person.objects.get(nip=ROFIAH.nip)) == [("Guru Kelas", "PNS", PAST, None)]


def test_somebody_new_may_come_from_a_day_in_the_past():
    at = school()
    rofiah = person("ROFI'AH", at, nip=str(ROFIAH.nip), nuptk=str(ROFIAH.nuptk))
    absent(rofiah, at)
    client = visitor(RoleKind.OPERATOR, at)
    address = send(client, [ROFIAH, HEAD]).url
    assert client.post(address, ticked(client.get(address))).status_code == 302
    assert work_of(Person.objects.get(nip=HEAD.nip))[0][2] == PAST


def test_the_dinas_ends_judged_days_with_a_reason_that_stays():
    at = school()
    siti = siti_of(at)
    client = visitor(RoleKind.DINAS, region())
    address = send(client, [ROFIAH]).url
    page = client.get(address)
    assert 'name="reason"' in page.content.decode()
    sent = ticked(page) | {f"tick-g{siti.pk.hex}": "on"}
    wrong: Any = client.post(address, sent | {"reason": "  "})
    assert (wrong.status_code, "Tuliskan alasannya" in wrong.content.decode()) == (409, True)
    assert Person.objects.count() == 1, "all or nothing"
    assert client.post(address, sent | {"reason": "SK mutasi 800/12"}).status_code == 302
    assert work_of(siti)[0][3] == PAST - dt.timedelta(days=1)
    for action in ("import_staff", "end_assignment"):
        assert AuditEntry.objects.get(action=action).detail["reason"] == "SK mutasi 800/12"


def test_what_was_not_ticked_needs_no_reason():
    at = school()
    siti = siti_of(at)
    client = visitor(RoleKind.DINAS, region())
    address = send(client, [ROFIAH]).url
    assert client.post(address, ticked(client.get(address))).status_code == 302
    assert work_of(siti)[0][3] is None


def test_the_service_itself_refuses():
    at = school()
    siti = siti_of(at)
    data = dapodik([ROFIAH])
    items = plan(data, at, start=PAST)
    choices = sure_choices(items) | {f"g{siti.pk.hex}": Choice("apply")}
    batch = keep(data, at, start=PAST)
    for by, code in ((login(RoleKind.HEAD, at), "import_past_office_only"), (None, "import_past_reason")):
        with pytest.raises(HadirError) as caught:
            apply_staff(batch=batch, choices=choices, digest=digest_of(items), now=NOW, by=by, managed=None)
        assert caught.value.code == code
    assert re.search("Siti Aminah", caught.value.message)
    assert len(work_of(siti)) == 1


def test_another_home_school_from_the_past_changes_judged_days_too():
    here, there = school(), school("20531235", "SDN Raas I")
    one = person("ROFI'AH", there, nip=str(ROFIAH.nip), nuptk=str(ROFIAH.nuptk))
    one.assignments.update(is_home=False)
    absent(one, there)
    with pytest.raises(HadirError) as caught:
        bring_in(dapodik([ROFIAH]), here, start=PAST)
    assert caught.value.code == "import_past_reason"
    one.assignments.update(is_home=True)
    assert bring_in(dapodik([ROFIAH]), here, start=PAST) == {"joined": 1}, "beside the home school nothing changes"
