"""People, their numbers, and where they belong when."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.people.models import Assignment, Person, StaffKind
from hadir.people.numbers import plain_number, printed_nip, read_nip
from hadir.people.queries import assignments_on, find_people, people_of_school, school_of_person
from hadir.people.services import add_person, assign_person, change_person, end_assignment

DAY = date(2026, 9, 14)
NIP = "198504122010012003"


def code_of(error: pytest.ExceptionInfo[HadirError]) -> str:
    return error.value.code


@pytest.mark.django_db
def test_a_person_is_kept_tidily():
    person = add_person(
        name="  siti   AMINAH ",
        title_front=" Dra.",
        title_back="M.Pd. ",
        salutation="Ibu",
        nip=f" {NIP[:8]} {NIP[8:]}",
        now=NOW,
    )
    assert (person.name, person.nip) == ("siti AMINAH", NIP)
    assert person.full_name == "Dra. siti AMINAH, M.Pd."
    assert AuditEntry.objects.get().action == "add_person"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"name": "a" * 161}, "text_too_long"),
        ({"name": "Siti\x00"}, "text_unreadable"),
        ({"nip": "123"}, "nip_invalid"),
        ({"nip": "19850412201001200x"}, "nip_invalid"),
        ({"nip": "\u0661" * 18}, "nip_invalid"),
        ({"nuptk": "1" * 15}, "nuptk_invalid"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], code: str):
    with pytest.raises(HadirError) as error:
        add_person(**({"name": "Siti"} | fields), now=NOW)
    assert code_of(error) == code
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_numbers_belong_to_one_person_and_none_is_no_number():
    add_person(name="Siti", nip=NIP, nuptk="1" * 16, now=NOW)
    taken: list[tuple[dict[str, Any], str]] = [({"nip": NIP}, "nip_taken"), ({"nuptk": "1" * 16}, "nuptk_taken")]
    for fields, code in taken:
        with pytest.raises(HadirError) as error:
            add_person(name="Siti", now=NOW, **fields)
        assert code_of(error) == code
    add_person(name="Honorer", now=NOW)
    add_person(name="Honorer", now=NOW)
    assert Person.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"nip": "1"}, {"nuptk": "x" * 16}, {"name": ""}, {"salutation": "Tuan"}], ids=str)
def test_the_database_refuses_too(fields: dict[str, str]):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(**({"name": "Siti", "created_at": NOW} | fields))


@pytest.mark.django_db
def test_a_change_leaves_what_was_before():
    person = add_person(name="Siti Aminah", nip=NIP, now=NOW)
    change_person(person=person, name="Siti Aminah Hasan", nip=NIP, now=NOW)
    entry = AuditEntry.objects.get(action="change_person")
    assert entry.detail == {"before": {"name": "Siti Aminah"}}
    change_person(person=person, name="Siti Aminah Hasan", nip=NIP, now=NOW)
    assert AuditEntry.objects.filter(action="change_person").count() == 1


@pytest.mark.parametrize(
    ("nip", "born", "since", "sex"),
    [
        (NIP, date(1985, 4, 12), date(2010, 1, 1), "P"),
        ("197012311994031001", date(1970, 12, 31), date(1994, 3, 1), "L"),
        ("200002292022011001", date(2000, 2, 29), date(2022, 1, 1), "L"),
    ],
)
def test_a_nip_is_read(nip: str, born: date, since: date, sex: str):
    found = read_nip(nip)
    assert found is not None
    assert (found.born, found.service_from, found.sex) == (born, since, sex)


@pytest.mark.parametrize(
    "nip",
    [
        "",
        "1",
        "198513122010012003",  # month 13
        "198502302010012003",  # 30 February
        "190102292022011001",  # born 1901
        "198504122010132003",  # month 13 of service
        "198504121990012003",  # five years old when hired
        "198504122010013003",  # sex 3
        "198504122023211012",  # a NI PPPK: month 21
        "\u0661" * 18,
    ],
)
def test_a_number_that_makes_no_such_sense_is_not_read_and_not_rejected(nip: str):
    assert read_nip(nip) is None


@given(st.text(alphabet="0123456789", min_size=18, max_size=18))
def test_any_18_digits_are_read_or_not(nip: str):
    found = read_nip(nip)
    assert found is None or found.born.strftime("%Y%m%d") == nip[:8]
    assert plain_number(printed_nip(nip)) == nip


def assign(person: Person, world: World, **changes: Any) -> Assignment:
    fields: dict[str, Any] = {
        "school": world.jauh,
        "duty": "Guru kelas 4",
        "staff_kind": "PNS",
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
    } | changes
    return assign_person(person=person, now=NOW, **fields)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({}, "assignment_overlaps"),
        ({"valid_from": date(2026, 6, 30)}, "assignment_overlaps"),
        ({"valid_from": date(2025, 1, 1)}, "assignment_overlaps"),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2026, 1, 1)}, "assignment_overlaps"),
        ({"valid_from": date(2026, 7, 1)}, None),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)}, None),
        ({"duty": "Kepala sekolah"}, None),
        ({"valid_to": date(2025, 12, 31)}, "assignment_dates"),
        ({"duty": "x" * 81}, "text_too_long"),
    ],
)
def test_the_same_duty_twice_on_one_day_is_a_mistake(world: World, second: dict[str, Any], code: str | None):
    assign(world.siti, world, valid_to=date(2026, 6, 30))
    if code is None:
        assign(world.siti, world, **second)
        return
    with pytest.raises(HadirError) as error:
        assign(world.siti, world, **second)
    assert code_of(error) == code


def test_an_assignment_ends_and_stays(world: World):
    assignment = assign(world.siti, world)
    end_assignment(assignment=assignment, last_day=date(2026, 9, 20), now=NOW)
    assert Assignment.objects.get(pk=assignment.pk).valid_to == date(2026, 9, 20)
    for last_day, code in ((date(2025, 1, 1), "assignment_dates"), (date(2026, 9, 20), "assignment_ended")):
        with pytest.raises(HadirError) as error:
            end_assignment(assignment=assignment, last_day=last_day, now=NOW)
        assert code_of(error) == code
    end_assignment(assignment=assignment, last_day=date(2026, 9, 15), now=NOW)


def test_the_database_refuses_an_assignment_that_ends_before_it_begins(world: World):
    for fields in (
        {"valid_from": DAY, "valid_to": DAY - timedelta(days=1), "staff_kind": StaffKind.PNS},
        {"valid_from": DAY, "staff_kind": "SUKARELA"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(person=world.siti, school=world.jauh, duty="Guru", **fields)


@pytest.mark.parametrize(("offset", "there"), [(-1, False), (0, True), (5, True), (6, False)])
def test_both_days_of_an_assignment_count(world: World, offset: int, there: bool):
    assign(world.siti, world, valid_from=DAY, valid_to=DAY + timedelta(days=5))
    day = DAY + timedelta(days=offset)
    assert assignments_on(day).filter(person=world.siti, school=world.jauh).exists() is there
    assert (world.siti in people_of_school(world.jauh, day)) is there
    assert (school_of_person(world.siti.pk, [world.jauh], day) == world.jauh.pk) is there


def test_people_of_a_school_come_once_with_their_duties(world: World, django_assert_num_queries: Any):
    assign(world.siti, world, school=world.pulau, duty="Guru PJOK", is_home=False)
    assign(world.siti, world, school=world.pulau, duty="Pembina pramuka", is_home=True)
    with django_assert_num_queries(2):
        found = list(people_of_school(world.pulau, DAY))
        assert [person.name for person in found] == ["Hasan Basri", "Rahmawati", "Siti Aminah"]
        duties = [[held.duty for held in person.assignments_of_day] for person in found]  # type: ignore[attr-defined]
    assert duties == [["Guru kelas"], ["Guru kelas"], ["Pembina pramuka", "Guru PJOK"]]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("siti", ["Siti Aminah"]),
        ("aminah si", ["Siti Aminah"]),
        ("19850412", ["Siti Aminah"]),
        ("1985 0412", ["Siti Aminah"]),
        ("", ["Anwar Sadat", "Hasan Basri", "Rahmawati", "Siti Aminah"]),
        ("%", []),
        ("tidak ada", []),
    ],
)
def test_people_are_found_by_typing(world: World, words: str, names: list[str]):
    change_person(person=world.siti, name="Siti Aminah", nip=NIP, now=NOW)
    assert [person.name for person in find_people(Person.objects.all(), words)] == names


def test_the_audit_trail_is_plain_json(world: World):
    assign(world.siti, world)
    json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))
