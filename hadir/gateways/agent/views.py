"""The one address that school agents speak to: a signed batch in, a receipt out."""

import hmac
import logging
import re
from datetime import UTC, datetime, timedelta

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from hadir.agent.signing import CLOCK_HEADER, KEY_HEADER, SIGNATURE_HEADER, sign
from hadir.core import clock
from hadir.core.errors import HadirError, error_body
from hadir.gateways.agent.models import AgentKey
from hadir.gateways.agent.protocol import BatchError, Hello, read_body
from hadir.gateways.agent.services import Arrived, Receipt, take_batch, terminal_of
from hadir.gateways.agent.vault import open_key

logger = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(minutes=10)


@csrf_exempt
def batches(request: HttpRequest) -> HttpResponse:
    """Take a batch. The receipt is made after the commit, so whoever has it may forget the batch.

    Errors: `agent_key_unknown`, `agent_key_revoked`, `agent_signature_wrong`, `agent_clock_wrong`,
    `agent_batch_unreadable`, `agent_terminal_unknown`, `body_too_large`, `body_unreadable`, `database_busy`.
    """
    try:
        return JsonResponse(_take(request))
    except HadirError as error:
        return JsonResponse(error_body(error.code, error.message), status=error.status)


def _take(request: HttpRequest) -> dict[str, object]:
    if request.method != "POST":
        raise HadirError("not_found")
    now = clock.now()
    try:
        body = request.body
        key = _authenticated(request, body, now)
        told = read_body(body)
        if isinstance(told, Hello):
            known = {serial: terminal_of(key, serial) is not None for serial in told.serials}
            return {"school": key.school.name, "terminals": known, "server_time": now.isoformat()}
        arrived = Arrived(batch=told, address=request.META.get("REMOTE_ADDR", ""), size=len(body))
        return _written(take_batch(key=key, arrived=arrived, now=now), now)
    except BatchError as error:
        raise HadirError("agent_batch_unreadable", part=str(error)) from None
    except RequestDataTooBig:
        raise HadirError("body_too_large") from None
    except UnreadablePostError:
        raise HadirError("body_unreadable") from None
    except OperationalError as error:
        logger.error("database: %s", type(error).__name__)  # noqa: TRY400  a statement could hold a record
        raise HadirError("database_busy") from None


def _written(receipt: Receipt, now: datetime) -> dict[str, object]:
    return {
        "status": receipt.status,
        "sequence": receipt.sequence,
        "last_sequence": receipt.last_sequence,
        "stored": receipt.stored,
        "known": receipt.known,
        "refused": [{"index": place, "code": code} for place, code in sorted(receipt.refused.items())],
        "server_time": now.isoformat(),
    }


def _authenticated(request: HttpRequest, body: bytes, now: datetime) -> AgentKey:
    """Return the key that signed these very bytes, and stamped them with a clock near ours."""
    name, stamp = request.headers.get(KEY_HEADER, ""), request.headers.get(CLOCK_HEADER, "")
    row = AgentKey.objects.select_related("school").filter(name=name[:32]).first()
    if row is None:
        raise HadirError("agent_key_unknown")
    if not re.fullmatch(r"[0-9]{1,12}", stamp, re.ASCII):
        raise HadirError("agent_signature_wrong")
    given = request.headers.get(SIGNATURE_HEADER, "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, sign(open_key(row), stamp, body).encode()):
        raise HadirError("agent_signature_wrong")
    if row.revoked_at is not None:
        raise HadirError("agent_key_revoked")
    if abs(now - _moment(stamp)) > CLOCK_TOLERANCE:
        raise HadirError("agent_clock_wrong")
    return row


def _moment(stamp: str) -> datetime:
    # The largest stamp of twelve digits lies beyond year 9999.
    return datetime.fromtimestamp(min(int(stamp), 250_000_000_000), UTC)
