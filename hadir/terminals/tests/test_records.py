"""Records of bought terminals: kept once, judged for their clock, read through whoever has the PIN."""

import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import clock_grade, terminal_by_secret
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.mapping import end_mapping, map_pin, remove_mapping
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.queries_terminal import doubted_punches, punches_of, terminal_scans, waiting_pins
from hadir.ledger.services_terminal import PunchOutcome, confirm_time, record_punches
from hadir.people.models import DayMark
from hadir.terminals.suggestions import suggest

LOCAL = datetime.fromisoformat("2026-09-14 07:05:00")
"""What the clock on the wall of a school in WIB shows at NOW."""
DAY = timedelta(days=1)


@pytest.fixture
def terminal(world: World) -> Terminal:
    return add_terminal(serial="CNYG001", kind="zkteco", schools=[world.kota], by=None, now=NOW - 30 * DAY)[0]


def keep(terminal: Terminal, *punches: Punch, **changes: Any) -> PunchOutcome:
    asked: dict[str, Any] = {"source": "push", "trust": "secret", "now": NOW} | changes
    return record_punches(device=terminal.device, punches=punches, **asked)


def test_a_secret_is_shown_once_and_kept_as_a_hash(world: World):
    terminal, secret = add_terminal(serial=" X903/A 1 ", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    assert terminal.serial == "X903/A 1"
    assert secret not in str(Terminal.objects.values_list())
    found = terminal_by_secret(secret.upper())
    assert found is not None
    assert found.pk == terminal.pk
    assert terminal_by_secret("") is None
    with pytest.raises(HadirError, match="sudah terdaftar"):
        add_terminal(serial="X903/A 1", kind="file", schools=[world.kota], by=None, now=NOW)


def test_the_same_record_is_kept_once(terminal: Terminal):
    first, second = Punch("0701", LOCAL, "0", "15", "88"), Punch("701", LOCAL, "0", "15", "89")
    assert keep(terminal, first, second, first).stored == 2
    again = keep(terminal, first, second)
    assert (again.stored, again.known) == (0, 2)
    assert set(TerminalScan.objects.values_list("pin", flat=True)) == {"0701", "701"}


def test_a_number_that_is_missing_or_cut_makes_no_second_record(terminal: Terminal):
    keep(terminal, Punch("7", LOCAL, "0", "15", "10881"))
    assert keep(terminal, Punch("7", LOCAL, "0", "15")).known == 1
    assert keep(terminal, Punch("7", LOCAL, "0", "15", "108")).known == 1
    assert keep(terminal, Punch("7", LOCAL, "0", "15", "10882")).stored == 1
    assert keep(terminal, Punch("7", LOCAL, "1", "15", "10881")).stored == 1


def test_what_no_column_takes_is_left_to_the_caller(terminal: Terminal):
    outcome = keep(
        terminal,
        Punch("", LOCAL),
        Punch("7\0", LOCAL),
        Punch("8" * 65, LOCAL),
        Punch("7", datetime.fromisoformat("0001-01-01 00:00:00")),
        Punch("7", LOCAL, "1" * 21),
        Punch("7", LOCAL),
    )
    assert (outcome.stored, outcome.unstorable) == (1, 5)


@pytest.mark.parametrize(
    ("local", "live", "flags"),
    [
        (LOCAL, True, []),
        (LOCAL - timedelta(minutes=9), True, []),
        (LOCAL - timedelta(minutes=11), True, ["clock_off"]),
        (LOCAL - timedelta(minutes=11), False, []),
        (LOCAL + timedelta(minutes=6), False, ["clock_ahead"]),
        (LOCAL + timedelta(hours=1), False, ["clock_off"]),
        (LOCAL + timedelta(days=2), False, ["clock_absurd"]),
        (datetime.fromisoformat("2000-01-01 00:03:00"), False, ["clock_absurd"]),
        (datetime.fromisoformat("1970-01-01 00:03:00"), True, ["clock_absurd"]),
        (LOCAL - timedelta(days=31), False, ["old_replay"]),
    ],
)
def test_what_is_odd_about_a_clock(terminal: Terminal, local: datetime, live: bool, flags: list[str]):
    outcome = keep(terminal, Punch("7", local), live=live)
    scan = TerminalScan.objects.get()
    assert scan.flags == flags
    assert scan.doubted == (outcome.doubted == 1) == bool({"clock_off", "clock_absurd"} & set(flags))
    assert scan.local_time == local.strftime("%Y-%m-%d %H:%M:%S")


def test_a_live_record_measures_the_clock(terminal: Terminal):
    keep(terminal, Punch("7", LOCAL - timedelta(minutes=60)), live=True)
    terminal.refresh_from_db()
    assert (terminal.clock_skew, clock_grade(terminal)) == (-3600, "wrong")
    keep(terminal, Punch("7", LOCAL - timedelta(minutes=50)), live=False)
    terminal.refresh_from_db()
    assert terminal.clock_skew == -3600


def test_a_mapping_applies_backwards_and_marks_the_days(world: World, terminal: Terminal):
    keep(terminal, Punch("7", LOCAL - 3 * DAY), Punch("7", LOCAL), Punch("8", LOCAL))
    assert [(one.pin, one.count) for one in waiting_pins(terminal.device)] == [("7", 2), ("8", 1)]
    assert punches_of([world.siti.pk], NOW - 9 * DAY, NOW + DAY) == []
    DayMark.objects.all().delete()
    mapping = map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    mark = DayMark.objects.get(person__isnull=False)
    assert (mark.person_id, mark.first, mark.last) == (world.siti.pk, date(2026, 9, 11), date(2026, 9, 14))
    assert [punch.at for punch in punches_of([world.siti.pk], NOW - 9 * DAY, NOW + DAY)] == [NOW - 3 * DAY, NOW]
    assert [one.pin for one in waiting_pins(terminal.device)] == ["8"]
    with pytest.raises(HadirError, match="sudah milik Siti"):
        map_pin(device=terminal.device, pin="7", person=world.hasan, by=None, now=NOW)
    end_mapping(mapping=mapping, last=date(2026, 9, 13), by=None, now=NOW)
    assert len(punches_of([world.siti.pk], NOW - 9 * DAY, NOW + DAY)) == 1
    later = map_pin(device=terminal.device, pin="7", person=world.hasan, by=None, now=NOW)
    assert later.valid_from == date(2026, 9, 14)
    assert len(punches_of([world.hasan.pk], NOW - 9 * DAY, NOW + DAY)) == 1
    remove_mapping(mapping=later, by=None, now=NOW)
    assert punches_of([world.hasan.pk], NOW - 9 * DAY, NOW + DAY) == []


def test_new_records_mark_a_person_once_per_span(world: World, terminal: Terminal):
    map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    DayMark.objects.all().delete()
    punches = [Punch("7", LOCAL - day * DAY + timedelta(minutes=minute)) for day in range(20) for minute in range(5)]
    assert keep(terminal, *punches, Punch("7", LOCAL - 400 * DAY), Punch("9", LOCAL)).waiting == 1
    spans = sorted(DayMark.objects.filter(person__isnull=False).values_list("first", "last"))
    assert spans == [(date(2025, 8, 10), date(2025, 8, 10)), (date(2026, 8, 26), date(2026, 9, 14))]
    DayMark.objects.all().delete()
    keep(terminal, *punches)
    assert not DayMark.objects.exists()


def test_a_doubted_clock_is_no_evidence_until_a_person_says_when(world: World, terminal: Terminal):
    map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    keep(terminal, Punch("7", datetime.fromisoformat("2015-01-01 00:01:00")), now=NOW - timedelta(minutes=10))
    keep(terminal, Punch("7", datetime.fromisoformat("2015-01-01 00:21:00")), live=True)
    waiting = punches_of([world.siti.pk], NOW - DAY, NOW + DAY)
    assert [punch.counts for punch in waiting] == [False, False]
    first, second = doubted_punches([terminal.device_id])
    assert (first.proposed, second.proposed) == (NOW - timedelta(minutes=20), NOW)
    assert first.proposed is not None
    with pytest.raises(HadirError, match="sesudah diterima"):
        confirm_time(scan=first.scan, at=NOW + DAY, reason="salah", by=None, now=NOW)
    DayMark.objects.all().delete()
    confirm_time(scan=first.scan, at=first.proposed, reason="Listrik padam", by=None, now=NOW)
    assert DayMark.objects.filter(person=world.siti, first__lte=date(2026, 9, 14), last__gte=date(2026, 9, 14)).exists()
    counted = [punch for punch in punches_of([world.siti.pk], NOW - DAY, NOW + DAY) if punch.counts]
    assert [(punch.at, punch.confirmed) for punch in counted] == [(first.proposed, True)]
    confirm_time(scan=second.scan, at=None, reason="Tidak diketahui", by=None, now=NOW)
    assert len(punches_of([world.siti.pk], NOW - DAY, NOW + DAY)) == 1
    assert TerminalScan.objects.filter(local_time__startswith="2015").count() == 2


def test_a_doubted_record_is_his_who_had_the_pin_when_it_was_made(world: World, terminal: Terminal):
    map_pin(device=terminal.device, pin="7", person=world.siti, valid_from=date(2026, 9, 14), by=None, now=NOW)
    keep(terminal, Punch("7", datetime.fromisoformat("2000-01-01 00:01:00")))
    (scan,) = terminal_scans(device=terminal.device)
    assert (scan.person_id_now, waiting_pins(terminal.device)) == (world.siti.pk, [])  # type: ignore[attr-defined]
    confirm_time(scan=scan, at=NOW - DAY, reason="Listrik padam", by=None, now=NOW)
    (waits,) = waiting_pins(terminal.device)
    assert (waits.count, waits.first, waits.last) == (1, date(2026, 9, 13), date(2026, 9, 13))
    confirm_time(scan=scan, at=NOW, reason="Salah tanggal", by=None, now=NOW + timedelta(minutes=1))
    assert waiting_pins(terminal.device) == []
    assert [one.at for one in punches_of([world.siti.pk], NOW - DAY, NOW + DAY)] == [NOW]
    assert suggest(terminal.device, today=date(2026, 9, 14)) == []


def test_the_date_of_a_confirmed_time_is_the_schools(world: World, terminal: Terminal):
    world.kota.time_zone = "Asia/Jayapura"
    world.kota.save()
    map_pin(device=terminal.device, pin="7", person=world.siti, valid_from=date(2026, 9, 14), by=None, now=NOW)
    keep(terminal, Punch("7", datetime.fromisoformat("2000-01-01 00:01:00")), now=NOW)
    (scan,) = terminal_scans(device=terminal.device)
    # Half past eleven in Jakarta, half past one of the next date in Jayapura.
    confirm_time(scan=scan, at=datetime.fromisoformat("2026-09-13T23:30:00+07:00"), reason="x", by=None, now=NOW)
    assert waiting_pins(terminal.device) == []


def test_a_pin_that_was_ended_by_mistake_goes_on(world: World, terminal: Terminal):
    mapping = map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    end_mapping(mapping=mapping, last=date(2026, 9, 14), by=None, now=NOW)
    again = map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    assert (again.valid_from, again.valid_to) == (date(2026, 9, 15), None)
    keep(terminal, Punch("7", LOCAL), Punch("7", LOCAL + DAY), now=NOW + DAY)
    assert len(punches_of([world.siti.pk], NOW - DAY, NOW + 2 * DAY)) == 2


def test_forty_thousand_old_records_come_twice(world: World, terminal: Terminal):
    map_pin(device=terminal.device, pin="7", person=world.siti, by=None, now=NOW)
    DayMark.objects.all().delete()
    punches = [Punch(str(number % 60), LOCAL - number * timedelta(minutes=20), "0", "1") for number in range(44_718)]
    begun = time.monotonic()
    assert keep(terminal, *punches).stored == 44_718
    assert keep(terminal, *punches).known == 44_718
    print(f"{time.monotonic() - begun:.1f} s")  # noqa: T201
    assert DayMark.objects.filter(person=world.siti).count() == 1
    owners = [vars(scan)["person_id_now"] for scan in terminal_scans(device=terminal.device)]
    assert owners.count(world.siti.pk) == 746


def test_a_clock_that_was_read_wrong_doubts_what_was_made_since_it_was_good(terminal: Terminal):
    """The agent reads the clock before the log: it was good on the 12th at 07.05 and is now an hour behind."""
    keep(terminal, source="agent", trust="hmac", now=NOW - 2 * DAY, measured=-4)
    before, since = Punch("7", LOCAL - 2 * DAY - timedelta(hours=1)), Punch("7", LOCAL - timedelta(hours=1))
    absurd = Punch("7", LOCAL.replace(year=2000))
    outcome = keep(terminal, before, since, absurd, source="agent", trust="hmac", measured=-3600)
    assert (outcome.stored, outcome.doubted) == (3, 2)
    found = {scan.local_time: scan for scan in TerminalScan.objects.all()}
    assert [(scan.flags, scan.skew) for _time, scan in sorted(found.items())] == [
        (["clock_absurd"], None),
        ([], None),
        (["clock_off"], -3600),
    ]
    assert {one.proposed for one in doubted_punches([terminal.device_id])} == {None, NOW}
    terminal.refresh_from_db()
    assert (terminal.clock_skew, terminal.clock_good_at) == (-3600, NOW - 2 * DAY)
