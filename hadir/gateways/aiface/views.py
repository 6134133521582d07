"""The HTTP twin of AiFace's WebSocket: `POST /pub/api`, one message a call."""

from django.http import HttpRequest, HttpResponse

from hadir.core import clock
from hadir.gateways.aiface.session import Session, answer_message
from hadir.gateways.door import plain, read_body

LARGEST_BODY = 4 * 1024 * 1024


def message(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Answer one message; every message names its terminal here."""
    if request.method != "POST":
        return plain("POST", 405)
    session = Session(address=str(request.META.get("REMOTE_ADDR", "")), secret=secret)
    reply = answer_message(session, read_body(request, LARGEST_BODY), clock.now())
    return plain("unreadable", 400) if reply is None else HttpResponse(reply, content_type="application/json")
