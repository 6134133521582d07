"""Leave of the region for measuring: about one request of everybody in four months, decided by nobody in particular."""

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from hadir.core.ids import new_id
from hadir.core.rows import write_rows
from hadir.leave.models_request import Decision, LeaveRequest, RequestState, Verdict

DAY: Final = timedelta(days=1)
EVERY: Final = 120
"""Days in which somebody asks once."""
KINDS: Final = ("S", "S", "I", "I", "DL")
DECIDED_AFTER: Final = 3 * DAY
REQUEST: Final = (
    "id", "person_id", "kind", "first", "last", "days", "reason", "letter", "place", "state", "filed_name", "filed_at",
)  # fmt: skip
DECISION: Final = ("id", "request_id", "verdict", "reason", "decided_name", "decided_at")


@transaction.atomic
def make_leave(
    people: Sequence[uuid.UUID], first: date, last: date, zone: ZoneInfo, now: datetime
) -> Mapping[uuid.UUID, frozenset[date]]:
    """Write the requests of these people and their decisions; return on which dates each is away with leave.

    Those of the last three days may still wait for the head.
    """
    chance = random.Random("izin")  # noqa: S311  a likeness of a year, not a secret
    requests: list[tuple[Any, ...]] = []
    decisions: list[tuple[Any, ...]] = []
    away: dict[uuid.UUID, set[date]] = defaultdict(set)
    for person in people:
        begins = first + chance.randrange(EVERY) * DAY
        while begins <= last:
            ends = begins + chance.choice((0, 0, 0, 1, 2)) * DAY
            filed = datetime.combine(begins, time(6, chance.randrange(60)), zone)
            decided = filed + timedelta(hours=chance.randrange(1, 40))
            waits = now - filed < DECIDED_AFTER and chance.random() < 0.5
            key, kind = new_id(), chance.choice(KINDS)
            state = RequestState.WAITING_HEAD if waits or decided > now else RequestState.APPROVED
            letter = "800/12/2026" if kind == "DL" else ""
            requests.append(
                (key, person, kind, begins, ends, (ends - begins).days + 1, "Ukuran", letter, "", state, "Guru", filed)
            )
            if state is RequestState.APPROVED:
                decisions.append((new_id(), key, Verdict.APPROVE, "", "Kepala sekolah", decided))
                away[person] |= {begins + number * DAY for number in range((ends - begins).days + 1)}
            begins += chance.randrange(EVERY // 2, EVERY + EVERY // 2) * DAY
    write_rows(LeaveRequest, REQUEST, requests)
    write_rows(Decision, DECISION, decisions)
    return {person: frozenset(dates) for person, dates in away.items()}
