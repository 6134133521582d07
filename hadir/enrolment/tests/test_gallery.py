"""The gallery of a kiosk, and the search for a likeness, against the plainest way to compute them."""

import base64
import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.enrolment import likeness
from hadir.enrolment.models import Enrolment, Notice, NoticeRecord, Template
from hadir.enrolment.queries import active_templates, gallery_for, gallery_version, reviews_for
from hadir.enrolment.services import delete_templates
from hadir.enrolment.tests.conftest import Enrol
from hadir.enrolment.vault import Vector, key_ring, seal_vector
from hadir.face import match
from hadir.people.models import Person
from hadir.people.services import change_person, end_assignment
from hadir.schools.models import Region, School

PACK = "test-1-00000000"


def units(count: int, seed: int, dimension: int = 16) -> Vector:
    values = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    unit: Vector = values / np.linalg.norm(values, axis=1, keepdims=True)
    return unit


def put_on_file(person: Person, vectors: Vector, state: str = "active") -> Enrolment:
    """Write an enrolment as the services would, from given vectors."""
    record = NoticeRecord.objects.create(
        person=person, notice=Notice.objects.filter(version=1)[0], basis="public_task", recorded_at=NOW
    )
    enrolment = Enrolment.objects.create(
        person=person, pack=PACK, state=state, notice_record=record, started_at=NOW, finished_at=NOW, activated_at=NOW
    )
    ring = key_ring()
    for vector in vectors:
        key = uuid.uuid4()
        sealed = seal_vector(ring, vector, template_id=key, person_id=person.pk, pack=PACK)
        Template.objects.create(
            id=key, enrolment=enrolment, person=person, pack=PACK, pose="upload", sealed=sealed.data,
            key_id=sealed.key_id, source="upload", created_at=NOW,
        )  # fmt: skip
    return enrolment


class TestGallery:
    def test_it_holds_the_schools_people_and_their_vectors(self, world: World):
        vectors = units(3, seed=1)
        put_on_file(world.siti, vectors)
        put_on_file(world.rahma, units(2, seed=2))
        put_on_file(world.anwar, units(2, seed=3))
        gallery = gallery_for([world.kota], PACK, NOW)
        (only,) = gallery.people
        assert (only.id, only.name, gallery.pack) == (world.siti.pk, "Siti Aminah", PACK)
        assert {base64.b64decode(text) for text in only.templates} == {vector.tobytes() for vector in vectors}

    def test_two_schools_people_once(self, world: World):
        put_on_file(world.hasan, units(1, seed=1))
        put_on_file(world.rahma, units(1, seed=2))
        people = [person.name for person in gallery_for([world.kota, world.pulau], PACK, NOW).people]
        assert people == ["Hasan Basri", "Rahmawati"]

    @pytest.mark.parametrize("state", ["draft", "held", "replaced", "rejected", "deleted"])
    def test_only_active_sets_count(self, world: World, state: str):
        enrolment = put_on_file(world.siti, units(1, seed=1))
        Enrolment.objects.filter(pk=enrolment.pk).update(state=state, ended_at=NOW)
        assert gallery_for([world.kota], PACK, NOW).people == []

    def test_only_this_pack_counts(self, world: World):
        put_on_file(world.siti, units(1, seed=1))
        assert gallery_for([world.kota], "other-1-00000000", NOW).people == []

    def test_it_ends_with_the_assignment(self, world: World):
        put_on_file(world.siti, units(1, seed=1))
        last = NOW.date()
        end_assignment(assignment=world.siti.assignments.get(), last_day=last, now=NOW)
        assert len(gallery_for([world.kota], PACK, NOW).people) == 1
        # 14 September 2026, 24.00 WIB is 17.00 UTC
        assert len(gallery_for([world.kota], PACK, NOW.replace(hour=16, minute=59)).people) == 1
        assert gallery_for([world.kota], PACK, NOW.replace(hour=17, minute=0)).people == []

    def test_the_version_follows_every_change_and_nothing_else(self, world: World):
        def version() -> str:
            known = gallery_version([world.kota], PACK, NOW)
            assert known == gallery_for([world.kota], PACK, NOW).version
            return known

        seen = [version()]
        put_on_file(world.siti, units(1, seed=1))
        seen.append(version())
        assert version() == seen[-1]
        put_on_file(world.anwar, units(1, seed=4))
        assert version() == seen[-1]
        change_person(person=world.siti, name="Siti Aminah", salutation="Ibu", now=NOW)
        seen.append(version())
        delete_templates(person=world.siti, by=None, reason="pindah", now=NOW)
        assert version() == seen[0]
        assert len(set(seen)) == len(seen)
        assert gallery_version([world.kota], "other", NOW) != seen[0]

    def test_queries_do_not_grow_with_people(self, world: World):
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                gallery_for([world.kota, world.pulau], PACK, NOW)
            return len(captured)

        put_on_file(world.siti, units(2, seed=1))
        few = queries()
        put_on_file(world.hasan, units(3, seed=2))
        put_on_file(world.rahma, units(4, seed=3))
        assert queries() == few


