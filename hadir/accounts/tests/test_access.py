"""Who may do what, where: the whole policy as a table."""

import uuid
from datetime import date, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from hadir.accounts.access import (
    ALLOWED,
    Action,
    get_person_or_404,
    get_school_or_404,
    may,
    people_for,
    schools_for,
)
from hadir.accounts.models import REGION_KINDS, SCHOOL_KINDS, Role, RoleKind
from hadir.accounts.services import make_login
from hadir.conftest import NOW, World
from hadir.people.models import Assignment
from hadir.people.services import end_assignment
from hadir.schools.models import District, Region

TODAY = date(2026, 9, 14)
B, P, E, D, X, R = (
    Action.VIEW_BOARD,
    Action.MANAGE_PEOPLE,
    Action.ENROL,
    Action.MANAGE_DEVICES,
    Action.EXPORT,
    Action.REVIEW_FACES,
)
L, A, S, N, C, U = (
    Action.REQUEST_LEAVE,
    Action.APPROVE_LEAVE,
    Action.SIGN_MONTH,
    Action.REOPEN_MONTH,
    Action.MANAGE_CALENDAR,
    Action.MANAGE_RULES,
)
ALL = {B, P, E, D, X, R, L, A, S, N, C, U}

# Kind and place of the role, then what it may do at: kota (own), pulau (same kecamatan), jauh (another kecamatan).
TABLE: list[tuple[RoleKind, str, set[Action], set[Action], set[Action]]] = [
    (RoleKind.OPERATOR, "kota", {B, P, E, D, X, L, C}, set(), set()),
    (RoleKind.HEAD, "kota", {B, P, D, X, R, L, A, S, C}, set(), set()),
    (RoleKind.TEACHER, "kota", set(), set(), set()),
    (RoleKind.SUPERVISOR, "kota", {B, X, A}, set(), set()),
    (RoleKind.SUPERVISOR, "district", {B, X, A}, {B, X, A}, set()),
    (RoleKind.DINAS, "region", ALL, ALL, ALL),
    (RoleKind.INSPECTOR, "region", {B, X}, {B, X}, {B, X}),
    (RoleKind.IT, "region", {D}, {D}, {D}),
]


@pytest.mark.parametrize(("kind", "place", "kota", "pulau", "jauh"), TABLE, ids=lambda value: str(value)[:12])
def test_the_table(world: World, kind: RoleKind, place: str, kota: set[Action], pulau: set[Action], jauh: set[Action]):
    user = world.login(kind, getattr(world, place))
    for school, allowed in ((world.kota, kota), (world.pulau, pulau), (world.jauh, jauh)):
        for action in Action:
            assert may(user, action, school) is (action in allowed), (school, action)
            assert schools_for(user, action).filter(pk=school.pk).exists() is (action in allowed)
            if action in allowed:
                assert get_school_or_404(user, school.npsn, action) == school
            else:
                with pytest.raises(PermissionDenied if allowed else Http404):
                    get_school_or_404(user, school.npsn, action)


def test_the_table_is_whole():
    assert {kind for kind, *_ in TABLE} == set(RoleKind) == set(ALLOWED)


@pytest.mark.parametrize("action", list(Action))
def test_without_a_role_or_a_login_there_is_nothing(world: World, action: Action):
    nobody, _ = make_login(username="nobody", display_name="Tanpa peran", now=NOW)
    gone = world.login(RoleKind.DINAS, world.region)
    gone.is_active = False
    gone.save()
    root, _ = make_login(username="root", display_name="Super", now=NOW)
    root.is_superuser = True
    root.save()
    for user in (nobody, gone, root, AnonymousUser()):
        assert not schools_for(user, action).exists()
        assert not people_for(user, action).exists()
        with pytest.raises(Http404):
            get_school_or_404(user, world.kota.npsn, action)
        with pytest.raises(Http404):
            get_person_or_404(user, world.siti.pk, action)


def test_another_region_is_out_of_reach(world: World):
    other = Region.objects.create(name="Dinas lain")
    District.objects.create(region=other, name="Kecamatan lain")
    for kind in (RoleKind.DINAS, RoleKind.INSPECTOR, RoleKind.IT):
        user = world.login(kind, other)
        assert not any(schools_for(user, action).exists() for action in Action)


def test_roles_add_up(world: World):
    user = world.login(RoleKind.OPERATOR, world.kota)
    Role.objects.create(user=user, kind=RoleKind.SUPERVISOR, school=world.jauh)
    assert set(schools_for(user)) == {world.kota, world.jauh}
    assert set(schools_for(user, Action.ENROL)) == {world.kota}


def test_people_are_seen_through_their_schools(world: World):
    operator = world.login(RoleKind.OPERATOR, world.pulau)
    assert set(people_for(operator)) == {world.hasan, world.rahma}
    assert get_person_or_404(operator, str(world.rahma.pk), Action.ENROL) == world.rahma
    for stranger in (world.siti.pk, uuid.uuid4(), "no-uuid", ""):
        with pytest.raises(Http404):
            get_person_or_404(operator, stranger)


def test_a_former_school_may_look_but_not_touch(world: World):
    operator = world.login(RoleKind.OPERATOR, world.kota)
    assignment = Assignment.objects.get(person=world.siti)
    end_assignment(assignment=assignment, last_day=TODAY, now=NOW)
    assert get_person_or_404(operator, world.siti.pk, Action.ENROL, today=TODAY) == world.siti
    tomorrow = TODAY + timedelta(days=1)
    assert get_person_or_404(operator, world.siti.pk, today=tomorrow) == world.siti
    for action in (Action.ENROL, Action.MANAGE_PEOPLE):
        with pytest.raises(PermissionDenied):
            get_person_or_404(operator, world.siti.pk, action, today=tomorrow)


def test_everybody_sees_themselves_and_changes_nothing(world: World):
    teacher, _ = make_login(username="198504122010012003", display_name="Siti", person=world.siti, now=NOW)
    assert list(people_for(teacher)) == [world.siti]
    with pytest.raises(PermissionDenied):
        get_person_or_404(teacher, world.siti.pk, Action.ENROL)
    with pytest.raises(Http404):
        get_person_or_404(teacher, world.hasan.pk)


def test_the_database_refuses_a_role_whose_place_does_not_fit(world: World):
    from django.db import IntegrityError, transaction

    user = world.login(RoleKind.OPERATOR, world.kota)
    places = {"school": world.kota, "district": world.district, "region": world.region}
    fitting = {
        **{kind: {frozenset({"school"})} for kind in SCHOOL_KINDS},
        **{kind: {frozenset({"region"})} for kind in REGION_KINDS},
        RoleKind.SUPERVISOR: {frozenset({"school"}), frozenset({"district"})},
    }
    Role.objects.all().delete()
    sets = [
        frozenset(name for name, taken in zip(places, flags, strict=True) if taken)
        for flags in product((0, 1), repeat=3)
    ]
    for kind, chosen in product(RoleKind, sets):
        fields = {name: places[name] for name in chosen}
        if chosen in fitting[kind]:
            Role.objects.create(user=user, kind=kind, **fields)
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                Role.objects.create(user=user, kind=kind, **fields)
