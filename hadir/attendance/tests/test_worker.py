"""The worker: one at a time, no error ends it, a broken rule pack holds up nobody else."""

import logging
import time
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError

from hadir.attendance import worker
from hadir.attendance.models import PersonDay, WorkerLease
from hadir.attendance.services import Outcome, work_once
from hadir.attendance.tests.conftest import BEFORE, MONDAY, Week, at
from hadir.attendance.worker import Worker, release_lease, take_lease
from hadir.conftest import NOW
from hadir.core import clock
from hadir.core.ids import new_id
from hadir.devices.models import HeardDay
from hadir.people.models import DayMark
from hadir.rules.day import judge_day
from hadir.rules.facts import DayFacts
from hadir.rules.values import DayRules
from hadir.rules.verdict import DayVerdict
from hadir.schedules.models import RulePackChoice
from hadir.schedules.services import set_hours
from hadir.schools.models import Region


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Monday, nine o'clock."""
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("09:00"))


@pytest.mark.django_db
def test_one_worker_at_a_time():
    first, second = new_id(), new_id()
    assert take_lease(holder=first, now=NOW)
    assert not take_lease(holder=second, now=NOW)
    assert take_lease(holder=first, now=NOW + timedelta(seconds=10))
    assert not take_lease(holder=second, now=NOW + timedelta(seconds=20))
    assert take_lease(holder=second, now=NOW + timedelta(seconds=26))
    release_lease(holder=second, now=NOW + timedelta(seconds=27))
    assert take_lease(holder=first, now=NOW + timedelta(seconds=28))
    assert WorkerLease.objects.count() == 1


@pytest.mark.usefixtures("at_nine")
def test_a_turn_begins_the_day_and_judges_what_is_marked(week: Week):
    outcomes: list[Any] = []
    one = Worker(Event(), outcomes.append)
    week.scan(week.world.siti, at("07:45"))
    assert one._turn() == worker.PAUSE
    assert week.day(week.world.siti, week.world.kota).codes == ["TL1"]
    assert week.day(week.world.hasan, week.world.kota).cause == "day_not_over"
    assert DayMark.objects.count() == 0
    assert len(outcomes) == 1
    assert Worker(Event())._turn() == worker.SETTLE, "another one waits for its turn"


@pytest.mark.usefixtures("week", "at_nine")
def test_an_error_is_logged_and_the_work_goes_on(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    one = Worker(Event())

    def fail(**_known: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(worker, "judge_marks", fail)
    assert one._turn() == worker.AFTER_ERROR
    assert "goes on" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("09:00"))
    assert one._turn() == worker.PAUSE
    assert PersonDay.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_stops_when_told_and_leaves_its_place():
    stopping = Event()
    runner = Thread(target=Worker(stopping).run)
    runner.start()
    for _ in range(100):
        if WorkerLease.objects.exists():
            break
        time.sleep(0.05)
    stopping.set()
    runner.join(10)
    assert not runner.is_alive()
    assert take_lease(holder=new_id(), now=clock.now() + timedelta(seconds=1))


def test_a_broken_rule_pack_holds_up_nobody_else(
    week: Week, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """The far region has chosen a pack that somebody then broke."""
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("09:00"))
    settings.HADIR_DATA = tmp_path
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rusak.toml").write_text("rusak", encoding="utf-8")
    set_hours(scope=week.world.jauh, pattern="5hari", valid_from=BEFORE.date(), now=BEFORE)
    region = Region.objects.create(name="Wilayah lain")
    type(week.world.far_district).objects.filter(pk=week.world.far_district.pk).update(region=region)
    week.kiosk.school_links.create(school=week.world.jauh, position=2)
    RulePackChoice.objects.create(region=region, pack="rusak", valid_from=BEFORE.date(), note="uji", created_at=BEFORE)
    week.scan(week.world.anwar, at("07:00"))
    week.scan(week.world.siti, at("07:00"))
    with caplog.at_level(logging.ERROR):
        one = Worker(Event())
        assert one._turn() == worker.AFTER_ERROR
        one._turn()
    assert caplog.text.count("cannot be judged") == 1
    assert week.day(week.world.siti, week.world.kota).status == "H"
    assert set(DayMark.objects.filter(person__isnull=False).values_list("person", flat=True)) == {week.world.anwar.pk}
    RulePackChoice.objects.all().delete()
    HeardDay.objects.all().delete()
    work_once(now=at("09:00"))
    assert week.day(week.world.anwar, week.world.jauh, MONDAY).status == "H"


def test_an_unexpected_error_at_one_school_holds_up_nobody_else(
    week: Week, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    set_hours(scope=week.world.rahma, pattern="6hari", valid_from=date(2020, 1, 1), now=BEFORE)
    week.scan(week.world.rahma, at("07:00"))
    week.scan(week.world.siti, at("07:00"))

    def fail_for_one(facts: DayFacts, rules: DayRules) -> DayVerdict:
        if facts.pattern is not None and facts.pattern.key == "6hari":
            raise ArithmeticError("no such day")
        return judge_day(facts, rules)

    monkeypatch.setattr("hadir.attendance.judging.judge_day", fail_for_one)
    with caplog.at_level(logging.ERROR):
        one = Worker(Event())
        assert [one._turn(), one._turn()] == [worker.AFTER_ERROR] * 2
    assert caplog.text.count("ArithmeticError: no such day") == 1
    assert {error.code for error in work_once(now=at("09:00")).stuck.values()} == {"internal"}
    assert week.day(week.world.siti, week.world.kota).status == "H"
    assert DayMark.objects.filter(person=week.world.rahma).exists()
    monkeypatch.undo()
    assert work_once(now=at("09:00")).stuck == {}
    assert not DayMark.objects.exists()


def test_an_error_of_the_database_ends_the_pass(week: Week, monkeypatch: pytest.MonkeyPatch):
    week.scan(week.world.siti, at("07:00"))

    def fail(**_known: Any) -> Outcome:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("hadir.attendance.services.compute_days", fail)
    with pytest.raises(OperationalError):
        work_once(now=at("09:00"))
