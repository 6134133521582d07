"""What bought terminals recorded, as evidence."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hadir.attendance.queries import day_stories
from hadir.attendance.services import verify_days, work_once
from hadir.attendance.tests.conftest import BEFORE, MONDAY, Week, at
from hadir.devices.models import PinMapping, Terminal
from hadir.devices.services_terminal import add_terminal, note_handed_in, note_heard_day
from hadir.enrolment.models import Enrolment
from hadir.ledger.mapping import map_pin
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import confirm_time, record_punches
from hadir.schedules.services import set_hours, set_timetable

TUESDAY = MONDAY + timedelta(days=1)
END = at("12:00", TUESDAY + timedelta(days=1))


class Gate:
    """Pulau has a terminal and no kiosk of its own; Bu Rahma's PIN is 7."""

    def __init__(self, week: Week) -> None:
        self.week, self.rahma, self.pulau = week, week.world.rahma, week.world.pulau
        week.kiosk.school_links.filter(school=self.pulau).delete()
        self.terminal: Terminal = add_terminal(
            serial="X1", kind="zkteco", schools=[self.pulau], by=None, now=BEFORE, claimed=True
        )[0]
        map_pin(device=self.terminal.device, pin="7", person=self.rahma, by=None, now=BEFORE)

    def punch(self, *moments: datetime, pin: str = "7", came: datetime | None = None, live: bool = False) -> None:
        """Let the terminal record; the moments are on its own clock."""
        record_punches(
            device=self.terminal.device,
            punches=[Punch(pin, moment.replace(tzinfo=None)) for moment in moments],
            source="push",
            trust="secret",
            now=came or moments[-1] + timedelta(seconds=1),
            live=live,
        )

    def hand_in(self, until: datetime) -> None:
        """Let the terminal have sent everything."""
        note_handed_in(device=self.terminal.device, until=until, now=until)

    def day(self, day: date = MONDAY, now: datetime = END) -> tuple[str, list[str], str]:
        """Judge what waits, and see that nothing else does."""
        work_once(now=now)
        outcome = verify_days(schools=[self.pulau], first=BEFORE.date(), last=now.date(), now=now)
        assert (outcome.different, outcome.behind) == ([], 0)
        row = self.week.day(self.rahma, self.pulau, day)
        return row.status, row.codes, row.cause


@pytest.fixture
def gate(week: Week) -> Gate:
    """Build it; see `Gate`."""
    return Gate(week)


def test_a_day_by_a_terminal(gate: Gate):
    gate.punch(at("07:10"), at("16:20"))
    gate.hand_in(END)
    assert gate.day() == ("H", [], "")
    piece = day_stories(gate.rahma, MONDAY, now=END)[0].used[0]
    assert piece.punch == TerminalScan.objects.get(pin="7", captured_at=at("07:10"))
    assert piece.device == gate.terminal.device


def test_a_person_whom_the_terminal_never_recorded_is_not_absent(gate: Gate):
    """Somebody typed a PIN; that her finger is in the machine nobody knows before its first record of her."""
    gate.punch(at("07:00"), at("07:00", TUESDAY), pin="1")
    gate.hand_in(END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")
    gate.punch(at("08:00", MONDAY - timedelta(days=3)), came=END)
    assert gate.day() == ("A", [], "")
    assert gate.day(TUESDAY) == ("A", [], "")


def test_a_terminal_that_speaks_and_records_nothing_makes_nobody_absent(gate: Gate):
    gate.punch(at("08:00", MONDAY - timedelta(days=3)))
    note_heard_day(device=gate.terminal.device, now=at("12:00"))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "school_not_heard")
    gate.punch(at("07:00"), pin="1", came=END)
    gate.punch(at("06:50", MONDAY - timedelta(days=3)), came=END)
    assert gate.day()[0] == "A"


def test_an_absurd_clock_is_no_evidence_until_somebody_confirms_a_time(gate: Gate):
    gate.punch(at("08:00", MONDAY - timedelta(days=3)))
    gate.punch(at("07:00"), at("16:00"), pin="1")
    gate.punch(at("00:12", date(2000, 1, 1)), came=at("07:12"))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "fallback_unchecked")
    story = day_stories(gate.rahma, MONDAY, now=END)[0]
    odd = TerminalScan.objects.get(doubted=True)
    assert story.unplaced == [odd]
    confirm_time(scan=odd, at=at("07:12"), reason="Baterai jam habis", by=None, now=END)
    assert gate.day() == ("H", ["PSW4"], "")
    confirm_time(scan=odd, at=None, reason="Tidak diketahui", by=None, now=END + timedelta(minutes=1))
    assert gate.day() == ("A", [], "")


