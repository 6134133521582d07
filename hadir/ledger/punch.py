"""One record of a terminal, as every protocol reads it: the form in which gateways hand it to the ledger."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Punch:
    """A line of a terminal's attendance log.

    `pin`: text as the terminal wrote it, leading zeros kept. `local_time`: naive, on the terminal's own clock, whole
    seconds. `state_raw` and `verify_raw`: what the terminal wrote, unread; the state is what somebody pressed, so it
    decides nothing. `record_no`: the terminal's own number of the record, empty where it gives none; it distinguishes
    two records of one second.
    """

    pin: str
    local_time: datetime
    state_raw: str = ""
    verify_raw: str = ""
    record_no: str = ""
