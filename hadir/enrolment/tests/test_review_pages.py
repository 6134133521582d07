"""Faces that a person must look at: who is asked, what a decision does, and that it is written down."""

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.conftest import NOW, World
from hadir.core.models import AuditEntry
from hadir.enrolment.models import (
    DuplicateReview,
    Enrolment,
    EnrolmentState,
    Notice,
    NoticeRecord,
    ReviewKind,
    ReviewState,
)
from hadir.people.models import Person


def hold(person: Person, other: Person, by: User | None = None, kind: str = ReviewKind.DUPLICATE) -> DuplicateReview:
    """Return the review of an enrolment that is held because it looks like `other`."""
    notice = Notice.objects.get(version=1, language="id")
    told = NoticeRecord.objects.create(person=person, notice=notice, basis=notice.basis, recorded_at=NOW)
    enrolment = Enrolment.objects.create(
        person=person,
        state=EnrolmentState.HELD,
        notice_record=told,
        pack="open-1-abcdef12",
        started_by=by,
        started_at=NOW,
        finished_at=NOW,
    )
    return DuplicateReview.objects.create(
        enrolment=enrolment, other_person=other, similarity=0.812, kind=kind, created_at=NOW
    )


@pytest.fixture
def head(world: World) -> Client:
    return world.client(world.login(RoleKind.HEAD, world.kota))


def test_head_sees_both_names_and_the_likeness(world: World, head: Client):
    review = hold(world.siti, world.hasan)
    listed = head.get("/wajah/periksa/").content.decode()
    assert "Siti Aminah" in listed
    assert "0,81" in listed
    page = head.get(f"/wajah/periksa/{review.pk}/").content.decode()
    assert "Hasan Basri" in page
    assert "Foto tidak disimpan" in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("kind", "answer", "state"),
    [
        (ReviewKind.DUPLICATE, "ya", EnrolmentState.REJECTED),
        (ReviewKind.DUPLICATE, "tidak", EnrolmentState.ACTIVE),
        (ReviewKind.CHANGED, "ya", EnrolmentState.ACTIVE),
        (ReviewKind.CHANGED, "tidak", EnrolmentState.REJECTED),
    ],
)
def test_decision_is_taken_and_written_down(world: World, head: Client, kind: str, answer: str, state: EnrolmentState):
    review = hold(world.siti, world.siti if kind == ReviewKind.CHANGED else world.hasan, kind=kind)
    page = head.post(
        f"/wajah/periksa/{review.pk}/", {"same_person": answer, "note": "Keduanya di depan saya."}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/wajah/periksa/"
    review.refresh_from_db()
    assert review.enrolment.state == state
    assert review.note == "Keduanya di depan saya."
    assert AuditEntry.objects.filter(action="decide_review", actor__isnull=False).count() == 1


def test_without_a_choice_nothing_is_decided(world: World, head: Client):
    review = hold(world.siti, world.hasan)
    page = head.post(f"/wajah/periksa/{review.pk}/", {"note": "ragu"}).content.decode()
    assert "Pilih salah satu" in page
    assert "ragu" in page
    review.refresh_from_db()
    assert review.state == ReviewState.OPEN


def test_decided_once_is_decided(world: World, head: Client):
    review = hold(world.siti, world.hasan)
    head.post(f"/wajah/periksa/{review.pk}/", {"same_person": "tidak"})
    page = head.post(f"/wajah/periksa/{review.pk}/", {"same_person": "ya"}).content.decode()
    assert "Simpan keputusan" not in page
    review.refresh_from_db()
    assert review.state == ReviewState.DIFFERENT_PERSON


def test_who_enrolled_does_not_judge(world: World):
    dinas = world.login(RoleKind.DINAS, world.region)
    review = hold(world.siti, world.hasan, by=dinas)
    client = world.client(dinas)
    assert "orang lain yang memutuskan" in client.get(f"/wajah/periksa/{review.pk}/").content.decode()
    client.post(f"/wajah/periksa/{review.pk}/", {"same_person": "tidak"})
    review.refresh_from_db()
    assert review.state == ReviewState.OPEN


@pytest.mark.parametrize("method", ["get", "post"])
def test_likeness_with_another_school_is_not_the_heads(world: World, head: Client, method: str):
    review = hold(world.siti, world.anwar)
    answer = getattr(head, method)(f"/wajah/periksa/{review.pk}/", {"same_person": "ya"})
    assert answer.status_code == 404
    assert "Anwar" not in answer.content.decode()
    assert "Tidak ada yang menunggu" in head.get("/wajah/periksa/").content.decode()


def test_operator_does_not_decide(world: World):
    review = hold(world.siti, world.hasan)
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    assert client.get(f"/wajah/periksa/{review.pk}/").status_code == 404
