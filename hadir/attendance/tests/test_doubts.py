"""Scans whose clock is doubted: no evidence until a person has decided, and never a reason to call somebody absent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from hadir.attendance.models import PersonDay, ScanReview
from hadir.attendance.queries import day_stories
from hadir.attendance.reviews import standing_of, waiting_scans
from hadir.attendance.services import verify_days, work_once
from hadir.attendance.services_review import review_scan
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.schools.models import School

TUESDAY = MONDAY + timedelta(days=1)
LATER = at("21:00")


def judged(week: Week, day: Any = MONDAY) -> PersonDay:
    """Judge what is marked and return Bu Siti's day; nothing may be left to judge."""
    work_once(now=LATER + timedelta(days=2))
    outcome = verify_days(
        schools=[week.world.kota], first=MONDAY - timedelta(days=13), last=TUESDAY, now=LATER + timedelta(days=2)
    )
    assert (outcome.different, outcome.behind) == ([], 0)
    return week.day(week.world.siti, week.world.kota, day)


def test_a_clock_set_back_does_not_make_somebody_punctual(week: Week):
    """The kiosk said at 07.20 that nothing was unsent; at 08.15 comes a record of 07.05."""
    week.hear(at("07:20"))
    scan = week.scan(week.world.siti, at("07:05"), received=at("08:15"))
    week.scan(week.world.siti, at("16:05"))
    week.hear(at("20:30"))
    assert scan.flags == ["clock_behind"]
    row = judged(week)
    assert (row.status, row.final, row.cause, row.flags) == (
        "H", False, "fallback_unchecked", ["cadangan_menunggu", "tanpa_masuk"],
    )  # fmt: skip
    assert {"role": "waiting", "at": "2026-09-14T07:05:00+07:00"}.items() <= row.evidence[-1].items()


@pytest.mark.parametrize(("claimed", "flag"), [("2026-09-20", "clock_ahead"), ("2026-01-01", "clock_old")])
def test_nobody_is_absent_on_a_date_on_which_a_doubted_scan_may_have_been_made(week: Week, claimed: str, flag: str):
    """The kiosk was off the net on Monday and its clock was wrong; its record came on Tuesday morning."""
    week.hear(at("20:30", MONDAY - timedelta(days=3)))
    week.scan(week.world.hasan, at("07:00"), received=at("07:00", TUESDAY))
    scan = week.scan(week.world.siti, at("07:00", date.fromisoformat(claimed)), at("07:01", TUESDAY))
    assert flag in scan.flags
    week.hear(at("20:30", TUESDAY))
    monday, tuesday = judged(week), judged(week, TUESDAY)
    for row in (monday, tuesday):
        assert (row.status, row.cause, row.flags) == ("T", "fallback_unchecked", ["cadangan_menunggu"])
    story = day_stories(week.world.siti, MONDAY, now=LATER + timedelta(days=2))[0]
    assert [one.key for one in story.sentences] == ["unplaced_waiting"]
    assert story.unplaced == [scan]


def test_a_person_accepts_a_scan_for_the_date_on_which_it_was_made(week: Week):
    week.hear(at("20:30", MONDAY - timedelta(days=3)))
    scan = week.scan(week.world.siti, at("07:00", MONDAY + timedelta(days=6)), received=at("07:01", TUESDAY))
    week.scan(week.world.siti, at("16:10"), received=at("07:01", TUESDAY))
    week.hear(at("20:30", TUESDAY))
    decide: dict[str, Any] = {"scan": scan, "reason": "Jam tablet maju enam hari", "name": "Bu Kepala", "by": None}
    assert list(waiting_scans(School.objects.all())) == [scan]
    review_scan(**decide, accept=True, at=at("07:25"), now=at("09:00", TUESDAY))
    monday, tuesday = judged(week), judged(week, TUESDAY)
    assert (monday.status, monday.codes, monday.final) == ("H", [], True)
    assert tuesday.status == "A", "the scan is Monday's, so Tuesday has none"
    assert standing_of([scan])[scan.pk].state == "accepted"
    assert list(waiting_scans(School.objects.all())) == []
    review_scan(**decide, accept=False, now=at("10:00", TUESDAY))
    assert judged(week).flags == ["tanpa_masuk"]
    assert standing_of([scan])[scan.pk].state == "rejected"
    review_scan(**decide, accept=True, now=at("10:00", TUESDAY), at=at("07:40"))
    assert judged(week).codes == ["TL1"]
    assert ScanReview.objects.count() == 3
    assert AuditEntry.objects.filter(action__in=["accept_scan", "reject_scan"]).count() == 3


