"""What case tables can't say: causes, provenance, time zones, reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hadir.rules.day import judge_day
from hadir.rules.facts import Calendar, DayFacts, PartDay, Provenance, Scan
from hadir.rules.pack import Pack
from hadir.rules.patterns import NO_HOURS, Hours, Pattern
from hadir.rules.tests.packs import CONTOH, changed
from hadir.rules.verdict import Cause, DayVerdict, Evidence, Role, Source

MONDAY = date(2026, 9, 14)
WIB = ZoneInfo("Asia/Jakarta")
UNCHECKED = Provenance.FALLBACK_UNCHECKED


def at(clock: str, day: date = MONDAY, zone: ZoneInfo = WIB) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)


def facts(*clocks: str, pack: Pack = CONTOH, **known: Any) -> DayFacts:
    """Facts of a complete Monday with scans at these times, unless told otherwise."""
    whole: dict[str, Any] = {
        "day": MONDAY,
        "zone": WIB,
        "now": at("00:00", date(2026, 9, 16)),
        "pattern": pack.day_rules(MONDAY).patterns["5hari"],
        "scans": tuple(Scan(at(clock)) for clock in clocks),
        "heard_until": at("23:00"),
    }
    return DayFacts(**(whole | known))


def judge(*clocks: str, pack: Pack = CONTOH, **known: Any) -> DayVerdict:
    return judge_day(facts(*clocks, pack=pack, **known), pack.day_rules(MONDAY))


def told(verdict: DayVerdict) -> list[tuple[str, str]]:
    return [(one.rule, one.text) for one in verdict.reasons]


WAITING = [
    ("the day is not over", {"now": at("09:00"), "heard_until": at("09:00")}, Cause.DAY_NOT_OVER),
    ("a device's clock is ahead", {"now": at("09:00"), "heard_until": at("23:00")}, Cause.DAY_NOT_OVER),
    ("a word cannot end a day early", {"now": at("19:59"), "declared_complete": True}, Cause.DAY_NOT_OVER),
    ("the school was heard until noon", {"heard_until": at("12:00")}, Cause.SCHOOL_NOT_HEARD),
    ("the school was never heard", {"heard_until": None}, Cause.SCHOOL_NOT_HEARD),
    ("a scan lies outside the window", {"scans": (Scan(at("21:00")),)}, Cause.SCAN_OUTSIDE_WINDOW),
    ("a fallback scan is not checked", {"scans": (Scan(at("07:20"), UNCHECKED),)}, Cause.FALLBACK_UNCHECKED),
    ("the devices cannot know her", {"known_to_devices": False}, Cause.PERSON_UNKNOWN_TO_DEVICES),
    ("nobody gave her hours", {"pattern": None}, Cause.NO_SCHEDULE),
    ("a leave code is not in the pack", {"full_days": ("XX",)}, Cause.LEAVE_CODE_UNKNOWN),
]


@pytest.mark.parametrize(("known", "cause"), [row[1:] for row in WAITING], ids=[row[0] for row in WAITING])
def test_a_pending_day_has_its_cause(known: dict[str, Any], cause: Cause):
    verdict = judge(**known)
    assert (verdict.status, verdict.final, verdict.cause) == ("T", False, cause)
    assert (verdict.late, verdict.early, verdict.codes) == (0, 0, ())
    assert verdict.reasons


def test_nobody_is_absent_on_a_day_that_waits_and_one_is_when_nothing_waits():
    assert judge().status == "A"
    assert judge().final
    assert judge().cause is None


def test_a_person_may_answer_for_a_school_that_was_not_heard():
    for heard in (None, at("12:00")):
        verdict = judge(heard_until=heard, declared_complete=True)
        assert (verdict.status, verdict.final) == ("A", True)
        assert ("R4", "Hari ini dinyatakan lengkap oleh petugas yang berwenang.") in told(verdict)
    heard_anyway = judge(heard_until=at("20:00"), declared_complete=True)
    assert [one.key for one in heard_anyway.reasons] == ["absent"]


def test_a_day_is_over_when_its_window_is():
    assert judge(now=at("20:00"), heard_until=at("20:00")).status == "A"
    assert judge(now=at("19:59"), heard_until=at("20:00")).cause is Cause.DAY_NOT_OVER
    assert judge(now=at("20:00"), heard_until=at("19:59")).cause is Cause.SCHOOL_NOT_HEARD


def test_a_day_with_evidence_says_why_it_is_not_final():
    assert judge("07:20", now=at("09:00"), heard_until=at("09:00")).cause is Cause.DAY_NOT_OVER
    assert judge("07:20", heard_until=at("09:00")).cause is Cause.SCHOOL_NOT_HEARD
    assert judge("07:20", "20:30").cause is Cause.SCAN_OUTSIDE_WINDOW
    assert judge(full_days=("S",), heard_until=None).cause is Cause.SCHOOL_NOT_HEARD
    assert judge(technical=True, heard_until=None).cause is Cause.SCHOOL_NOT_HEARD


def test_days_outside_an_assignment_and_on_trial_count_for_nothing():
    before = judge("07:20", assigned=False)
    trial = judge("07:20", trial=True)
    both = judge("07:20", trial=True, assigned=False)
    assert (before.status, before.flags, before.final) == ("-", (), True)
    assert (trial.status, trial.flags, trial.final) == ("-", ("uji_coba",), True)
    assert both.flags == ()
    assert [piece.role for piece in trial.evidence] == [Role.SHOWN]


def test_unchecked_fallback_counts_for_nothing_but_keeps_the_day_open():
    only_arrival = judge(scans=(Scan(at("07:20")), Scan(at("16:05"), UNCHECKED)))
    assert (only_arrival.status, only_arrival.early, only_arrival.final) == ("H", 225, False)
    assert only_arrival.cause is Cause.FALLBACK_UNCHECKED
    assert only_arrival.flags == ("cadangan_menunggu", "tanpa_pulang")
    assert only_arrival.evidence[-1] == Evidence(at("16:05"), Source.SCAN, Role.WAITING)
    assert told(only_arrival)[-1] == ("R5", "Catatan cadangan pukul 16.05 belum diperiksa; hari ini dapat berubah.")


def test_a_fallback_scan_that_changes_nothing_does_not_keep_the_day_open():
    verdict = judge(scans=(Scan(at("07:20")), Scan(at("12:00"), UNCHECKED), Scan(at("16:05"))))
    assert (verdict.status, verdict.final, verdict.flags) == ("H", True, ())
    assert [piece.role for piece in verdict.evidence] == [Role.ARRIVAL, Role.DEPARTURE, Role.WAITING]


def test_a_checked_fallback_scan_is_a_scan():
    verdict = judge(scans=(Scan(at("07:20"), Provenance.FALLBACK_CHECKED), Scan(at("16:05"), Provenance.TERMINAL)))
    assert (verdict.status, verdict.late, verdict.early, verdict.final) == ("H", 0, 0, True)


def test_an_absence_is_not_told_while_a_fallback_scan_waits():
    verdict = judge(scans=(Scan(at("07:20"), UNCHECKED),))
    assert verdict.flags == ("cadangan_menunggu",)
    assert [one.key for one in verdict.reasons] == ["fallback_waiting"]


def test_a_scan_of_unknown_date_keeps_absence_and_minutes_open():
    unplaced = (Scan(at("09:12"), Provenance.FALLBACK_UNCHECKED, reference="x"),)
    absent = judge(unplaced=unplaced)
    assert (absent.status, absent.final, absent.cause) == ("T", False, Cause.FALLBACK_UNCHECKED)
    assert told(absent)[-1][1].startswith("Catatan yang diterima 14-09-2026 09.12")
    late = judge("07:45", "16:05", unplaced=unplaced)
    assert (late.status, late.codes, late.late, late.final) == ("H", ("TL1",), 15, False)
    assert late.flags == ("cadangan_menunggu",)
    punctual = judge("07:25", "16:05", unplaced=unplaced)
    assert punctual == judge("07:25", "16:05")
    waiting = judge(unplaced=unplaced, heard_until=None)
    assert waiting.cause is Cause.SCHOOL_NOT_HEARD


def test_a_pin_of_nobody_may_be_what_is_missing():
    stray = (Scan(at("07:02"), Provenance.TERMINAL),)
    absent = judge(unplaced=stray)
    assert (absent.status, absent.final, absent.cause) == ("T", False, Cause.PERSON_UNKNOWN_TO_DEVICES)
    assert told(absent)[-1][1].startswith("Mesin di sekolahnya merekam PIN")
    lone = judge("16:05", unplaced=stray)
    assert (lone.status, lone.final, lone.flags) == ("H", False, ("tanpa_masuk",))
    late = judge("07:45", "16:05", unplaced=stray)
    assert late == judge("07:45", "16:05"), "who was seen on both sides needs nothing more"


def test_a_missing_side_is_not_final_for_somebody_the_devices_cannot_know():
    verdict = judge(corrections=(at("07:20"),), known_to_devices=False)
    assert (verdict.status, verdict.final, verdict.cause) == ("H", False, Cause.PERSON_UNKNOWN_TO_DEVICES)
    both = judge(corrections=(at("07:20"), at("16:00")), known_to_devices=False)
    assert both.final


def test_a_scan_of_another_shift_is_left_to_it():
    verdict = judge(scans=(Scan(at("05:00"), other_shift=True), Scan(at("07:20")), Scan(at("16:00"))))
    assert (verdict.flags, verdict.final) == ((), True)
    assert len(verdict.evidence) == 2


def test_a_duty_still_to_come_is_no_evidence():
    duty = (PartDay("DL", at("10:00"), at("16:00")),)
    morning = judge(part_days=duty, now=at("09:00"), heard_until=at("09:00"))
    noon = judge(part_days=duty, now=at("12:00"), heard_until=at("12:00"))
    assert (morning.status, morning.cause) == ("T", Cause.DAY_NOT_OVER)
    assert judge(part_days=duty, now=at("10:00"), heard_until=at("09:00")).status == "H"
    assert (noon.status, noon.codes, noon.late, noon.final) == ("H", ("TL4", "DL"), 150, False)


@pytest.mark.parametrize(("zone", "utc_hour"), [("Asia/Jakarta", 0), ("Asia/Makassar", 23), ("Asia/Jayapura", 22)])
def test_hours_are_those_of_the_school(zone: str, utc_hour: int):
    """07.40 by the school's clock, handed in as UTC."""
    local = ZoneInfo(zone)
    day = MONDAY if utc_hour == 0 else MONDAY - timedelta(days=1)
    arrival = datetime(day.year, day.month, day.day, utc_hour, 40, tzinfo=UTC)
    verdict = judge(zone=local, scans=(Scan(arrival), Scan(at("16:00", zone=local))))
    assert (verdict.codes, verdict.late) == (("TL1",), 10)
    assert verdict.arrival == arrival
    assert f"{verdict.arrival:%H.%M}" == "07.40"