class TestLikeness:
    @pytest.mark.parametrize("chunk", [1, 2, 3, 100])
    def test_it_is_the_plain_computation(self, world: World, monkeypatch: pytest.MonkeyPatch, chunk: int):
        monkeypatch.setattr(likeness, "CHUNK", chunk)
        files = {world.siti: units(3, 1), world.hasan: units(1, 2), world.rahma: units(4, 3), world.anwar: units(2, 4)}
        for person, vectors in files.items():
            put_on_file(person, vectors)
        probes, ring = units(3, 9), key_ring()
        found = likeness.likenesses(probes, active_templates(PACK, NOW), ring, at_least=-1.0)
        expected = {person.pk: (vectors @ probes.T).max(0) for person, vectors in files.items()}
        assert [like.person_id for like in found] == sorted(expected, key=lambda key: -expected[key].mean())
        for like in found:
            assert like.similarity == pytest.approx(float(expected[like.person_id].mean()), abs=1e-6)
            assert like.nearest == pytest.approx(float(expected[like.person_id].max()), abs=1e-6)
        gallery = {person.pk: vectors for person, vectors in files.items()}
        nearest_of = likeness.nearest_people(probes, active_templates(PACK, NOW), ring)
        for probe, nearest in zip(probes, nearest_of, strict=True):
            plain = match(probe, gallery)
            assert nearest.person == plain.person
            assert (nearest.similarity, nearest.second) == pytest.approx((plain.similarity, plain.second), abs=1e-6)

    @pytest.mark.django_db
    def test_nobody_on_file(self):
        probes = units(2, 9)
        assert likeness.likenesses(probes, active_templates(PACK, NOW), key_ring(), at_least=-1.0) == []
        (first, _second) = likeness.nearest_people(probes, active_templates(PACK, NOW), key_ring())
        assert (first.person, first.similarity, first.second) == (None, -1.0, None)

    def test_a_school_limits_whom_it_may_be(self, world: World):
        vectors = units(2, 1)
        put_on_file(world.siti, vectors[:1])
        put_on_file(world.anwar, vectors[1:])
        (found,) = likeness.nearest_people(vectors[1:], active_templates(PACK, NOW, [world.kota]), key_ring())
        assert found.person == world.siti.pk

    def test_what_was_finished_before_can_be_left_out(self, world: World):
        put_on_file(world.siti, units(1, 1))
        others = likeness.templates_of_others(world.anwar, PACK, finished_since=NOW - timedelta(minutes=1))
        assert others.count() == 1
        later = likeness.templates_of_others(world.anwar, PACK, finished_since=NOW + timedelta(minutes=1))
        assert later.count() == 0


class TestReviewsOf:
    def test_a_likeness_across_schools_is_for_the_dinas(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama3.jpg")
        expected: dict[tuple[RoleKind, School | Region], int] = {
            (RoleKind.DINAS, world.region): 1,
            (RoleKind.HEAD, world.kota): 0,
            (RoleKind.HEAD, world.jauh): 0,
            (RoleKind.OPERATOR, world.jauh): 0,
            (RoleKind.INSPECTOR, world.region): 0,
        }
        found = {case: reviews_for(world.login(*case)).count() for case in expected}
        assert found == expected

    def test_a_likeness_within_a_school_is_for_its_head(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        enrol(world.hasan, "obama3.jpg")
        assert reviews_for(world.login(RoleKind.HEAD, world.kota)).count() == 1
        assert reviews_for(world.login(RoleKind.HEAD, world.pulau)).count() == 0
