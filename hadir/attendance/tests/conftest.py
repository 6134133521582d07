"""A school week: hours, faces that kiosks know, hearings, and scans of any moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import compute_days
from hadir.conftest import NOW, World
from hadir.devices.models import Device, HeardDay
from hadir.devices.services import hear_device
from hadir.enrolment.models import Enrolment, Notice, NoticeRecord
from hadir.ledger.models import Scan
from hadir.ledger.services import record_scan
from hadir.people.models import Person
from hadir.schedules.services import set_hours
from hadir.schools.models import School

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 9, 14)
BEFORE = datetime(2026, 9, 1, tzinfo=UTC)
PACK = "open-1-abcdef12"


def at(text: str, day: date = MONDAY) -> datetime:
    """Return a moment, WIB."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}").replace(tzinfo=WIB)


class Week:
    """Two schools in five-day hours whose kiosk knows everybody since 1 September 2026."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kiosk = world.kiosk
        set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=BEFORE, source="uji")
        world.kiosk.tokens.update(issued_at=BEFORE)
        HeardDay.objects.create(device=world.kiosk, day=BEFORE.date(), first_at=BEFORE, last_at=BEFORE)
        HeardDay.objects.create(
            device=world.kiosk,
            day=BEFORE.date() + timedelta(days=1),
            first_at=BEFORE + timedelta(days=1),
            last_at=BEFORE + timedelta(days=1),
        )
        for person in (world.siti, world.hasan, world.rahma):
            self.give_face(person, BEFORE)

    def give_face(self, person: Person, since: datetime, pack: str = PACK) -> Enrolment:
        """Put an active face on file."""
        notice = Notice.objects.get(version=1, language="id")
        told = NoticeRecord.objects.create(person=person, notice=notice, basis=notice.basis, recorded_at=since)
        return Enrolment.objects.create(
            person=person, state="active", notice_record=told, pack=pack, started_at=since, activated_at=since
        )

    def scan(
        self,
        person: Person,
        moment: datetime,
        received: datetime | None = None,
        device: Device | None = None,
        *,
        former: bool = False,
    ) -> Scan:
        """Let the kiosk record a person; `former`: it is a browser that was the kiosk before."""
        text = self.world.record_text(person=str(person.pk), captured_at=moment.isoformat(), pack=PACK)
        receipt = record_scan(
            device=device or self.kiosk,
            claimed_id=text.split('"id": "')[1].split('"', maxsplit=1)[0],
            record=text.encode(),
            now=received or moment + timedelta(seconds=2),
            token_replaced=former,
        )
        assert receipt.status == "stored"
        return Scan.objects.get(pk=receipt.id)

    def hear(self, moment: datetime, unsent: int = 0, *, noon: bool = True) -> None:
        """Let the kiosk speak; in the evening it has spoken at noon too."""
        if moment.hour >= 18 and noon:
            self.hear(moment.replace(hour=12), unsent=unsent)
        hear_device(device=self.kiosk, now=moment, unsent=unsent, app_version="1")

    def compute(self, school: School, day: date = MONDAY, *, now: datetime, days: int = 1) -> None:
        """Judge."""
        compute_days(schools=[school], first=day, last=day + timedelta(days=days - 1), now=now)

    def day(self, person: Person, school: School, day: date = MONDAY) -> PersonDay:
        """Return the row."""
        return PersonDay.objects.get(person=person, school=school, day=day)


@pytest.fixture
def week(world: World, settings: object) -> Week:  # noqa: ARG001  before any setting is read
    """Build it; see `Week`."""
    assert NOW.date() == MONDAY
    return Week(world)


@pytest.fixture(autouse=True)
def one_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pack in use be the one of the records, whatever is installed."""
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": PACK})
