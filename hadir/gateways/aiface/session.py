"""One conversation with an AiFace terminal, over a WebSocket or message by message over HTTP."""

from dataclasses import dataclass
from datetime import datetime

from hadir.gateways.aiface.protocol import AifaceError, answer, read_message
from hadir.gateways.aiface.reading import TABLE, reading_of
from hadir.gateways.arrivals import Caller, Delivery, receive, wall_clock

KIND = "aiface"


@dataclass(slots=True)
class Session:
    """Who speaks: `serial` is set by `reg` and stands for messages that do not repeat it."""

    address: str
    secret: str = ""
    serial: str = ""


def answer_message(session: Session, data: bytes | str, now: datetime) -> str | None:
    """Take in one message and return its answer, None where none is due. Kept first, then answered."""
    size = len(data)
    try:
        message = read_message(data)
    except AifaceError:
        return None
    session.serial = message.serial or session.serial
    if not message.command:
        return None
    caller = _caller(session, message.command)
    reading, clean = reading_of(message, data)
    delivery = Delivery(
        reading=reading,
        clean=clean,
        size=size,
        may_be_live=True,
        clock=message.clock,
        is_start=message.command == "reg",
    )
    received = receive(caller, delivery, now)
    # People and templates (`senduser`) are told to be taken, so that they do not come again, and are dropped.
    return answer(message, accepted=received.taken, local=wall_clock(received.terminal, now))


def hear_silence(session: Session, now: datetime) -> None:
    """Note that a connected terminal has had nothing to send for a while: everything is handed in."""
    if session.serial:
        receive(_caller(session, "quiet"), Delivery(is_idle=True), now)


def _caller(session: Session, command: str) -> Caller:
    return Caller(
        kind=KIND,
        serial=session.serial,
        secret=session.secret,
        address=session.address,
        request=f"WS {command}"[:60],
        path="/pub/",
        table=TABLE,
    )
