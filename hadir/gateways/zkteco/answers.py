"""What a terminal of dialect 2.x is answered. Pure text with LF, never a name unless a command holds one."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

OK = "OK"
WAIT = "WAIT"
"""No success: the terminal keeps what it has and comes again."""
POLL_SECONDS = 30
JITTER = 5


def count_answer(lines: int) -> str:
    """Return the answer to a block of lines: all of them were taken, the unreadable ones into quarantine."""
    return f"OK: {lines}"


def options_answer(*, serial: str, time_zone: str, now: datetime) -> str:
    """Return the options with which a terminal begins: send records at once, and nothing but records and acts.

    Stamps are never 0, which means "send everything again". `TimeZone` is always given: without it clocks jump to the
    firmware's own (UTC+8). Polls are spread by serial, so that a regency's terminals do not call in one second.
    """
    delay = POLL_SECONDS - JITTER + zlib.crc32(serial.encode()) % (2 * JITTER + 1)
    lines = [
        f"GET OPTION FROM: {serial}",
        *(
            f"{name}=9999"
            for name in ("ATTLOGStamp", "OPERLOGStamp", "ATTPHOTOStamp", "Stamp", "OpStamp", "PhotoStamp")
        ),
        "ErrorDelay=60",
        f"Delay={delay}",
        "TransTimes=00:00;14:05",
        "TransInterval=1",
        "TransFlag=TransData AttLog\tOpLog",
        f"TimeZone={hours_of(time_zone, now)}",
        "Realtime=1",
        "Encrypt=None",
        "ServerVer=2.2.14",
        "PushProtVer=2.4.1",
        "PushOptionsFlag=1",
        "PushOptions=UserCount,FaceCount,FPCount,TransactionCount,MaxAttLogCount",
        "SupportPing=1",
    ]
    return "\n".join(lines) + "\n"


def hours_of(time_zone: str, now: datetime) -> int:
    """Return how many hours a time zone is ahead of UTC: 7, 8 or 9 in Indonesia."""
    offset = now.astimezone(ZoneInfo(time_zone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 3600)


def commands_answer(commands: Iterable[tuple[int, str]]) -> str:
    """Return the commands with their numbers, a line each, or OK where there is none."""
    return "".join(f"C:{number}:{text}\n" for number, text in commands) or OK
