"""How long a new scan takes to become a person-day, while many come in.

    python bench/visible.py [--schools 200] [--people 15] [--rate 100] [--seconds 20]

Fills an SQLite database of its own (or the new one in DATABASE_URL), starts the worker as `hadir serve` does, hands in
scans one by one at a steady rate as kiosks do, and looks every 25 ms which of them a person-day holds. Prints the rate
that was reached, p50, p95 and the longest wait in milliseconds, from the receipt of a scan to its row.
"""

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta

import django

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-visible-")
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402

from bench.truth.living import scan_text  # noqa: E402
from hadir.attendance.models import PersonDay  # noqa: E402
from hadir.cli.background import Beside  # noqa: E402
from hadir.core import clock  # noqa: E402
from hadir.core.ids import new_id  # noqa: E402
from hadir.devices.models import Device  # noqa: E402
from hadir.devices.services import activate_kiosk, create_kiosk, invite_kiosk  # noqa: E402
from hadir.ledger.services import Claim, record_scans  # noqa: E402
from hadir.people.models import Assignment, DayMark, Person  # noqa: E402
from hadir.schedules.services import set_hours  # noqa: E402
from hadir.schools.models import District, Region, School  # noqa: E402

People = list[tuple[Device, list[Person]]]


def make(schools: int, people: int) -> People:
    """Make schools with one kiosk and people each."""
    now = clock.now() - timedelta(days=1)
    region = Region.objects.create(name="Wilayah uji")
    district = District.objects.create(region=region, name="Kecamatan")
    set_hours(scope=region, pattern="5hari", valid_from=date(2020, 1, 1), now=now)
    found: People = []
    for number in range(schools):
        school = School.objects.create(npsn=f"3{number:07}", name=f"SDN {number}", level="SD", district=district)
        device = create_kiosk(name="Kios", schools=[school], by=None, now=now)
        code = invite_kiosk(device=device, by=None, now=now)
        device, _token = activate_kiosk(code=code, user_agent="", app_version="1", handshake=1, now=now)
        persons = [Person(name=f"Guru {place}", created_at=now) for place in range(people)]
        Person.objects.bulk_create(persons)
        Assignment.objects.bulk_create(
            Assignment(person=one, school=school, duty="Guru", staff_kind="PNS", valid_from=date(2020, 1, 1))
            for one in persons
        )
        found.append((device, persons))
    return found


class Watch:
    """Looks which scans the person-days hold, in a thread of its own."""

    def __init__(self) -> None:
        self.received: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        since = datetime.now(UTC) - timedelta(seconds=1)
        while not self.stopping.wait(0.025):
            rows = PersonDay.objects.filter(computed_at__gte=since - timedelta(seconds=30))
            moment = time.monotonic()
            for evidence in rows.order_by().values_list("evidence", flat=True):
                for piece in evidence:
                    self.seen.setdefault(piece["reference"], moment)
            since = datetime.now(UTC)


def hand_in(people: People, rate: int, seconds: int, watch: Watch) -> float:
    """Hand in scans one by one; return how many a second it were."""
    chance = random.Random(1)  # noqa: S311  repeatable, no secret
    begun, total = time.monotonic(), rate * seconds
    for number in range(total):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        device, persons = chance.choice(people)
        key, now = str(new_id()), clock.now()
        text = scan_text(device.pk, chance.choice(persons).pk, key, now, "visible-1-00000000")
        record_scans(device=device, claims=[Claim(key, text)], now=now)
        watch.received[key] = time.monotonic()
    return total / (time.monotonic() - begun)


def main() -> int:
    """Make, work, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("schools", 200), ("people", 15), ("rate", 100), ("seconds", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0)
    people = make(chosen.schools, chosen.people)
    worker, watch = Beside(), Watch()
    worker.start()
    try:
        # The day begins for everybody before anybody is timed.
        while DayMark.objects.exists() or PersonDay.objects.count() < chosen.schools * chosen.people:
            time.sleep(0.5)
        watch.thread.start()
        reached = hand_in(people, chosen.rate, chosen.seconds, watch)
        time.sleep(5)
    finally:
        watch.stopping.set()
        worker.stop()
    waits = sorted((watch.seen[key] - at) * 1000 for key, at in watch.received.items() if key in watch.seen)
    lost = len(watch.received) - len(waits)
    print(
        f"{len(watch.received):,} scans at {reached:.0f} a second of {chosen.schools * chosen.people:,} people: "
        f"visible after p50 {statistics.median(waits):.0f} ms, p95 {waits[int(len(waits) * 0.95)]:.0f} ms, "
        f"at most {waits[-1]:.0f} ms; {lost} not seen"
    )
    return int(bool(lost))


if __name__ == "__main__":
    raise SystemExit(main())
