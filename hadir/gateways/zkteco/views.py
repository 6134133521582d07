"""The one view of the push door: every address under `/iclock`, in every spelling, for whichever machine."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from hadir.core import clock
from hadir.devices.services_terminal import LENGTH, LETTERS
from hadir.gateways.door import read_body
from hadir.gateways.zkteco import answers
from hadir.gateways.zkteco.calls import read_call
from hadir.gateways.zkteco.conversation import Answer, Visit, answer_visit, judge_token, shown_path
from hadir.terminals.door import admit
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER

LARGEST_BODY = 12 * 1024 * 1024
_SECRET_HOST = re.compile(rf"([{LETTERS}]{{{LENGTH}}})\.")


def iclock(request: HttpRequest, secret: str = "", rest: str = "") -> HttpResponse:
    """Answer a machine: plain text, the date that it sets its clock by, no cookie, no redirect, no compression.

    The secret stands in the path, or as the first label of the host name where firmware takes a name only.
    """
    now = clock.now()
    address = str(request.META.get("REMOTE_ADDR", ""))
    call = read_call(request.method or "", rest, str(request.META.get("QUERY_STRING", "")))
    if not (BY_ADDRESS.take(address) and BY_SERIAL.take(call.serial)):
        return _plain(Answer(answers.WAIT, 429))
    body = read_body(request, LARGEST_BODY)
    admission = admit(serial=call.serial, secret=secret or _secret_of_host(request), address=address, now=now)
    if admission.terminal is None and not BY_STRANGER.take(address):
        return _plain(Answer(answers.WAIT, 429))
    admission = judge_token(admission, request.COOKIES.get("token", ""), now)
    visit = Visit(
        call=call,
        body=body,
        path=shown_path(call),
        content_type=str(request.META.get("CONTENT_TYPE", ""))[:100],
        address=address,
        admission=admission,
        now=now,
        has_length=bool(request.META.get("CONTENT_LENGTH")),
    )
    response = _plain(answer_visit(visit))
    response.headers["Date"] = http_date(now.timestamp())
    return response


def _secret_of_host(request: HttpRequest) -> str:
    found = _SECRET_HOST.match(str(request.META.get("HTTP_HOST", "")).lower())
    return found[1] if found else ""


def _plain(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.text, status=answer.status, content_type="text/plain")
