"""A Monday morning at 07.05 WIB, faces on file without an engine, and scans as kiosks send them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hadir.attendance.tests.conftest import one_pack, week
from hadir.conftest import NOW, World
from hadir.enrolment.models import Enrolment, EnrolmentState, Notice, NoticeRecord
from hadir.enrolment.pack import current_manifest
from hadir.ledger.services import record_scan
from hadir.people.models import Person

__all__ = ["one_pack", "week"]

Scan = Callable[..., None]
GiveFace = Callable[..., Enrolment]


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page believe it is 07.05 on Monday 14 September 2026."""
    monkeypatch.setattr("hadir.core.clock.now", lambda: NOW)


@pytest.fixture
def give_face(db: None) -> GiveFace:  # noqa: ARG001  the fixture opens the database
    """Put an enrolment of a person on file; the board asks for its state only."""
    notice = Notice.objects.get(version=1, language="id")

    manifest = current_manifest()

    def give(person: Person, state: EnrolmentState = EnrolmentState.ACTIVE, pack: str = "") -> Enrolment:
        told = NoticeRecord.objects.create(person=person, notice=notice, basis=notice.basis, recorded_at=NOW)
        return Enrolment.objects.create(
            person=person,
            state=state,
            notice_record=told,
            pack=pack or (manifest["id"] if manifest else "open-1-abcdef12"),
            started_at=NOW,
            finished_at=NOW,
            activated_at=NOW if state == EnrolmentState.ACTIVE else None,
        )

    return give


@pytest.fixture
def scan(world: World) -> Scan:
    """Send a record as the kiosk writes it; it arrives two seconds after the moment it names, or at `received`."""

    def send(time: str, person: Person | None = None, **changes: object) -> None:
        received = changes.pop("received", NOW + timedelta(seconds=2))
        record = world.record_text(
            person=str(person.pk) if person else None,
            verdict="recognised" if person else "unknown",
            captured_at=f"2026-09-14T{time}+07:00" if "T" not in time else time,
            **changes,
        )
        receipt = record_scan(device=world.kiosk, claimed_id=_id_in(record), record=record.encode(), now=received)  # type: ignore[arg-type]
        assert receipt.status == "stored", receipt

    return send


def _id_in(record: str) -> str:
    return record.split('"id": "')[1].split('"', maxsplit=1)[0]
