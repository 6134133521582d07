"""Whatever changes, and in whatever order: after the worker has passed, judging anew finds nothing different."""

import os
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hadir.attendance.judging import COLUMNS, differences, judge
from hadir.attendance.models import CompletenessDeclaration, PersonDay
from hadir.attendance.reviews import waiting_scans
from hadir.attendance.services import LOOK_AGAIN, WAITS_UNTIL, declare_complete, work_once
from hadir.attendance.services_review import review_scan
from hadir.attendance.tests.conftest import BEFORE, MONDAY, PACK, Week, at
from hadir.core.errors import HadirError
from hadir.devices.models import Device, PinMapping
from hadir.devices.services import activate_kiosk, create_kiosk, hear_device, invite_kiosk, revoke_device
from hadir.devices.services_terminal import add_terminal, note_handed_in, note_heard_day
from hadir.ledger.mapping import end_mapping, map_pin, remove_mapping
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import confirm_time, record_punches
from hadir.people.models import Assignment, Person
from hadir.people.services import add_person, assign_person, end_assignment
from hadir.schedules.corrections import end_row, remove_row
from hadir.schedules.models import CalendarEntry, Timetable, TrialPeriod, WorkingHours
from hadir.schedules.services import add_calendar_days, set_hours, set_timetable, set_trial
from hadir.schools.models import School

SEEDS = int(os.environ.get("HADIR_TEST_WALKS", "3"))
EXPECTED = frozenset(
    {
        "assignment_overlaps", "assignment_ended", "assignment_dates", "schedule_exists", "schedule_dates",
        "declared_already", "day_not_over", "device_is_revoked", "pin_taken", "pin_dates", "review_time_wrong",
        "confirmed_later_than_arrival",
    }
)  # fmt: skip


