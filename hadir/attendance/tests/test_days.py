"""What facts become: through the services, on a real database."""

from datetime import date, timedelta
from typing import Any

import pytest

from hadir.attendance.models import CompletenessDeclaration, PersonDay
from hadir.attendance.services import compute_days, declare_complete, verify_days, work_once
from hadir.attendance.tests.conftest import BEFORE, MONDAY, Week, at
from hadir.core.errors import HadirError
from hadir.devices.services import create_kiosk, revoke_device
from hadir.people.models import DayMark
from hadir.people.services import add_person, assign_person, end_assignment
from hadir.schedules.services import add_calendar_days, choose_pack, set_hours, set_timetable, set_trial

TUESDAY = MONDAY + timedelta(days=1)
LATER = at("21:00")


def test_a_whole_day(week: Week):
    week.scan(week.world.siti, at("07:45"))
    week.scan(week.world.siti, at("16:02"))
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=LATER)
    row = week.day(week.world.siti, week.world.kota)
    assert (row.status, row.codes, row.late, row.early, row.final, row.cause) == ("H", ["TL1"], 15, 0, True, "")
    assert [piece["role"] for piece in row.evidence] == ["arrival", "departure"]
    assert row.rules.startswith("contoh-")


def test_nobody_is_absent_before_the_kiosk_was_heard_past_the_window(week: Week):
    week.hear(at("19:59"))
    week.compute(week.world.kota, now=LATER)
    row = week.day(week.world.siti, week.world.kota)
    assert (row.status, row.final, row.cause) == ("T", False, "school_not_heard")
    week.hear(at("20:30"), unsent=3)
    week.compute(week.world.kota, now=LATER)
    assert week.day(week.world.siti, week.world.kota).status == "T"
    week.hear(at("20:31"))
    week.compute(week.world.kota, now=LATER)
    row = week.day(week.world.siti, week.world.kota)
    assert (row.status, row.final, row.waits_until) == ("A", True, None)


def test_what_was_complete_stays_complete_when_the_kiosk_has_new_records(week: Week):
    week.hear(at("20:30"))
    week.hear(at("07:00", TUESDAY), unsent=4)
    week.compute(week.world.kota, now=at("08:00", TUESDAY))
    assert week.day(week.world.siti, week.world.kota).status == "A"


def test_a_late_upload_corrects_the_day_by_the_queue(week: Week):
    week.hear(at("20:30"))
    work_once(now=LATER)
    assert week.day(week.world.siti, week.world.kota).status == "A"
    week.scan(week.world.siti, at("07:00"), received=at("09:00", TUESDAY), former=True)
    week.scan(week.world.siti, at("16:10"), received=at("09:00", TUESDAY), former=True)
    assert DayMark.objects.count() >= 2
    work_once(now=at("09:01", TUESDAY))
    assert DayMark.objects.count() == 0
    assert week.day(week.world.siti, week.world.kota).status == "H"


def test_passing_completeness_is_found_by_the_worker(week: Week):
    work_once(now=at("09:00"))
    assert week.day(week.world.siti, week.world.kota).cause == "day_not_over"
    week.hear(at("20:05"))
    work_once(now=at("20:06"))
    assert week.day(week.world.siti, week.world.kota).status == "A"


def test_a_second_pass_writes_nothing(week: Week):
    week.scan(week.world.siti, at("07:45"))
    week.hear(at("20:30"))
    work_once(now=LATER)
    outcome = work_once(now=LATER)
    assert (outcome.written, outcome.removed) == (0, 0)