def test_a_backlog_with_an_absurd_clock_may_belong_to_any_day_since_the_terminal_was_heard(gate: Gate, week: Week):
    """A kiosk stands beside the terminal: it completes the days on which the terminal was off the net."""
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    gate.punch(at("08:00", MONDAY - timedelta(days=3)))
    note_heard_day(device=gate.terminal.device, now=at("16:00", MONDAY - timedelta(days=3)))
    week.hear(at("20:30"))
    gate.punch(at("00:12", date(2000, 1, 1)), came=at("09:00", TUESDAY))
    note_heard_day(device=gate.terminal.device, now=at("09:00", TUESDAY))
    week.hear(at("20:30", TUESDAY))
    gate.hand_in(at("21:00", TUESDAY))
    assert gate.day() == ("T", [], "school_not_heard"), "the terminal showed no sign of life"
    assert gate.day(TUESDAY) == ("T", [], "fallback_unchecked")


def test_a_pin_of_nobody_beside_a_kiosk_makes_no_colleague_without_a_pin_absent(gate: Gate, week: Week):
    """Bu Rahma's face is in the kiosk; at the terminal beside it she has a PIN that nobody has given to her yet."""
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    PinMapping.objects.all().delete()
    gate.punch(at("07:10"), at("16:20"))
    week.hear(at("20:30"))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")
    map_pin(device=gate.terminal.device, pin="7", person=gate.rahma, by=None, now=END, valid_from=BEFORE.date())
    assert gate.day() == ("H", [], "")


def test_a_pin_of_nobody_with_an_absurd_clock_counts_for_the_date_on_which_it_came(gate: Gate, week: Week):
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    PinMapping.objects.all().delete()
    map_pin(device=gate.terminal.device, pin="1", person=week.world.siti, by=None, now=BEFORE)
    gate.punch(at("00:12", date(2000, 1, 1)), came=at("07:12"))
    gate.punch(at("07:20"), pin="1")
    week.hear(at("20:30"))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")