def test_arrival_and_departure_are_named():
    verdict = judge("07:20", "12:00", "16:05")
    assert (verdict.arrival, verdict.departure) == (at("07:20"), at("16:05"))
    assert judge("16:05").arrival is None
    references = judge(scans=(Scan(at("07:20"), reference="a"), Scan(at("16:05"), reference="b")))
    assert [piece.reference for piece in references.evidence] == ["a", "b"]


def test_grace_forgives_up_to_its_minutes_and_not_one_more():
    pack = changed(("terlambat_menit = 0", "terlambat_menit = 10"), ("pulang_awal_menit = 0", "pulang_awal_menit = 5"))
    assert judge("07:40", "15:55", pack=pack).codes == ()
    beyond = judge("07:41", "15:54", pack=pack)
    assert (beyond.late, beyond.early, beyond.codes) == (11, 6, ("TL1", "PSW1"))
    assert ("R7", "10 menit masih dalam toleransi 10 menit.") in told(judge("07:40", "16:00", pack=pack))


def test_an_office_may_let_other_absences_cover_hours():
    pack = changed(('nama = "Sakit"\nsehari = true', 'nama = "Sakit"\nsehari = true\nsebagian = true'))
    sick = (PartDay("S", at("11:00"), at("16:00")), PartDay("I", at("07:00"), at("11:00")))
    assert judge("07:20", "11:00", part_days=sick[:1], pack=pack).codes == ("S",)
    assert judge(part_days=sick, pack=pack).status == judge(part_days=sick[::-1], pack=pack).status == "S"