def test_a_person_no_kiosk_could_know_is_never_absent(week: Week):
    new = add_person(name="Baru", now=BEFORE)
    assign_person(
        person=new, school=week.world.kota, duty="Guru", staff_kind="PNS", valid_from=date(2026, 9, 1), now=BEFORE
    )
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(new, week.world.kota).cause == "person_unknown_to_devices"
    week.give_face(new, at("09:00"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(new, week.world.kota).status == "T"
    week.hear(at("06:00", TUESDAY))
    week.hear(at("20:30", TUESDAY))
    week.compute(week.world.kota, TUESDAY, now=at("21:00", TUESDAY))
    assert week.day(new, week.world.kota, TUESDAY).status == "A"


def test_a_kiosk_that_was_offline_since_the_enrolment_does_not_know_the_face(week: Week):
    new = add_person(name="Baru", now=BEFORE)
    assign_person(
        person=new, school=week.world.kota, duty="Guru", staff_kind="PNS", valid_from=date(2026, 9, 1), now=BEFORE
    )
    week.give_face(new, at("09:00") - timedelta(days=5))
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(new, week.world.kota).cause == "person_unknown_to_devices"


def test_a_change_of_pack_makes_nobody_absent(week: Week, monkeypatch: pytest.MonkeyPatch):
    week.hear(at("20:30"))
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": "open-2-00000000"})
    week.compute(week.world.kota, now=LATER)
    assert week.day(week.world.siti, week.world.kota).cause == "person_unknown_to_devices"


def test_a_second_kiosk_must_be_heard_too_from_its_first_link_on(week: Week):
    other = create_kiosk(name="Gerbang", schools=[week.world.kota], by=None, now=BEFORE)
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(week.world.siti, week.world.kota).status == "A"
    other.tokens.create(token_hash="x" * 64, issued_at=at("06:00"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(week.world.siti, week.world.kota).cause == "school_not_heard"
    revoke_device(device=other, by=None, now=at("05:00"))
    week.compute(week.world.kota, now=LATER)
    assert week.day(week.world.siti, week.world.kota).status == "A"


def test_a_named_person_declares_a_day_complete(week: Week):
    say: dict[str, Any] = {"school": week.world.kota, "day": MONDAY, "by": None}
    for reason, name, now, code in (
        ("", "Bu Kepala", at("07:00", TUESDAY), "reason_missing"),
        ("Kios hilang", " ", at("07:00", TUESDAY), "name_of_declarer_missing"),
        ("Kios hilang", "Bu Kepala", at("23:00"), "day_not_over"),
    ):
        with pytest.raises(HadirError) as refused:
            declare_complete(**say, reason=reason, name=name, now=now)
        assert refused.value.code == code
    declare_complete(**say, reason="Kios hilang", name="Bu Kepala", now=at("07:00", TUESDAY))
    with pytest.raises(HadirError, match="sudah dinyatakan"):
        declare_complete(**say, reason="Kios hilang", name="Bu Kepala", now=at("07:00", TUESDAY))
    assert CompletenessDeclaration.objects.count() == 1
    work_once(now=at("07:05", TUESDAY))
    assert week.day(week.world.siti, week.world.kota).status == "A"


def test_a_kiosk_that_was_dead_all_day_makes_nobody_absent(week: Week):
    week.hear(at("07:00", TUESDAY))
    week.compute(week.world.kota, now=at("08:00", TUESDAY))
    row = week.day(week.world.siti, week.world.kota)
    assert (row.status, row.cause, row.waits_until) == ("T", "school_not_heard", None)
    DayMark.objects.all().delete()
    week.scan(week.world.hasan, at("07:00"), received=at("09:00", TUESDAY), former=True)
    work_once(now=at("09:01", TUESDAY))
    assert week.day(week.world.siti, week.world.kota).status == "A"


def test_a_school_has_no_days_before_its_first_kiosk_and_none_without(week: Week):
    week.hear(at("20:30"))
    work_once(now=LATER)
    assert not PersonDay.objects.filter(school=week.world.jauh).exists()
    assert not PersonDay.objects.filter(day__lt=BEFORE.date()).exists()
    assert PersonDay.objects.filter(school=week.world.kota, day=BEFORE.date()).exists()


def test_two_schools_by_timetable(week: Week):
    hasan, kota, pulau = week.world.hasan, week.world.kota, week.world.pulau
    week.hear(at("20:30"))
    week.compute(pulau, now=LATER)
    assert week.day(hasan, pulau).cause == "no_schedule"
    set_timetable(person=hasan, school=kota, weekdays=[0, 2], valid_from=date(2026, 9, 1), now=BEFORE)
    set_timetable(person=hasan, school=pulau, weekdays=[1, 3], valid_from=date(2026, 9, 1), now=BEFORE)
    for school in (kota, pulau):
        week.compute(school, now=LATER)
    assert (week.day(hasan, kota).status, week.day(hasan, pulau).status) == ("A", "L")


def test_night_watch_belongs_to_the_date_on_which_it_begins(week: Week):
    set_hours(scope=week.world.siti, pattern="jaga-malam", valid_from=MONDAY, valid_to=MONDAY, now=BEFORE)
    set_hours(scope=week.world.siti, pattern="jaga-malam", valid_from=TUESDAY, now=BEFORE)
    week.scan(week.world.siti, at("19:50"))
    week.scan(week.world.siti, at("07:05", TUESDAY))
    week.hear(at("12:00", TUESDAY + timedelta(days=1)))
    week.compute(week.world.kota, days=2, now=at("12:30", TUESDAY + timedelta(days=1)))
    monday, tuesday = week.day(week.world.siti, week.world.kota), week.day(week.world.siti, week.world.kota, TUESDAY)
    assert (monday.status, monday.codes, monday.final) == ("H", [], True)
    assert (tuesday.status, tuesday.flags) == ("A", [])


def test_calendar_trial_and_the_end_of_an_assignment(week: Week):
    world = week.world
    add_calendar_days(
        scope=world.region, kind="libur", name="Libur uji", valid_from=MONDAY, valid_to=TUESDAY, now=BEFORE
    )
    add_calendar_days(
        scope=world.pulau, kind="hari_kerja", name="Masuk", valid_from=MONDAY, valid_to=MONDAY, now=BEFORE
    )
    week.hear(at("20:30"))
    for school in (world.kota, world.pulau):
        week.compute(school, now=LATER)
    assert (week.day(world.siti, world.kota).status, week.day(world.rahma, world.pulau).status) == ("L", "A")
    set_trial(school=world.pulau, valid_from=MONDAY, valid_to=None, now=LATER)
    end_assignment(assignment=world.siti.assignments.get(), last_day=date(2026, 9, 11), now=LATER)
    work_once(now=LATER)
    assert week.day(world.rahma, world.pulau).status == "-"
    assert not PersonDay.objects.filter(person=world.siti, day=MONDAY).exists()


def test_another_pack_from_a_date_on_judges_the_past_anew(week: Week, settings: Any, tmp_path: Any):
    from hadir.rules.pack import BUILT_IN

    settings.HADIR_DATA = tmp_path
    (tmp_path / "rules").mkdir()
    text = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8").replace('nama = "contoh"', 'nama = "kantor"')
    (tmp_path / "rules" / "kantor.toml").write_text(text.replace("07:30-16:00", "07:45-16:00"), encoding="utf-8")
    week.scan(week.world.siti, at("07:45"))
    week.scan(week.world.siti, at("16:02"))
    week.hear(at("20:30"))
    work_once(now=LATER)
    assert week.day(week.world.siti, week.world.kota).late == 15
    choose_pack(region=week.world.region, pack="kantor", valid_from=MONDAY, reason="SK Bupati", now=LATER)
    work_once(now=LATER)
    row = week.day(week.world.siti, week.world.kota)
    assert (row.late, row.rules.split("-")[0]) == (0, "kantor")


def test_verify_tells_tampering_from_waiting_and_changes_nothing(week: Week):
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=LATER)
    PersonDay.objects.filter(person=week.world.siti).update(late=7)
    outcome = verify_days(schools=[week.world.kota], first=MONDAY, last=MONDAY, now=LATER)
    assert [names for _key, names in outcome.different] == [["late"]]
    assert week.day(week.world.siti, week.world.kota).late == 7
    compute_days(schools=[week.world.kota], first=MONDAY, last=MONDAY, now=LATER)
    assert verify_days(schools=[week.world.kota], first=MONDAY, last=MONDAY, now=LATER).different == []


def test_queries_do_not_grow_with_people_and_dates(week: Week, django_assert_max_num_queries: Any):
    for number in range(12):
        person = add_person(name=f"Guru {number}", now=BEFORE)
        assign_person(
            person=person, school=week.world.kota, duty="G", staff_kind="PNS", valid_from=date(2026, 1, 1), now=BEFORE
        )
        week.scan(person, at("07:10"))
    with django_assert_max_num_queries(34):
        compute_days(schools=[week.world.kota], first=MONDAY - timedelta(days=10), last=MONDAY, now=LATER)


def test_a_colleagues_row_that_came_first_leaves_nobody_out(week: Week):
    """A scan is judged before the date was begun for everybody."""
    DayMark.objects.all().delete()
    compute_days(schools=[week.world.kota], first=MONDAY, last=MONDAY, now=at("06:00"), people=[week.world.siti.pk])
    work_once(now=at("06:01"), thorough=False)
    rows = PersonDay.objects.filter(person=week.world.hasan, school=week.world.kota, day=MONDAY)
    assert not rows.exists()
    work_once(now=at("06:10"))
    assert rows.exists()


def test_after_a_standstill_of_weeks_every_day_has_its_row(week: Week):
    work_once(now=LATER + timedelta(days=30))
    outcome = verify_days(
        schools=[week.world.kota, week.world.pulau],
        first=BEFORE.date(),
        last=MONDAY + timedelta(days=30),
        now=LATER + timedelta(days=30),
    )
    assert (outcome.behind, outcome.different) == (0, [])
    assert PersonDay.objects.filter(person=week.world.siti).count() > 30


def test_said_to_have_no_hours_is_a_day_off_and_not_yet_said_waits_on_working_days(week: Week):
    world, sunday = week.world, MONDAY - timedelta(days=1)
    set_hours(scope=world.siti, pattern="", valid_from=date(2020, 1, 1), now=BEFORE)
    holiday: dict[str, Any] = {
        "valid_from": MONDAY + timedelta(days=1),
        "valid_to": MONDAY + timedelta(days=1),
        "now": BEFORE,
    }
    add_calendar_days(scope=world.region, kind="libur", name="Libur", **holiday)
    week.hear(at("20:30"))
    for school in (world.kota, world.pulau):
        week.compute(school, sunday, now=at("23:00", MONDAY + timedelta(days=1)), days=3)
    siti = [week.day(world.siti, world.kota, sunday + timedelta(days=number)) for number in range(3)]
    assert [(row.status, row.final, row.cause) for row in siti] == [("L", True, "")] * 3
    assert [row.reasons[0][0] for row in siti] == ["no_hours", "no_hours", "holiday"]
    hasan = [week.day(world.hasan, world.pulau, MONDAY + timedelta(days=number)) for number in range(2)]
    assert [(row.status, row.cause) for row in hasan] == [("T", "no_schedule"), ("L", "")]
    set_hours(scope=world.pulau, pattern="", valid_from=date(2020, 1, 1), now=BEFORE)
    week.compute(world.pulau, now=at("23:00"))
    assert week.day(world.hasan, world.pulau).status == "L"