def test_a_backlog_of_nobodys_records_with_an_absurd_clock_marks_the_days_it_may_be_of(gate: Gate, week: Week):
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    PinMapping.objects.all().delete()
    map_pin(device=gate.terminal.device, pin="1", person=week.world.siti, by=None, now=BEFORE)
    gate.punch(at("07:20"), at("07:20", TUESDAY), pin="1")
    week.hear(at("20:30"))
    gate.hand_in(END)
    assert gate.day() == ("A", [], "")
    gate.punch(at("00:12", date(2000, 1, 1)), pin="1", came=END)
    assert gate.day() == ("A", [], ""), "that PIN is somebody's"
    gate.punch(at("00:13", date(2000, 1, 1)), came=END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")
    map_pin(device=gate.terminal.device, pin="7", person=week.world.hasan, by=None, now=END, valid_from=BEFORE.date())
    assert gate.day() == ("A", [], ""), "now it is a colleague's"


def test_a_pin_that_becomes_hers_changes_every_day_on_which_a_record_might_have_been_hers(gate: Gate):
    """On Monday only somebody without a name recorded; her own records begin two days later."""
    PinMapping.objects.all().delete()
    gate.punch(at("07:00"), pin="1")
    wednesday = MONDAY + timedelta(days=2)
    gate.punch(at("07:05", wednesday), at("16:10", wednesday), pin="8")
    end = at("12:00", wednesday + timedelta(days=1))
    gate.hand_in(end)
    assert gate.day(now=end)[0] == "T"
    map_pin(device=gate.terminal.device, pin="8", person=gate.rahma, by=None, now=end, valid_from=MONDAY)
    assert gate.day(wednesday, now=end)[0] == "H"


def test_a_record_of_nobody_in_the_morning_belongs_to_the_night(gate: Gate, week: Week):
    set_hours(scope=gate.rahma, pattern="jaga-malam", valid_from=MONDAY, now=BEFORE)
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    PinMapping.objects.all().delete()
    map_pin(device=gate.terminal.device, pin="1", person=week.world.siti, by=None, now=BEFORE)
    gate.punch(at("20:10"), at("06:00", TUESDAY), pin="1")
    gate.punch(at("06:50", TUESDAY))
    week.hear(at("20:30"))
    week.hear(at("11:30", TUESDAY))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")


def test_a_record_of_nobody_after_the_night_is_no_fact_of_the_night(gate: Gate, week: Week):
    """It comes when the night has been judged, and it cannot be hers of that night."""
    set_hours(scope=gate.rahma, pattern="jaga-malam", valid_from=MONDAY, now=BEFORE)
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    PinMapping.objects.all().delete()
    map_pin(device=gate.terminal.device, pin="1", person=week.world.siti, by=None, now=BEFORE)
    gate.punch(at("20:10"), at("06:00", TUESDAY), pin="1")
    week.hear(at("20:30"))
    week.hear(at("11:30", TUESDAY))
    gate.hand_in(END)
    assert gate.day(now=at("15:00", TUESDAY)) == ("A", [], "")
    gate.punch(at("16:00", TUESDAY))
    week.hear(END)
    assert gate.day() == ("A", [], "")


@pytest.mark.parametrize(("sign", "status"), [("06:30", "A"), ("16:00", "T")])
def test_a_night_needs_a_sign_of_life_in_the_evening_and_in_the_morning(gate: Gate, sign: str, status: str):
    """What the terminal records after the window comes too late to show that it worked in it."""
    set_hours(scope=gate.rahma, pattern="jaga-malam", valid_from=MONDAY, now=BEFORE)
    gate.punch(at("08:00", MONDAY - timedelta(days=3)))
    gate.punch(at("20:10"), pin="1")
    gate.punch(at(sign, TUESDAY), pin="1")
    gate.hand_in(END)
    assert gate.day()[0] == status


def test_a_terminal_that_knows_her_excuses_no_kiosk_that_does_not(gate: Gate, week: Week):
    """She may stand before the kiosk, which does not know her yet, and go away unseen."""
    week.kiosk.school_links.create(school=gate.pulau, position=1)
    Enrolment.objects.filter(person=gate.rahma).update(activated_at=at("10:00", TUESDAY))
    gate.punch(at("08:00", MONDAY - timedelta(days=3)))
    gate.punch(at("07:00"), pin="1")
    week.hear(at("20:30"))
    gate.hand_in(END)
    assert gate.day() == ("T", [], "person_unknown_to_devices")
    assert gate.day(MONDAY - timedelta(days=3))[0] == "H"


def test_queries_do_not_grow_with_terminals(gate: Gate, django_assert_max_num_queries: Any):
    from hadir.attendance.facts import gather

    gate.punch(at("07:10"), at("16:20"))
    with django_assert_max_num_queries(30):
        gather([gate.pulau], MONDAY, TUESDAY)


def test_a_record_at_one_school_is_a_fact_of_the_day_at_the_other_one_too(gate: Gate, week: Week):
    """Pak Hasan works at both. A record of nobody's PIN at Pulau, sent late, might be his: also where Kota judges."""
    kota = week.world.kota
    work_once(now=END)
    gate.punch(at("07:02"), pin="9", came=END)
    work_once(now=END)
    outcome = verify_days(schools=[kota, gate.pulau], first=BEFORE.date(), last=END.date(), now=END)
    assert (outcome.different, outcome.behind) == ([], 0)


@pytest.mark.parametrize(
    ("moments", "hours_at_both", "final"),
    [
        (("07:10", "16:05"), False, True),
        (("07:10",), False, False),
        ((), False, False),
        (("07:10", "16:05"), True, False),
    ],
)
def test_a_day_waits_for_a_closed_school_only_where_he_may_have_been_there(
    gate: Gate, week: Week, moments: tuple[str, ...], hours_at_both: bool, final: bool
):
    """Pak Hasan works at Kota on Mondays; Pulau, where he works on Tuesdays, has a terminal that recorded nobody."""
    hasan, kota = week.world.hasan, week.world.kota
    set_timetable(person=hasan, school=kota, weekdays=[0], valid_from=MONDAY, now=BEFORE)
    there = [0, 1] if hours_at_both else [1]
    set_timetable(person=hasan, school=gate.pulau, weekdays=there, valid_from=MONDAY, now=BEFORE)
    for moment in moments:
        week.scan(hasan, at(moment))
    week.hear(at("20:30"))
    work_once(now=END)
    assert not week.day(hasan, kota).final, "the terminal has not handed in anything"
    gate.hand_in(END)
    later = END + timedelta(minutes=15)
    work_once(now=later)
    row = week.day(hasan, kota)
    assert (row.final, row.status) == (final, "H" if moments else "T")
    assert not verify_days(schools=[kota], first=MONDAY, last=MONDAY, now=later).different
