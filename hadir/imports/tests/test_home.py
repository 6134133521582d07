"""Nobody has two home schools, also where two lists both say so."""

import datetime as dt

import pytest

from hadir.core.models import AuditEntry
from hadir.imports.plans import Choice, Kind, digest_of
from hadir.imports.queries import plan_staff
from hadir.imports.services import apply_staff
from hadir.imports.tests.made import ROFIAH, csv_file
from hadir.imports.tests.world import EARLIER, NOW, TODAY, bring_in, keep, person, plan, school, told_by
from hadir.people.models import Assignment, Person
from hadir.schools.models import School

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - dt.timedelta(days=1)
HEAD: list[str | float] = ["No", "Nama", "NIP", "JK", "Status", "Tugas", "Induk"]
LIST = csv_file([HEAD, [1, "ROFI'AH", str(ROFIAH.nip), "P", "PNS", "Guru Kelas", "Ya"]])


def schools() -> tuple[School, School, Person]:
    """Return the home school, another one, and who works at the first."""
    first, second = school(), school("20531235", "SDN Raas I")
    one = person("ROFI'AH", first, nip=str(ROFIAH.nip))
    Person.objects.update(salutation="Ibu")
    return first, second, one


def homes(one: Person) -> list[tuple[str, bool, dt.date, dt.date | None]]:
    found = Assignment.objects.filter(person=one).order_by("school__npsn", "valid_from")
    return [(work.school.name, work.is_home, work.valid_from, work.valid_to) for work in found.select_related("school")]


def test_a_second_home_is_doubtful_and_moves_when_it_is_answered():
    _first, second, one = schools()
    (item,) = plan(LIST, second)
    assert (item.kind, item.doubts) == (Kind.DOUBTFUL, ("home_twice",))
    assert bring_in(LIST, second) == {"left": 1}
    assert homes(one) == [("SDN Sapeken II", True, EARLIER, None)]
    assert bring_in(LIST, second, {item.key: Choice(str(one.pk))}) == {"joined": 1}
    assert homes(one) == [
        ("SDN Sapeken II", True, EARLIER, YESTERDAY),
        ("SDN Sapeken II", False, TODAY, None),
        ("SDN Raas I", True, TODAY, None),
    ]
    assert bring_in(LIST, second) == {"same": 1}
    entry = AuditEntry.objects.get(action="assign_person", detail__school="20531234", detail__import__isnull=False)
    assert entry.detail["from"] == TODAY.isoformat()


def test_the_home_moves_also_between_assignments_that_stand():
    first, second, one = schools()
    assert bring_in(LIST.replace(b";Ya", b";Tidak"), second) == {"joined": 1}
    assert homes(one)[1] == ("SDN Raas I", False, TODAY, None)
    Assignment.objects.filter(school=first).update(valid_from=TODAY)
    (item,) = plan(LIST, second)
    assert item.doubts == ("home_twice",)
    assert bring_in(LIST, second, {item.key: Choice(str(one.pk))}) == {"changed": 1}
    assert homes(one) == [("SDN Sapeken II", False, TODAY, None), ("SDN Raas I", True, TODAY, None)]


def test_who_does_not_manage_the_home_school_leaves_it_there():
    _first, second, one = schools()
    managed = School.objects.filter(pk=second.pk)
    told = told_by(LIST)
    (item,) = plan_staff(school=second, told=told, start=TODAY, managed=managed)
    assert (item.doubts, "home_kept" in item.notes) == (("elsewhere",), True)
    apply_staff(
        batch=keep(LIST, second),
        choices={item.key: Choice(str(one.pk))},
        digest=digest_of([item]),
        now=NOW,
        by=None,
        managed=managed,
    )
    assert homes(one) == [("SDN Sapeken II", True, EARLIER, None), ("SDN Raas I", False, TODAY, None)]
    (item,) = plan_staff(school=second, told=told, start=TODAY, managed=managed)
    assert (item.kind, item.notes) == (Kind.SAME, ("home_kept",))
