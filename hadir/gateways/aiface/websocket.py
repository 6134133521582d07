"""AiFace's WebSocket: a server of its own, because waitress speaks plain HTTP only.

Threads of the `websockets` library call the same services as every view. Messages are at most 4 MB. A terminal sends at
once what it has; one that says nothing for a minute and answers a ping has nothing left to send. One that does not
answer is let go and comes again.
"""

import logging
import re
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from django.db import Error, connections
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from hadir.core import clock
from hadir.gateways.aiface.session import Session, answer_message, hear_silence

logger = logging.getLogger(__name__)

LARGEST_MESSAGE = 4 * 1024 * 1024
QUIET = 60
"""Seconds without a message after which a terminal is asked for a sign of life."""
PONG = 20
MOST_CONNECTIONS = 1000
_free = BoundedSemaphore(MOST_CONNECTIONS)
_PATH = re.compile(r"/+pub/chat(?:/+(?P<secret>[^/?]{1,64}))?/*(?:\?.*)?", re.IGNORECASE)


def make_socket_server(host: str, port: int) -> Server:
    """Return a bound server; `serve_forever()` serves until `shutdown()`. Raises OSError where the address is taken."""
    return serve(talk, host, port, max_size=LARGEST_MESSAGE, compression=None, server_header=None)


def talk(connection: ServerConnection) -> None:
    """Answer one terminal, message by message, until it goes."""
    path = _PATH.fullmatch(connection.request.path if connection.request else "")
    if path is None:
        connection.close(1008, "/pub/chat")
    elif not _free.acquire(blocking=False):
        connection.close(1013, "later")
    else:
        try:
            _talk(connection, path["secret"] or "")
        finally:
            _free.release()


def _talk(connection: ServerConnection, secret: str) -> None:
    address = str(connection.remote_address[0]) if connection.remote_address else ""
    session = Session(address=address, secret=secret)
    try:
        while True:
            try:
                data = connection.recv(timeout=QUIET)
            except TimeoutError:
                if not connection.ping().wait(PONG):
                    return
                _say_idle(session)
            else:
                _answer(connection.send, session, data)
    except ConnectionClosed:
        return
    except Error as error:
        # The terminal keeps what was not answered and sends it again after it has come back.
        logger.error("database: %s", type(error).__name__)  # noqa: TRY400  the text may quote a record


def _say_idle(session: Session) -> None:
    try:
        hear_silence(session, clock.now())
    finally:
        connections.close_all()


def _answer(send: Callable[[str], Any], session: Session, data: bytes | str) -> None:
    try:
        reply = answer_message(session, data, clock.now())
    finally:
        # A terminal is silent for hours: it must not hold a connection to the database meanwhile.
        connections.close_all()
    if reply is not None:
        send(reply)