def test_a_decision_needs_a_name_a_reason_and_a_doubted_scan(week: Week):
    plain = week.scan(week.world.siti, at("07:00"))
    odd = week.scan(week.world.siti, at("09:00"), received=at("07:01"))
    decide: dict[str, Any] = {"accept": True, "by": None, "now": LATER}
    for scan, reason, name, moment, code in (
        (odd, " ", "Bu Kepala", None, "reason_missing"),
        (odd, "Jam salah", "", None, "name_of_declarer_missing"),
        (plain, "Jam salah", "Bu Kepala", None, "scan_not_doubted"),
        (odd, "Jam salah", "Bu Kepala", None, "review_time_wrong"),
        (odd, "Jam salah", "Bu Kepala", at("07:10"), "review_time_wrong"),
    ):
        with pytest.raises(HadirError) as refused:
            review_scan(**decide, scan=scan, reason=reason, name=name, at=moment)
        assert refused.value.code == code
    assert not ScanReview.objects.exists()


def test_a_doubted_scan_is_no_sign_of_life_on_the_date_that_it_claims(week: Week):
    """The kiosk was dead on Monday; a record that claims Monday must not complete that day for the others."""
    week.hear(at("07:00", TUESDAY))
    week.scan(week.world.hasan, at("07:00"), received=at("09:00", TUESDAY))
    assert judged(week).cause == "school_not_heard"


def test_a_live_record_shows_that_what_came_before_it_had_a_wrong_clock_too(week: Week):
    """Off the net on Monday with a clock a day behind: Monday's records claim Sunday and come on Tuesday; nothing is
    odd about them until a record of Tuesday, made on the net, claims Monday."""
    kota, friday = week.world.kota, MONDAY - timedelta(days=3)
    week.scan(week.world.siti, at("07:00", friday))
    week.hear(at("20:30", friday))
    sunday = week.scan(week.world.siti, at("07:10", MONDAY - timedelta(days=1)), received=at("06:30", TUESDAY))
    assert sunday.flags == []
    week.hear(at("06:31", TUESDAY))
    live = week.scan(week.world.hasan, at("06:55"), received=at("06:55", TUESDAY))
    assert live.flags == ["clock_behind"]
    week.hear(at("20:30", TUESDAY))
    assert set(waiting_scans(School.objects.filter(pk=kota.pk))) == {sunday, live}
    assert [judged(week, day).cause for day in (MONDAY, TUESDAY)] == ["school_not_heard", "fallback_unchecked"]
    assert standing_of([sunday])[sunday.pk].state == "waiting"


def test_the_command_lists_and_decides(week: Week, capsys: pytest.CaptureFixture[str]):
    scan = week.scan(week.world.siti, at("08:00"), received=at("07:01"))
    call_command("attendance", "doubtful", "--school", week.world.kota.npsn)
    assert str(scan.pk) in capsys.readouterr().out
    call_command(
        "attendance", "review", "accept", str(scan.pk), "--received", "--reason", "Jam maju", "--name", "Bu Kepala"
    )
    assert "diterima untuk 2026-09-14 07.01.00" in capsys.readouterr().out
    call_command("attendance", "doubtful", "--json")
    assert capsys.readouterr().out == ""
    call_command("attendance", "explain", str(week.world.siti.pk), MONDAY.isoformat())
    assert "diterima oleh Bu Kepala: Jam maju" in capsys.readouterr().out