class Walk:
    """A school year in which things happen at random, each through its service."""

    def __init__(self, week: Week, seed: int) -> None:
        self.week, self.chance = week, random.Random(seed)  # noqa: S311  repeatable
        self.world, self.now = week.world, at("05:00", MONDAY - timedelta(days=9))
        self.schools: list[School] = [week.world.kota, week.world.pulau]
        self.kiosks: list[Device] = [week.kiosk]
        self.terminal = add_terminal(
            serial="X1", kind="zkteco", schools=[week.world.pulau], by=None, now=BEFORE, claimed=True
        )[0]
        names = [name for name in dir(self) if name.startswith("do_")]
        self.acts: list[Callable[[], Any]] = [getattr(self, name) for name in names]

    def step(self) -> str:
        """Let some time pass and something happen; return what."""
        self.now += timedelta(minutes=self.chance.choice([1, 7, 45, 180, 600, 1500]))
        act = self.chance.choice(self.acts)
        try:
            act()
        except HadirError as error:
            if error.code not in EXPECTED:
                raise
        return act.__name__

    def person(self) -> Person:
        return self.chance.choice(list(Person.objects.order_by("pk")))

    def day(self) -> date:
        return MONDAY + timedelta(days=self.chance.randrange(-12, 3))

    def moment(self, day: date | None = None) -> datetime:
        return at("00:00", day or self.day()) + timedelta(minutes=self.chance.randrange(300, 1260))

    def do_scan_now(self) -> None:
        self.week.scan(self.person(), self.now, device=self.chance.choice(self.kiosks))

    do_scan_again = do_scan_now

    def do_scan_late_or_odd(self) -> None:
        former = self.chance.random() < 0.5
        kiosk = Device.objects.get(pk=self.chance.choice(self.kiosks).pk)
        self.week.scan(self.person(), self.moment(), self.now, device=kiosk, former=former)

    def do_hear(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        hear_device(device=kiosk, now=self.now, unsent=self.chance.choice([0, 0, 0, 5]), app_version="1")

    do_hear_again = do_hear

    def do_punches(self) -> None:
        moments = [*sorted(self.moment() for _ in range(3)), at("00:12", date(2000, 1, 1))]
        record_punches(
            device=self.terminal.device,
            punches=[Punch(self.chance.choice("789"), one.replace(tzinfo=None)) for one in moments if one <= self.now],
            source="push",
            trust="secret",
            now=self.now,
        )

    def do_terminal_hands_in(self) -> None:
        note_heard_day(device=self.terminal.device, now=self.now)
        note_handed_in(device=self.terminal.device, until=self.now, now=self.now)

    def do_map(self) -> None:
        map_pin(
            device=self.terminal.device,
            pin=self.chance.choice("789"),
            person=self.person(),
            by=None,
            now=self.now,
            valid_from=self.chance.choice([None, self.day()]),
        )

    def do_unmap(self) -> None:
        for one in PinMapping.objects.order_by("made_at")[:1]:
            if self.chance.random() < 0.5:
                remove_mapping(mapping=one, by=None, now=self.now)
            else:
                end_mapping(mapping=one, last=self.day(), by=None, now=self.now)

    def do_confirm(self) -> None:
        for one in TerminalScan.objects.filter(doubted=True).order_by("?")[:1]:
            confirm_time(scan=one, at=self.chance.choice([None, self.moment()]), reason="uji", by=None, now=self.now)

    def do_review(self) -> None:
        for one in waiting_scans(School.objects.all())[:1]:
            accept = self.chance.random() < 0.7
            moment = self.chance.choice([None, self.moment()])
            review_scan(scan=one, accept=accept, at=moment, reason="uji", name="Bu Kepala", by=None, now=self.now)

    def do_new_person(self) -> None:
        person = add_person(name=f"Baru {self.chance.randrange(10**6)}", now=self.now)
        self.assign(person)
        if self.chance.random() < 0.7:
            self.week.give_face(person, self.now, PACK)

    def assign(self, person: Person) -> None:
        assign_person(
            person=person,
            school=self.chance.choice(self.schools),
            duty=self.chance.choice(["Guru", "Operator"]),
            staff_kind="PNS",
            is_home=self.chance.random() < 0.5,
            valid_from=self.day(),
            now=self.now,
        )

    def do_assign(self) -> None:
        self.assign(self.person())

    def do_end(self) -> None:
        one = self.chance.choice(list(Assignment.objects.order_by("pk")))
        end_assignment(assignment=one, last_day=self.day(), now=self.now)

    def do_hours(self) -> None:
        scope: Any = self.chance.choice([self.world.region, *self.schools, self.person()])
        pattern = self.chance.choice(["5hari", "6hari", "jaga-malam", ""])
        set_hours(scope=scope, pattern=pattern, valid_from=self.day(), now=self.now)

    def do_calendar(self) -> None:
        day, kind = self.day(), self.chance.choice(["libur", "libur_siswa", "hari_kerja"])
        scope: Any = self.chance.choice([self.world.region, *self.schools])
        add_calendar_days(scope=scope, kind=kind, name="Uji", valid_from=day, valid_to=day, now=self.now)

    def do_timetable(self) -> None:
        weekdays = self.chance.sample(range(7), 3)
        school = self.chance.choice(self.schools)
        set_timetable(person=self.person(), school=school, weekdays=weekdays, valid_from=self.day(), now=self.now)

    def do_trial(self) -> None:
        day = self.day()
        set_trial(school=self.chance.choice(self.schools), valid_from=day, valid_to=day, now=self.now)

    def do_correct_schedule(self) -> None:
        kind: Any = self.chance.choice([WorkingHours, CalendarEntry, Timetable, TrialPeriod])
        for row in kind.objects.filter(valid_from__gt=date(2020, 1, 1)).order_by("?")[:1]:
            if self.chance.random() < 0.5:
                remove_row(row=row, reason="uji", now=self.now)
            elif row.valid_to is None or row.valid_to > row.valid_from:
                end_row(row=row, valid_to=row.valid_from, reason="uji", now=self.now)

    def do_declare(self) -> None:
        day, school = self.day(), self.chance.choice(self.schools)
        if not CompletenessDeclaration.objects.filter(school=school, day=day).exists():
            declare_complete(school=school, day=day, reason="uji", name="Bu Kepala", by=None, now=self.now)

    def do_another_kiosk(self) -> None:
        if len(self.kiosks) < 3:
            kiosk = create_kiosk(name="Gerbang", schools=[self.chance.choice(self.schools)], by=None, now=self.now)
            code = invite_kiosk(device=kiosk, by=None, now=self.now)
            activate_kiosk(code=code, user_agent="uji", app_version="1", handshake=1, now=self.now)
            self.kiosks.append(kiosk)

    def do_revoke(self) -> None:
        if len(self.kiosks) > 1:
            revoke_device(device=self.kiosks[-1], by=None, now=self.now)


def overlooked(walk: Walk) -> list[str]:
    """Return the days whose row is missing, or firm and different, or waiting although nothing holds it up.

    A day that waits is looked at every ten minutes.
    """
    stored = {
        (row["person"], row["school"], row["day"]): tuple(row[name] for name in COLUMNS)
        for row in PersonDay.objects.values("person", "school", "day", *COLUMNS)
    }
    found = []
    for judged in judge(walk.schools, BEFORE.date(), walk.now.date() + timedelta(days=1), walk.now):
        before = stored.pop(judged.key, None)
        rests = PersonDay.objects.filter(day=judged.key[2], computed_at__gt=walk.now - LOOK_AGAIN).exists()
        still_waits = before is not None and before[WAITS_UNTIL] and (judged.values[WAITS_UNTIL] or rests)
        if before != judged.values and not still_waits:
            told = differences(judged.values, before) if before else "no row"
            found.append(f"{judged.key[2]} {before and before[0]} {judged.verdict.status}: {told}")
    return [*found, *(f"{day} has no assignment" for _person, _school, day in stored)]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_any_changes_nothing_is_overlooked(week: Week, seed: int):
    walk, happened = Walk(week, seed), []
    work_once(now=walk.now)
    for number in range(45):
        happened.append(walk.step())
        if number % 3 == 0:
            work_once(now=walk.now)
            assert overlooked(walk) == [], happened[-3:]
    walk.now += timedelta(days=3)
    for kiosk in walk.kiosks:
        hear_device(device=kiosk, now=walk.now, unsent=0, app_version="1")
    walk.do_terminal_hands_in()
    walk.now += LOOK_AGAIN
    work_once(now=walk.now)
    assert overlooked(walk) == [], happened
