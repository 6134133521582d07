"""Commands to machines: in which order they go out, whose answer counts, and whom they must not overwrite."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.mapping import end_mapping, map_pin
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches
from hadir.people.models import Person
from hadir.terminals.commands import Draft, cancel_command, draft_command, queue_command
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from hadir.terminals.models import Command

MINUTE = timedelta(minutes=1)


class Line:
    """A machine with its secret address that fetches its commands, and an operator beside it."""

    def __init__(self, terminal: Terminal, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.terminal, self.folder, self.patch = terminal, f"/m/{secret}/iclock", monkeypatch
        self.after(0)

    def after(self, minutes: float) -> None:
        moment = NOW + minutes * MINUTE
        self.patch.setattr(clock, "now", lambda: moment)

    def poll(self) -> list[str]:
        text = Client().get(f"{self.folder}/getrequest?SN=CNYG001").content.decode()
        return [line.split(":", 2)[2].partition("\t")[0] for line in text.splitlines() if line.startswith("C:")]

    def answer(self, command: Command, code: int = 0, name: str = "DATA") -> None:
        body = f"ID={command.pk}&Return={code}&CMD={name}\n".encode()
        Client().generic("POST", f"{self.folder}/devicecmd?SN=CNYG001", body, content_type="")

    def draft(self, kind: str, pin: str = "", person: Person | None = None) -> Draft:
        terminal = Terminal.objects.select_related("device").get(pk=self.terminal.pk)
        return draft_command(terminal=terminal, kind=kind, pin=pin, person=person)

    def queue(self, kind: str, pin: str = "", person: Person | None = None) -> Command:
        return queue_command(draft=self.draft(kind, pin, person), by=None, now=clock.now())


@pytest.fixture
def line(world: World, monkeypatch: pytest.MonkeyPatch) -> Line:
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()
    terminal, secret = add_terminal(serial="CNYG001", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    made = Line(terminal, secret, monkeypatch)
    made.poll()
    return made


REMOVE, ADD = "DATA DELETE USERINFO PIN=5", "DATA UPDATE USERINFO PIN=5"


def states() -> Sequence[tuple[str, str]]:
    return list(Command.objects.order_by("id").values_list("kind", "result"))


def test_an_old_removal_does_not_come_again_after_a_newer_addition(line: Line, world: World):
    line.queue("remove_person", "5")
    assert line.poll() == [REMOVE]
    line.after(2)
    assert "belum dijawab" in " ".join(line.draft("add_person", "5", world.siti).warnings)
    added = line.queue("add_person", "5", world.siti)
    assert line.poll() == [ADD]
    line.answer(added)
    for minutes in (11, 13, 40):
        line.after(minutes)
        assert line.poll() == []
    assert states() == [("remove_person", "diganti perintah yang lebih baru"), ("add_person", "selesai")]


def test_a_removal_that_was_not_sent_goes_out_once_before_the_addition(line: Line, world: World):
    line.queue("remove_person", "5")
    line.queue("remove_person", "6")
    added = line.queue("add_person", "5", world.siti)
    assert line.poll() == [REMOVE, "DATA DELETE USERINFO PIN=6", ADD]
    line.answer(added)
    line.after(11)
    assert line.poll() == ["DATA DELETE USERINFO PIN=6"], "another PIN is another matter"


def test_the_last_word_on_a_pin_stands(line: Line, world: World):
    line.queue("add_person", "5", world.hasan)
    line.queue("add_person", "5", world.siti)
    assert line.queue("add_person", "5", world.siti).pk == Command.objects.latest("id").pk
    removal = line.queue("remove_person", "5")
    assert line.queue("remove_person", "5").pk == removal.pk
    assert line.poll() == [REMOVE]
    line.queue("add_person", "5", world.siti)
    last = line.queue("remove_person", "5")
    assert last.pk != removal.pk, "the one before was replaced"
    assert line.poll() == [REMOVE]


def test_one_answer_counts_and_only_to_what_was_sent(line: Line):
    waits = line.queue("info")
    line.answer(waits, name="INFO")
    waits.refresh_from_db()
    assert (waits.acknowledged_at, waits.ended_at) == (None, None), "it was not sent"
    assert line.poll() == ["INFO"]
    line.answer(waits, name="INFO")
    line.answer(waits, -1002, name="INFO")
    waits.refresh_from_db()
    assert (waits.return_code, waits.result) == (0, "selesai")


def test_what_was_cancelled_stays_cancelled(line: Line):
    sent = line.queue("info")
    line.poll()
    cancel_command(command=sent, by=None, now=NOW)
    line.answer(sent, name="INFO")
    sent.refresh_from_db()
    assert (sent.acknowledged_at, sent.return_code, sent.result) == (None, None, "dibatalkan")


def test_an_answer_that_comes_after_hours_is_one(line: Line):
    sent = line.queue("info")
    for time in range(8):
        line.after(time * 11)
        line.poll()
    sent.refresh_from_db()
    assert sent.result == "mesin tidak menjawab"
    line.answer(sent, name="INFO")
    sent.refresh_from_db()
    assert (sent.return_code, sent.result) == (0, "selesai")


def test_a_pin_of_somebody_else_is_not_given_away(line: Line, world: World, record: Callable[[str], None]):
    mapping = map_pin(device=line.terminal.device, pin="9", person=world.hasan, by=None, now=NOW)
    with pytest.raises(HadirError) as refused:
        line.draft("add_person", "9", world.siti)
    assert refused.value.code == "pin_taken"
    assert world.hasan.name in refused.value.message
    assert line.draft("add_person", "9", world.hasan).warnings == []
    assert line.draft("remove_person", "9").text
    end_mapping(mapping=mapping, last=NOW.date(), by=None, now=NOW)
    record("9")
    assert "belum bernama" in " ".join(line.draft("add_person", "9", world.siti).warnings)


@pytest.fixture
def record(line: Line) -> Callable[[str], None]:
    """Let a record of a PIN be in the ledger."""

    def keep(pin: str) -> None:
        punch = Punch(pin=pin, local_time=NOW.replace(tzinfo=None), state_raw="0", verify_raw="15")
        record_punches(device=line.terminal.device, punches=[punch], source="push", trust="secret", now=NOW)

    return keep
