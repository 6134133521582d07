"""Sending what is kept to Hadir: one signed batch at a time, each until its receipt."""

from __future__ import annotations

import json
import logging
import ssl
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Mapping
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from hadir.agent.faults import AgentError
from hadir.agent.settings import Settings
from hadir.agent.signing import CLOCK_HEADER, KEY_HEADER, PATH, SIGNATURE_HEADER, sign
from hadir.agent.store import Batch, Store

logger = logging.getLogger("hadir.agent")

BATCH = 1000
SMALLEST_BATCH = 10
TIMEOUT = 60.0
LARGEST_ANSWER = 4 * 1024 * 1024
OFFSET_WORTH_NOTING = 5.0
"""Seconds: HTTP names whole seconds, and the way takes some."""
NEXT_TERMINAL = ("agent_terminal_unknown", "agent_batch_unreadable")
"""Refusals that concern one terminal only; the others are sent all the same."""


class _NoRedirects(HTTPRedirectHandler):
    """A redirected request would arrive without its body."""

    def redirect_request(  # noqa: PLR0917  the library's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        del req, fp, code, msg, headers, newurl
        return None


@dataclass(frozen=True)
class Sent:
    """What one round of sending did. `waiting`: sentence by serial, for terminals that the server does not take yet."""

    batches: int
    records: int
    waiting: Mapping[str, str]


class Server:
    """The Hadir server of the settings."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        context = ssl.create_default_context(cafile=settings.certificate or None)
        self._opener = build_opener(_NoRedirects(), HTTPSHandler(context=context))
        self._limit = BATCH

    def now(self) -> datetime:
        """Return the present moment by the server's clock, as far as it was heard: old PCs lose the time."""
        return datetime.now(timezone.utc) + timedelta(seconds=float(self._store.meta("offset", "0")))

    def hello(self) -> dict[str, Any]:
        """Ask whether the key is good, for which school, and which serials are registered. Raises AgentError."""
        serials = [terminal.serial for terminal in self._settings.terminals]
        return self._post(json.dumps({"v": 1, "sequence": 0, "terminals": serials}).encode("utf-8"))

    def send_all(self) -> Sent:
        """Send until nothing is left. Raises AgentError when the server is away or refuses the key."""
        batches = records = 0
        waiting: dict[str, str] = {}
        for terminal in self._settings.terminals:
            while True:
                batch = self._store.next_batch(terminal.serial, limit=self._limit)
                if batch is None:
                    break
                try:
                    records += self._send(batch)
                except AgentError as fault:
                    if fault.values.get("code") == "body_too_large" and self._limit > SMALLEST_BATCH:
                        self._store.thaw(batch)
                        self._limit //= 2
                        continue
                    if fault.values.get("code") not in NEXT_TERMINAL:
                        raise
                    waiting[terminal.serial] = str(fault)
                    break
                batches += 1
        return Sent(batches, records, waiting)

    def _send(self, batch: Batch) -> int:
        """Send one batch and note its receipt; return how many of its records are now with the server."""
        answer = self._post(batch.body)
        if answer.get("sequence") != batch.sequence or not isinstance(answer.get("last_sequence"), int):
            raise AgentError("server_answer", cause="tanda terima lain")
        refused = {int(entry["index"]): str(entry["code"])[:60] for entry in answer.get("refused") or []}
        self._store.receipt(
            batch, refused=refused, last_sequence=int(answer["last_sequence"]), now=datetime.now(timezone.utc)
        )
        if refused:
            logger.warning(
                "%s: server menahan %d catatan: %s", batch.serial, len(refused), sorted(set(refused.values()))
            )
        return int(answer.get("stored", 0)) + int(answer.get("known", 0))

    def _post(self, body: bytes) -> dict[str, Any]:
        try:
            return self._post_once(body)
        except AgentError as fault:
            # The stamp was too far from the server's clock, which the refusal has just told us.
            if fault.values.get("code") != "agent_clock_wrong":
                raise
        return self._post_once(body)

    def _post_once(self, body: bytes) -> dict[str, Any]:
        clock = str(int(self.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            KEY_HEADER: self._settings.key.name,
            CLOCK_HEADER: clock,
            SIGNATURE_HEADER: sign(self._settings.key, clock, body),
        }
        request = Request(self._settings.server + PATH, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                self._learn_clock(answer.headers.get("Date"))
                return _object(answer.read(LARGEST_ANSWER))
        except HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except URLError as error:
            raise AgentError("server_unreachable", cause=_cause(error.reason)) from None
        except (OSError, HTTPException) as error:
            raise AgentError("server_unreachable", cause=_cause(error)) from None

    def _refusal(self, error: HTTPError) -> AgentError:
        self._learn_clock(error.headers.get("Date"))
        if 300 <= error.code < 400:
            return AgentError("server_redirects", target=error.headers.get("Location", "?")[:200])
        try:
            problem = _object(error.read(LARGEST_ANSWER)).get("error")
        except (AgentError, OSError, HTTPException):
            problem = None
        if error.code == 413:
            return AgentError("server_refused", code="body_too_large", message="kiriman terlalu besar")
        if not isinstance(problem, dict):
            busy = error.code >= 500 or error.code == 429
            return AgentError("server_unreachable" if busy else "server_answer", cause=f"HTTP {error.code}")
        return AgentError(
            "server_refused", code=str(problem.get("code"))[:60], message=str(problem.get("message"))[:300]
        )

    def _learn_clock(self, date: str | None) -> None:
        """Remember how far this PC's clock is from the server's."""
        try:
            theirs = parsedate_to_datetime(date or "").timestamp()
        except (TypeError, ValueError, IndexError):
            return
        offset = theirs - time.time()
        if abs(offset - float(self._store.meta("offset", "0"))) > OFFSET_WORTH_NOTING:
            self._store.set_meta("offset", f"{offset:.0f}")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8"))
    except ValueError:
        raise AgentError("server_answer", cause="bukan JSON") from None
    if not isinstance(found, dict):
        raise AgentError("server_answer", cause="bukan JSON")
    return found


def _cause(reason: Any) -> str:
    """Name a failure of the network without quoting anything that was sent."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "sertifikat server tidak dipercaya; periksa tanggal komputer ini"
    text = getattr(reason, "strerror", None) or type(reason).__name__
    return str(text)[:120]