def test_the_story_of_a_late_day():
    verdict = judge("07:45", "15:00", part_days=(PartDay("I", at("15:00"), at("15:30")),))
    assert told(verdict) == [
        ("R7", "I 15.00 sampai 15.30 disetujui; waktu itu tidak dihitung."),
        ("R7", "Mulai 07.30, datang 07.45: 15 menit kerja terlewat."),
        ("R8", "15 menit termasuk TL1."),
        ("R7", "Selesai 16.00, pulang 15.00: 30 menit kerja terlewat."),
        ("R8", "30 menit termasuk PSW1."),
    ]


def test_the_story_of_a_lone_scan():
    assert told(judge("11:50")) == [
        ("R6", "Hanya ada bukti pukul 11.50: dibaca sebagai pulang (415 menit), bukan datang (450 menit)."),
        ("R6", "Catatan datang tidak ada: TL4, dihitung 225 menit."),
        ("R7", "Selesai 16.00, pulang 11.50: 190 menit kerja terlewat."),
        ("R8", "190 menit termasuk PSW4."),
    ]
    assert ("R6", "Catatan pulang tidak ada: PSW4, dihitung 225 menit.") in told(judge("07:20"))


def test_the_story_of_a_capped_day():
    assert told(judge("13:00", "17:00")) == [
        ("R7", "Mulai 07.30, datang 13.00: 270 menit kerja terlewat."),
        ("R7", "270 menit dibatasi menjadi 225 menit untuk satu sisi hari."),
        ("R8", "225 menit termasuk TL4."),
        ("R7", "Selesai 16.00, pulang 17.00: tidak ada menit kerja yang terlewat."),
    ]


