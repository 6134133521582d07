"""A month is checked, signed, closed and opened again; what was signed never changes."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from hadir.attendance.models import PersonDay
from hadir.attendance.tests.conftest import at
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.months.models import Month, MonthSnapshot, MonthState
from hadir.months.queries import current_sheet, month_of, open_points, printable_month
from hadir.months.services import check_month, close_month, reopen_month
from hadir.months.sheet import MonthSheet
from hadir.months.tests.conftest import MONDAY, OCTOBER, September
from hadir.months.verifying import verify_months
from hadir.people.models import DayMark
from hadir.schools.models import School


def test_what_is_signed_is_kept_whole(september: September):
    seen = current_sheet(september.school, 2026, 9, OCTOBER)
    snapshot = september.close()
    assert MonthSheet.from_snapshot(snapshot.sheet) == seen
    assert snapshot.digest == seen.digest()
    sheet, closure = printable_month(september.school, 2026, 9, OCTOBER + timedelta(days=90))
    assert sheet == seen
    assert closure is not None
    assert (closure.signer_name, closure.version) == ("Hj. Siti", 1)
    trace = AuditEntry.objects.get(action="close_month")
    assert trace.detail["digest"] == seen.digest()
    assert [one.is_right for one in verify_months(School.objects.all())] == [True]


def test_a_snapshot_cannot_be_edited(september: September):
    snapshot = september.close()
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthSnapshot.objects.filter(pk=snapshot.pk).update(digest="0" * 64)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"digest": "0" * 64}, "month_changed"),
        ({"now": at("09:00", date(2026, 9, 30))}, "month_not_over"),
        ({"name": "  "}, "name_of_declarer_missing"),
        ({"month": 10}, "month_not_over"),
    ],
)
def test_refusals(september: September, changes: dict[str, object], code: str):
    given: dict[str, object] = {
        "school": september.school,
        "year": 2026,
        "month": 9,
        "digest": current_sheet(september.school, 2026, 9, OCTOBER).digest(),
        "name": "Hj. Siti",
        "by": None,
        "now": OCTOBER,
    }
    with pytest.raises(HadirError) as caught:
        close_month(**{**given, **changes})  # type: ignore[arg-type]
    assert caught.value.code == code
    assert not MonthSnapshot.objects.exists()


def test_a_late_fact_between_looking_and_signing_stops_the_signature(september: September):
    digest = current_sheet(september.school, 2026, 9, OCTOBER).digest()
    september.week.scan(september.world.siti, at("07:20", MONDAY + timedelta(days=3)), received=OCTOBER)
    for code in ("month_computing", "month_changed"):
        with pytest.raises(HadirError) as caught:
            close_month(
                school=september.school, year=2026, month=9, digest=digest, name="Hj. Siti", by=None, now=OCTOBER
            )
        assert caught.value.code == code
        september.settle(OCTOBER)


def test_days_that_were_never_judged_are_not_signed(september: September):
    november = at("09:00", date(2026, 11, 2))
    september.week.hear(november)
    with pytest.raises(HadirError) as caught:
        september.close(november, month=10)
    assert caught.value.code == "month_computing"
    assert not MonthSnapshot.objects.exists()
    assert DayMark.objects.filter(school=september.school).exists()
    september.settle(november)
    assert september.close(november, month=10).version == 1


def test_one_person_without_a_day_stops_the_signature(september: September):
    PersonDay.objects.filter(person=september.world.siti, day=MONDAY).delete()
    with pytest.raises(HadirError) as caught:
        september.close()
    assert caught.value.code == "month_computing"
    assert DayMark.objects.get().first == MONDAY
    september.settle(OCTOBER)
    september.close()


def test_closing_twice_and_opening_again(september: September):
    check_month(school=september.school, year=2026, month=9, by=None, name="Operator", now=OCTOBER)
    assert month_of(september.school, 2026, 9).state == MonthState.CHECKED
    first = september.close()
    with pytest.raises(HadirError) as caught:
        september.close()
    assert caught.value.code == "month_closed"
    reopen_month(school=september.school, year=2026, month=9, reason="Salah hitung", name="Dinas", by=None, now=OCTOBER)
    with pytest.raises(HadirError) as caught:
        reopen_month(school=september.school, year=2026, month=9, reason="Lagi", name="Dinas", by=None, now=OCTOBER)
    assert caught.value.code == "month_not_closed"
    second = september.close(OCTOBER + timedelta(hours=1))
    assert (first.version, second.version) == (1, 2)
    assert Month.objects.get().version == 2
    assert len(list(verify_months(School.objects.all()))) == 2


def test_what_waits_is_named(september: September):
    kinds = {point.kind for point in open_points(september.school, 2026, 9)}
    assert kinds <= {"pending_person_unknown_to_devices", "pending_school_not_heard", "pending_no_schedule"}
