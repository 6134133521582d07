"""A server that keeps batches as Hadir does, for tests of the agent alone: signature, receipts, and every failure."""

import hmac
import json
import threading
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hadir.agent.signing import CLOCK_HEADER, KEY_HEADER, SIGNATURE_HEADER, Key, sign

Answer = tuple[int, dict[str, Any] | bytes]


class FakeServer:
    """Use as a context manager. `plan`: answers to give first, in their order; `lose`: how many receipts get lost."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.records: list[tuple[str, ...]] = []
        self.reports: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.last: dict[str, int] = {}
        self.plan: list[Answer | Callable[[dict[str, Any]], Answer | None]] = []
        self.lose = 0
        self.clock_ahead = 0.0
        self.server_time: float | None = None

    def __enter__(self) -> "FakeServer":
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = fake.answer(dict(self.headers.items()), body)
                if status == 0:
                    self.close_connection = True
                    return
                written = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response_only(status)
                self.send_header("Date", formatdate(fake.now(), usegmt=True))
                self.send_header("Content-Length", str(len(written)))
                if 300 <= status < 400:
                    self.send_header("Location", "https://lain.example/")
                self.end_headers()
                self.wfile.write(written)

            def log_message(self, *_arguments: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # The end of the test waits for what is being answered.
        self._http.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def now(self) -> float:
        import time

        return time.time() + self.clock_ahead

    def answer(self, headers: dict[str, str], body: bytes) -> Answer:
        self.bodies.append(body)
        stamp = headers.get(CLOCK_HEADER, "")
        good = headers.get(KEY_HEADER) == self.key.name and hmac.compare_digest(
            headers.get(SIGNATURE_HEADER, ""), sign(self.key, stamp, body)
        )
        if not good:
            return 401, error("agent_signature_wrong")
        if abs(int(stamp) - self.now()) > 600:
            return 409, error("agent_clock_wrong")
        told = json.loads(body)
        self.requests.append(told)
        if self.plan:
            planned = self.plan.pop(0)
            given = planned(told) if callable(planned) else planned
            if given is not None:
                return given
        return self.keep(told)

    def keep(self, told: dict[str, Any]) -> Answer:
        if told["sequence"] == 0:
            return 200, {"school": "SDN Contoh", "terminals": dict.fromkeys(told["terminals"], True)}
        serial, sequence = told["terminal"], told["sequence"]
        rows = [(serial, *row) for row in told["punches"]]
        new = [row for row in rows if row not in self.records]
        self.records += new
        is_new = sequence > self.last.get(serial, 0)
        if is_new:
            self.last[serial] = sequence
            if told["report"]:
                self.reports.append(told["report"])
        if self.lose:
            self.lose -= 1
            return 0, b""
        return 200, {
            "status": "stored" if is_new else "known",
            "sequence": sequence,
            "last_sequence": self.last[serial],
            "stored": len(new),
            "known": len(rows) - len(new),
            "refused": [],
        }


def error(code: str) -> dict[str, Any]:
    """An error as the server writes it."""
    return {"error": {"code": code, "message": f"pesan {code}"}}