def test_the_story_of_a_day_that_waits():
    assert told(judge(heard_until=at("12:00"))) == [
        ("R4", "Belum ada bukti hadir; hari ini tertunda."),
        (
            "R4",
            "Perangkat sekolah terdengar sampai 14-09-2026 12.00; hari ini lengkap setelah terdengar sampai 20.00.",
        ),
    ]


def test_the_story_of_a_night_on_a_holiday():
    scans = (Scan(at("19:50")), Scan(at("07:05", MONDAY + timedelta(days=1))), Scan(at("12:00")))
    verdict = judge(
        pattern=CONTOH.day_rules(MONDAY).patterns["jaga-malam"],
        heard_until=at("12:00", MONDAY + timedelta(days=1)),
        scans=scans,
        calendar=frozenset({Calendar.HOLIDAY, Calendar.PUPILS_OFF}),
    )
    assert told(verdict) == [
        ("R2", "Libur siswa tetap hari kerja bagi pegawai."),
        ("R2", "Pola Jaga malam tetap berlaku pada hari libur."),
        ("R7", "Mulai 20.00, datang 19.50: tidak ada menit kerja yang terlewat."),
        ("R7", "Selesai 07.00 (+1), pulang 07.05 (+1): tidak ada menit kerja yang terlewat."),
        ("R1", "Catatan pukul 12.00 di luar jendela 18.00 sampai 11.00 (+1): disimpan, tidak dihitung."),
    ]


def test_the_story_of_leave_and_of_days_off():
    seen = told(judge("08:00", full_days=("CT", "S")))
    assert [rule for rule, _text in seen] == ["R3", "R3", "R3"]
    assert seen[1] == ("R3", "Ada beberapa persetujuan sehari penuh (S, CT); yang dipakai S.")
    assert told(judge(full_days=("CT",))) == [
        ("R3", "Disetujui untuk hari ini: Cuti tahunan (CT). Tidak ada menit yang dihitung.")
    ]
    off = judge(calendar=frozenset({Calendar.JOINT_LEAVE}))
    assert told(off) == [("R2", "Cuti bersama menurut kalender.")]


REFUSED = [
    ("naive scan", lambda: Scan(datetime(2026, 9, 14, 7))),  # noqa: DTZ001 - what is refused
    ("scan in the year 1", lambda: Scan(datetime.min.replace(tzinfo=UTC))),
    ("interval that ends where it begins", lambda: PartDay("I", at("08:00"), at("08:00"))),
    ("naive now", lambda: facts(now=datetime(2026, 9, 14))),  # noqa: DTZ001 - what is refused
    ("naive heard", lambda: facts(heard_until=datetime(2026, 9, 14))),  # noqa: DTZ001 - what is refused
    ("date in the year 9999", lambda: replace(facts(), day=date.max)),
]


@pytest.mark.parametrize("make", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_facts_that_cannot_be(make: Any):
    with pytest.raises(ValueError, match=r"zone|years|after its start"):
        make()


def test_hours_without_working_time_are_no_shift():
    """No pack has them; made by hand they still have a verdict."""
    hours = Hours(timedelta(hours=7), timedelta(hours=9), ((timedelta(hours=7), timedelta(hours=9)),))
    for clocks in ((), ("07:20",)):
        verdict = judge(*clocks, pattern=Pattern("kosong", "Kosong", {0: hours}))
        assert (verdict.status, verdict.final, verdict.cause) == ("L", True, None)
        assert told(verdict) == [("R2", "Pola Kosong tidak punya jam kerja pada hari ini.")]


def test_where_somebody_has_said_that_there_are_no_hours_every_day_is_off():
    verdict = judge("07:20", pattern=NO_HOURS, heard_until=None)
    assert (verdict.status, verdict.final, verdict.cause, verdict.flags) == ("L", True, None, ())
    assert told(verdict) == [("R2", "Ditetapkan tanpa jam kerja di sekolah ini untuk tanggal ini.")]
    assert [one.role for one in verdict.evidence] == [Role.SHOWN]


@pytest.mark.parametrize("pattern", [None, NO_HOURS])
def test_a_day_off_of_the_calendar_is_one_for_everybody_without_hours(pattern: Pattern | None):
    verdict = judge(pattern=pattern, calendar=frozenset({Calendar.HOLIDAY}))
    assert (verdict.status, verdict.final) == ("L", True)
    assert told(verdict) == [("R2", "Hari libur menurut kalender.")]
    assert judge(pattern=None, calendar=frozenset({Calendar.PUPILS_OFF})).cause is Cause.NO_SCHEDULE
