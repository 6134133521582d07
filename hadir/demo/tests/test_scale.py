"""The region for measuring, small."""

from datetime import UTC, datetime

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import verify_days
from hadir.core.errors import HadirError
from hadir.demo.scale import make_scale
from hadir.leave.models_request import Decision, LeaveRequest
from hadir.ledger.models import Scan
from hadir.schools.models import School

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.django_db
def test_everybody_has_days_that_a_later_judgement_confirms():
    made = make_scale(people=30, days=14, now=NOW, tell=lambda _line: None)
    assert (made.people, made.schools) == (30, 2)
    assert made.scans == Scan.objects.count() > 30 * 10
    assert made.person_days == PersonDay.objects.count() == 30 * 14
    assert set(PersonDay.objects.values_list("status", flat=True)) <= {"H", "L", "A", "S", "I", "DL"}
    approved = LeaveRequest.objects.filter(state="approved")
    assert approved.exists()
    assert PersonDay.objects.filter(status__in=["S", "I", "DL"]).exists()
    assert Decision.objects.count() == approved.count()
    days = list(PersonDay.objects.order_by("day").values_list("day", flat=True).distinct())
    again = verify_days(schools=list(School.objects.select_related("district")), first=days[0], last=days[-1], now=NOW)
    assert again.different == []
    with pytest.raises(HadirError, match="basis data sendiri"):
        make_scale(people=30, days=14, now=NOW, tell=lambda _line: None)
