"""Pulling from fingerspot.io, only when somebody asks for it: records with their seconds, at most two days a call."""

import http.client
import json
import logging
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import Conversation, hear_terminal
from hadir.gateways.arrivals import zone_of
from hadir.gateways.fingerspot.protocol import FingerspotError, read_pulled
from hadir.gateways.matching import unheard_by_minute
from hadir.ledger.services_terminal import PunchOutcome, record_punches

logger = logging.getLogger(__name__)

DAYS = timedelta(days=2)
SECONDS = 60
LARGEST_ANSWER = 16 * 1024 * 1024


def pull_records(
    *, terminal: Terminal, first: date, last: date, url: str, token_file: Path | None, now: datetime
) -> PunchOutcome:
    """Fetch the records of these dates and take them in, two days a transaction. Safe to repeat.

    Raises HadirError `pull_unset`, `pull_dates`, `pull_failed`; what was taken in before a failure stays.
    """
    if not url or token_file is None:
        raise HadirError("pull_unset")
    if last < first or first > local_date(now, str(zone_of(terminal))):
        raise HadirError("pull_dates")
    try:
        token = token_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise HadirError("pull_unset") from None
    total = PunchOutcome()
    for start, end in _spans(first, last):
        cloud_id = str(terminal.options.get("cloud_id") or terminal.serial)
        outcome = take_in_pulled(terminal=terminal, body=_fetch(url, token, cloud_id, start, end), now=now)
        total = replace(
            outcome,
            stored=total.stored + outcome.stored,
            known=total.known + outcome.known,
            unstorable=total.unstorable + outcome.unstorable,
            waiting=total.waiting + outcome.waiting,
            doubted=total.doubted + outcome.doubted,
        )
    return total


@transaction.atomic
def take_in_pulled(*, terminal: Terminal, body: bytes, now: datetime) -> PunchOutcome:
    """Take in one answer. A record that a webhook call already brought, without seconds, is known.

    Raises HadirError `pull_failed`.
    """
    try:
        told = read_pulled(body)
    except FingerspotError as error:
        raise HadirError("pull_failed", cause=str(error)) from None
    new = unheard_by_minute(terminal.device, [(punch, True) for punch in told.punches])
    outcome = record_punches(
        device=terminal.device,
        punches=[told.punches[place] for place in new],
        source="cloud",
        trust="secret",
        now=now,
        raw_ref="get_attlog",
    )
    said = Conversation(request="get_attlog", bytes=len(body), reply="OK", errors=told.bad, lines=len(told.punches))
    hear_terminal(terminal=terminal, said=said, now=now)
    return replace(
        outcome, known=outcome.known + len(told.punches) - len(new), unstorable=outcome.unstorable + told.bad
    )


def _spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(first + DAYS - timedelta(days=1), last)
        yield first, end
        first = end + timedelta(days=1)


def _fetch(url: str, token: str, cloud_id: str, first: date, last: date) -> bytes:
    """Ask for two days. The setting allows https only, and http on this computer."""
    asked = {
        "trans_id": uuid.uuid4().hex[:12],
        "cloud_id": cloud_id,
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
    }
    request = urllib.request.Request(  # noqa: S310  the setting is checked when it is read
        f"{url}/get_attlog",
        data=json.dumps(asked).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            body: bytes = answer.read(LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        raise HadirError("pull_failed", cause=f"HTTP {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise HadirError("pull_failed", cause=type(error).__name__) from None
    if len(body) > LARGEST_ANSWER:
        raise HadirError("pull_failed", cause="> 16 MB")
    return body
