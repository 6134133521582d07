"""The worker that judges what waits, again and again: one at a time over all processes, and no error ends it."""

import logging
import time
import uuid
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from threading import Event

from django.db import IntegrityError, close_old_connections, connections, transaction
from django.db.models import Q

from hadir.attendance.models import WorkerLease
from hadir.attendance.services import Outcome, catch_up, judge_begun, judge_marks, judge_waiting, log_stuck
from hadir.core import clock
from hadir.core.ids import new_id
from hadir.people.models import DayMark

logger = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds between two looks for marks: a new scan becomes a person-day well within a second."""
SETTLE = 2.0
"""Seconds between two looks for days that have begun or whose devices have now handed in everything."""
CATCH_UP = 300.0
"""Seconds between two looks for days without a row and for rule packs edited by hand."""
AFTER_ERROR = 5.0
LEASE = timedelta(seconds=15)
RENEW = 5.0
NAME = "days"
Place = tuple[uuid.UUID, date]


def take_lease(*, holder: uuid.UUID, now: datetime) -> bool:
    """Take or renew the lease; False while another worker holds it."""
    mine = WorkerLease.objects.filter(Q(until__lt=now) | Q(holder=holder), name=NAME)
    if mine.update(holder=holder, until=now + LEASE):
        return True
    try:
        with transaction.atomic():
            WorkerLease.objects.create(name=NAME, holder=holder, until=now + LEASE)
    except IntegrityError:
        return False
    return True


def release_lease(*, holder: uuid.UUID, now: datetime) -> None:
    """Let the next worker begin at once."""
    WorkerLease.objects.filter(name=NAME, holder=holder).update(until=now)


class Worker:
    """Works until `stopping` is set. `tell` hears of every pass that judged anything.

    `after` is given the schools and months (first days) whose days changed: what stands on days, such as closed months,
    follows here, because it lies above this room.
    """

    def __init__(
        self,
        stopping: Event,
        tell: Callable[[Outcome], None] | None = None,
        after: Callable[[Collection[Place]], None] | None = None,
    ) -> None:
        self.stopping, self.tell, self.after = stopping, tell, after
        self.holder = new_id()
        self.leading = False
        self.told: set[uuid.UUID] = set()
        self.next_renewal = self.next_settling = self.next_catching = 0.0

    def run(self) -> None:
        """Work. An error is logged, and the work goes on a little later: whatever it was, the marks are still there."""
        try:
            while not self.stopping.is_set():
                # A connection that broke is opened anew.
                close_old_connections()
                self.stopping.wait(self._turn())
        finally:
            if self.leading:
                release_lease(holder=self.holder, now=clock.now())
            connections.close_all()

    def _turn(self) -> float:
        """Work once and return after how many seconds to look again."""
        try:
            if not self._leads():
                return SETTLE
            outcome = self.work(time.monotonic())
            if self.after is not None and outcome.touched:
                self.after(outcome.touched)
        except Exception:
            logger.exception("judging days failed; it goes on in %.0f seconds", AFTER_ERROR)
            return AFTER_ERROR
        if outcome.judged and self.tell is not None:
            self.tell(outcome)
        self._tell_stuck(outcome)
        return AFTER_ERROR if outcome.stuck else PAUSE

    def work(self, moment: float) -> Outcome:
        """Do what is due at this moment of the monotonic clock."""
        now, outcome = clock.now(), Outcome()
        settling, catching = moment >= self.next_settling, moment >= self.next_catching
        if settling:
            # Before the marks: whoever is marked on a new date must not be the only one with a row.
            outcome.add(judge_begun(now=now))
        if DayMark.objects.exists():
            outcome.add(judge_marks(now=now))
        if settling:
            outcome.add(judge_waiting(now=now))
            self.next_settling = moment + SETTLE
        if catching:
            outcome.add(catch_up(now=now))
            self.next_catching = moment + CATCH_UP
        return outcome

    def _leads(self) -> bool:
        moment = time.monotonic()
        if not self.leading or moment >= self.next_renewal:
            self.leading = take_lease(holder=self.holder, now=clock.now())
            self.next_renewal = moment + RENEW
        return self.leading

    def _tell_stuck(self, outcome: Outcome) -> None:
        """Log a school that cannot be judged once, not at every turn."""
        for school, error in outcome.stuck.items():
            if school not in self.told:
                log_stuck(school, error)
        self.told = set(outcome.stuck)
