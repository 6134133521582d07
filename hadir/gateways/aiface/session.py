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
    caller = Caller(
        kind=KIND,
        serial=session.serial,
        secret=session.secret,
        address=session.address,
        request=f"WS {message.command}"[:60],
        path="/pub/",
        table=TABLE,
    )
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
