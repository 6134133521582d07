"""Enrolment from the notice to the gallery and out again, with real pictures and the real engine."""

import uuid
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from hadir.accounts.models import RoleKind, User
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.enrolment import services
from hadir.enrolment.models import (
    DuplicateReview,
    Enrolment,
    EnrolmentState,
    Notice,
    NoticeRecord,
    ReviewKind,
    ReviewState,
    Template,
)
from hadir.enrolment.queries import current_notice, face_states, faces_of
from hadir.enrolment.tests.conftest import Enrol
from hadir.enrolment.tests.faces import encoded, photo, picture
from hadir.enrolment.vault import key_ring, renew_key, seal_vector, unseal_vector
from hadir.face import Engine
from hadir.people.models import Person


def start(person: Person, engine: Engine, by: User | None = None) -> Enrolment:
    return services.start_enrolment(
        person=person, notice_version=1, basis="public_task", by=by, now=NOW, pack=engine.manifest.id
    )


def add(enrolment: Enrolment, engine: Engine, image: bytes, pose: str = "upload", source: str = "upload") -> list[str]:
    """Add a picture and return the codes of the reasons for refusing it."""
    result = services.add_image(
        enrolment=enrolment, image=image, pose=pose, source=source, engine=engine, now=NOW, by=None
    )
    assert result.accepted is (not result.reasons)
    return [reason.code for reason in result.reasons]


def actions(enrolment: Enrolment) -> list[str]:
    entries = AuditEntry.objects.filter(object_kind="enrolment", object_id=str(enrolment.pk))
    return [entry.action for entry in entries.order_by("id")]


class TestStart:
    def test_the_notice_is_recorded_with_its_version_and_basis(self, world: World, engine: Engine):
        operator = world.login(RoleKind.OPERATOR, world.kota)
        enrolment = start(world.siti, engine, operator)
        record = NoticeRecord.objects.get(person=world.siti)
        assert enrolment.notice_record == record
        assert (record.notice.version, record.basis, record.recorded_by) == (1, "public_task", operator)
        assert actions(enrolment) == ["start_enrolment"]

    @pytest.mark.django_db
    def test_both_languages_have_the_whole_notice(self):
        for language in ("id", "en"):
            notice = current_notice(language, NOW)
            assert notice.language == language
            assert "27/2022" in notice.text
            assert len(notice.text.split("\n\n")) == 7
        assert current_notice("fr", NOW).language == "id"

    def test_an_old_notice_is_not_good_enough(self, world: World, engine: Engine):
        Notice.objects.create(version=2, language="id", title="Baru", text="Baru.", valid_from=NOW)
        with pytest.raises(HadirError) as error:
            start(world.siti, engine)
        assert error.value.code == "notice_outdated"
        assert not NoticeRecord.objects.exists()

    def test_a_new_draft_takes_the_place_of_the_old_one(self, world: World, engine: Engine):
        first = start(world.siti, engine)
        add(first, engine, photo("obama.jpg"))
        second = start(world.siti, engine)
        assert list(Enrolment.objects.values_list("pk", flat=True)) == [second.pk]
        assert not Template.objects.exists()

    def test_forgotten_drafts_go_after_a_day(self, world: World, engine: Engine):
        start(world.siti, engine)
        assert services.discard_old_drafts(now=NOW + timedelta(hours=23)) == 0
        assert services.discard_old_drafts(now=NOW + timedelta(hours=25)) == 1


