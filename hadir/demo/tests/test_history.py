"""The months of the demo: the same every time, and what a newcomer should find in them."""

from datetime import UTC, date, datetime

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import verify_days
from hadir.demo.decisions import events_of, pending_requests
from hadir.demo.history import TWO_SCHOOLS, tell_history
from hadir.demo.places import COUNTRY, ISLAND, TOWN
from hadir.demo.services import seed_region
from hadir.leave.models import Incident, LeaveRequest
from hadir.ledger.models_terminal import TerminalScan
from hadir.months.models import Adjustment, Month
from hadir.months.verifying import verify_months
from hadir.schools.models import School

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_few_months_of_believable_history():
    seed_region(now=NOW)
    history = tell_history(now=NOW, events=events_of)
    assert history is not None
    pending_requests(history)
    days = PersonDay.objects.all()
    assert days.filter(status="A").count() >= 5
    assert any("TL1" in codes for codes in days.values_list("codes", flat=True))
    assert {"DL", "S", "CT", "I"} <= set(days.values_list("status", flat=True))
    technical = [row for row in days.filter(school__npsn=TOWN.npsn) if "TEKNIS" in row.codes]
    assert len({row.day for row in technical}) == 2
    assert Incident.objects.get().state == "confirmed"
    both = days.filter(person__name=TWO_SCHOOLS, status="H").values_list("school__npsn", flat=True)
    assert set(both) == {TOWN.npsn, COUNTRY.npsn}
    assert set(Month.objects.values_list("first", "state")) == {
        (date(2026, 9, 1), "closed"),
        (date(2026, 10, 1), "closed"),
    }
    late = Adjustment.objects.filter(month__school__npsn=ISLAND.npsn)
    assert {one.cause for one in late} <= {"late_scan", "settled"}
    assert TerminalScan.objects.filter(doubted=True).exists()
    assert LeaveRequest.objects.filter(state__startswith="waiting").count() == 2
    assert all(one.is_right for one in verify_months(School.objects.all()))
    schools = list(School.objects.select_related("district"))
    assert verify_days(schools=schools, first=history.first, last=NOW.date(), now=NOW).different == []
    assert tell_history(now=NOW, events=events_of) is None


@pytest.mark.django_db
@pytest.mark.parametrize("now", [datetime(2027, 1, 2, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, tzinfo=UTC)])
def test_it_can_be_told_on_any_date(now: datetime):
    seed_region(now=now)
    assert tell_history(now=now, events=events_of) is not None
    assert PersonDay.objects.filter(status="H", final=True).exists()