class TestPictures:
    def test_the_same_picture_twice_is_one_template(self, world: World, engine: Engine):
        draft = start(world.siti, engine)
        assert add(draft, engine, photo("obama.jpg")) == []
        assert add(draft, engine, photo("obama.jpg")) == ["same_image"]
        assert add(draft, engine, encoded(picture("obama.jpg"))) == ["same_image"]
        assert draft.templates.count() == 1

    def test_another_person_cannot_join_the_set(self, world: World, engine: Engine):
        draft = start(world.siti, engine)
        assert add(draft, engine, photo("obama.jpg")) == []
        assert add(draft, engine, photo("biden.jpg")) == ["other_person_in_set"]
        assert add(draft, engine, photo("obama2.jpg")) == []

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "unreadable_image"),
            (b"Nama,NIP\nSiti,1", "unreadable_image"),
            (b"\xff\xd8\xff\xe0 cut off", "unreadable_image"),
            (encoded(picture("obama.jpg").resize((8, 8))) if Path("build/samples/obama.jpg").exists() else b"", None),
        ],
        ids=["empty", "text", "cut off", "eight pixels"],
    )
    def test_a_bad_file_is_a_reason_and_not_an_error(
        self, world: World, engine: Engine, content: bytes, code: str | None
    ):
        codes = add(start(world.siti, engine), engine, content)
        assert codes
        assert code is None or codes == [code]

    def test_a_new_picture_of_a_camera_pose_replaces_the_old_one(self, world: World, engine: Engine):
        draft = start(world.siti, engine)
        for name in ("obama.jpg", "obama3.jpg"):
            assert add(draft, engine, photo(name), pose="front", source="camera") == []
        assert draft.templates.get().pose == "front"

    def test_five_are_enough(self, world: World, engine: Engine):
        draft = start(world.siti, engine)
        add(draft, engine, photo("obama.jpg"))
        first = draft.templates.get()
        ring = key_ring()
        rng = np.random.default_rng(1)
        for _number in range(4):
            key, near = uuid.uuid4(), unseal_vector(ring, first) + rng.normal(0, 0.01, 1152).astype(np.float32)
            unit = near / np.linalg.norm(near)
            sealed = seal_vector(ring, unit, template_id=key, person_id=first.person_id, pack=first.pack)
            Template.objects.create(
                id=key, enrolment=draft, person=world.siti, pack=first.pack, pose="upload", sealed=sealed.data,
                key_id=sealed.key_id, source="upload", created_at=NOW,
            )  # fmt: skip
        assert add(draft, engine, photo("obama2.jpg")) == ["enrolment_full"]

    def test_a_finished_enrolment_takes_no_more(self, world: World, engine: Engine, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        with pytest.raises(HadirError) as error:
            add(Enrolment.objects.get(), engine, photo("obama2.jpg"))
        assert error.value.code == "enrolment_closed"

    def test_another_pack_is_refused(self, world: World, engine: Engine):
        draft = services.start_enrolment(
            person=world.siti, notice_version=1, basis="consent", by=None, now=NOW, pack="other-1-00000000"
        )
        with pytest.raises(HadirError) as error:
            add(draft, engine, photo("obama.jpg"))
        assert error.value.code == "pack_changed"


class TestFinish:
    def test_photos_one_is_enough_and_it_is_active(self, world: World, enrol: Enrol, engine: Engine):
        done = enrol(world.siti, "obama.jpg")
        assert done.finish is not None
        assert (done.finish.state, done.finish.templates) == (EnrolmentState.ACTIVE, 1)
        enrolment = Enrolment.objects.get()
        assert actions(enrolment) == ["start_enrolment", "add_template", "finish_enrolment"]
        assert face_states([world.siti, world.rahma], engine.manifest.id) == {world.siti.pk: "active"}

    def test_a_camera_must_give_three(self, world: World, engine: Engine):
        draft = start(world.siti, engine)
        add(draft, engine, photo("obama.jpg"), pose="front", source="camera")
        with pytest.raises(HadirError) as error:
            services.finish_enrolment(enrolment=draft, engine=engine, by=None, now=NOW)
        assert (error.value.code, error.value.values) == ("templates_missing", {"needed": 3, "have": 1})

    def test_without_any_good_picture_nothing_stays(self, world: World, engine: Engine):
        done = services.enrol_images(person=world.siti, images=[b"text"], by=None, now=NOW, engine=engine, source="cli")
        assert done.finish is None
        assert not Enrolment.objects.exists()

    def test_enrolling_again_replaces_the_former_set_whole(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg", "obama2.jpg")
        enrol(world.siti, "obama3.jpg")
        former, present = Enrolment.objects.order_by("id")
        assert (former.state, former.templates.count(), former.ended_reason) == ("replaced", 0, str(present.pk))
        assert (present.state, present.templates.count()) == ("active", 1)

    def test_the_database_itself_allows_one_active_set(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        active = Enrolment.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.create(
                person=world.siti, pack=active.pack, state="active", notice_record=active.notice_record,
                started_at=NOW, activated_at=NOW,
            )  # fmt: skip


class TestReviews:
    def test_a_face_of_somebody_else_is_held(self, world: World, enrol: Enrol, engine: Engine):
        enrol(world.siti, "obama.jpg")
        done = enrol(world.anwar, "obama3.jpg")
        assert done.finish is not None
        assert done.finish.state == EnrolmentState.HELD
        review = DuplicateReview.objects.get()
        assert (review.other_person, review.kind, review.reused_image) == (world.siti, ReviewKind.DUPLICATE, False)
        assert review.similarity >= engine.manifest.thresholds.duplicate
        assert faces_of(world.anwar, engine.manifest.id).active is None
        with pytest.raises(HadirError) as error:
            start(world.anwar, engine)
        assert error.value.code == "enrolment_held"

    def test_the_very_picture_of_somebody_else_is_noted(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama.jpg")
        assert DuplicateReview.objects.get().reused_image

    def test_a_held_face_holds_the_next_one_too(self, world: World, enrol: Enrol):
        for person, name in ((world.siti, "obama.jpg"), (world.anwar, "obama2.jpg"), (world.rahma, "obama3.jpg")):
            enrol(person, name)
        others = set(
            DuplicateReview.objects.filter(enrolment__person=world.rahma).values_list("other_person", flat=True)
        )
        assert others == {world.siti.pk, world.anwar.pk}

    def test_strangers_do_not_hold_each_other(self, world: World, enrol: Enrol):
        for person, name in ((world.siti, "obama.jpg"), (world.anwar, "biden.jpg"), (world.rahma, "astronaut.png")):
            enrol(person, name)
        assert not DuplicateReview.objects.exists()

    @pytest.mark.parametrize(("same", "state", "templates"), [(True, "rejected", 0), (False, "active", 1)])
    def test_a_person_decides(self, world: World, enrol: Enrol, same: bool, state: str, templates: int):
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama3.jpg", by=world.login(RoleKind.OPERATOR, world.jauh))
        dinas = world.login(RoleKind.DINAS, world.region)
        review = DuplicateReview.objects.get()
        enrolment = services.decide_review(review=review, same_person=same, by=dinas, now=NOW, note="kembar  ")
        assert (enrolment.state, enrolment.templates.count()) == (state, templates)
        review.refresh_from_db()
        assert (review.decided_by, review.note) == (dinas, "kembar")
        assert actions(enrolment)[-1] == "decide_review"
        with pytest.raises(HadirError) as error:
            services.decide_review(review=review, same_person=same, by=dinas, now=NOW)
        assert error.value.code == "review_closed"

    def test_whoever_enrolled_does_not_decide(self, world: World, enrol: Enrol):
        dinas = world.login(RoleKind.DINAS, world.region)
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama3.jpg", by=dinas)
        with pytest.raises(HadirError) as error:
            services.decide_review(review=DuplicateReview.objects.get(), same_person=False, by=dinas, now=NOW)
        assert error.value.code == "review_own"

    def test_twins_are_asked_once(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama3.jpg")
        dinas = world.login(RoleKind.DINAS, world.region)
        services.decide_review(review=DuplicateReview.objects.get(), same_person=False, by=dinas, now=NOW)
        for person, name in ((world.anwar, "obama2.jpg"), (world.siti, "obama3.jpg")):
            done = enrol(person, name)
            assert done.finish is not None
            assert done.finish.state == EnrolmentState.ACTIVE

    def test_another_face_under_the_same_name_is_held(self, world: World, enrol: Enrol, engine: Engine):
        enrol(world.siti, "obama.jpg")
        done = enrol(world.siti, "biden.jpg")
        review = DuplicateReview.objects.get()
        assert done.finish is not None
        assert done.finish.state == EnrolmentState.HELD
        assert (review.kind, review.other_person) == (ReviewKind.CHANGED, world.siti)
        assert review.similarity < engine.manifest.thresholds.unknown
        assert faces_of(world.siti, engine.manifest.id).active is not None
        dinas = world.login(RoleKind.DINAS, world.region)
        enrolment = services.decide_review(review=review, same_person=True, by=dinas, now=NOW)
        assert enrolment.state == EnrolmentState.ACTIVE
        assert Enrolment.objects.filter(state=EnrolmentState.REPLACED).count() == 1


class TestDeletion:
    def test_templates_go_and_the_proof_stays(self, world: World, enrol: Enrol):
        operator = world.login(RoleKind.OPERATOR, world.kota)
        enrol(world.siti, "obama.jpg", "obama2.jpg")
        assert services.delete_templates(person=world.siti, by=operator, reason=" pindah tugas ", now=NOW) == 2
        assert not Template.objects.exists()
        row = Enrolment.objects.get()
        assert (row.state, row.ended_by, row.ended_reason) == ("deleted", operator, "pindah tugas")
        assert actions(row)[-1] == "delete_templates"
        assert services.delete_templates(person=world.siti, by=operator, reason="lagi", now=NOW) == 0

    def test_it_needs_a_reason(self, world: World):
        with pytest.raises(HadirError) as error:
            services.delete_templates(person=world.siti, by=None, reason="  ", now=NOW)
        assert error.value.code == "reason_missing"

    def test_an_open_review_is_withdrawn(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        enrol(world.anwar, "obama3.jpg")
        services.delete_templates(person=world.anwar, by=None, reason="permintaan sendiri", now=NOW)
        assert DuplicateReview.objects.get().state == ReviewState.WITHDRAWN
        assert Template.objects.filter(person=world.siti).count() == 1


class TestSeals:
    def test_no_template_lies_open_in_the_database(self, world: World, enrol: Enrol, engine: Engine):
        enrol(world.siti, "obama.jpg")
        template = Template.objects.get()
        plain = unseal_vector(key_ring(), template)
        assert plain.shape == (engine.manifest.dimension,)
        assert float(np.linalg.norm(plain)) == pytest.approx(1, abs=1e-4)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM enrolment_template")
            assert plain.tobytes()[:64] not in bytes(cursor.fetchone()[0])

    def test_a_template_moved_to_another_person_does_not_open(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg")
        Template.objects.update(person=world.anwar)
        with pytest.raises(HadirError) as error:
            unseal_vector(key_ring(), Template.objects.get())
        assert error.value.code == "sealed_unreadable"

    def test_a_lost_key_is_not_replaced_silently(self, world: World, enrol: Enrol, key_folder: Path):
        enrol(world.siti, "obama.jpg")
        (key_folder / "templates.key").unlink()
        with pytest.raises(HadirError) as error:
            key_ring()
        assert error.value.code == "template_key_missing"

    def test_rotation_reseals_everything_and_the_old_key_may_go(self, world: World, enrol: Enrol):
        enrol(world.siti, "obama.jpg", "obama2.jpg")
        before = [unseal_vector(key_ring(), template) for template in Template.objects.order_by("id")]
        retired = renew_key(NOW)
        assert services.reseal_templates(now=NOW) == 2
        assert services.reseal_templates(now=NOW) == 0
        retired.unlink()
        after = [unseal_vector(key_ring(), template) for template in Template.objects.order_by("id")]
        assert all((old == new).all() for old, new in zip(before, after, strict=True))
