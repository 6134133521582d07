"""`hadir listen`: ports for machines only, apart from the pages: plain HTTP, and AiFace's WebSocket."""

import errno
import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, NoReturn

from websockets.sync.server import Server

from hadir.cli.base import HadirCommand
from hadir.cli.web import free_port, make_server
from hadir.core.errors import HadirError
from hadir.gateways.aiface.websocket import make_socket_server


class Command(HadirCommand):
    """Listen until Ctrl-C."""

    help = (
        "Terima kiriman mesin absensi di porta tersendiri: HTTP biasa (ADMS, FKWeb, Hikvision, fingerspot.io) dan, "
        "dengan --websocket-port, WebSocket AiFace. Halaman kantor tidak dilayani di sini. "
        "Jalan di samping hadir serve."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe where to listen."""
        parser.add_argument("--port", type=_port, default=8081, metavar="N", help="porta HTTP (semula: 8081)")
        parser.add_argument("--websocket-port", type=_port, metavar="N", help="porta WebSocket AiFace, biasanya 7788")
        parser.add_argument("--host", default="0.0.0.0", metavar="ALAMAT", help="semula 0.0.0.0")  # noqa: S104
        parser.add_argument("--threads", type=int, default=8, metavar="N", help="permintaan sekaligus (semula: 8)")

    def run(self, options: dict[str, Any]) -> int:
        """Bind, print where, serve."""
        host = options["host"]
        sockets = _sockets(host, options["websocket_port"])
        server = None
        try:
            server = make_server(host, options["port"], threads=max(options["threads"], 1), only_terminals=True)
            self.say(f"Mesin diterima di http://{host}:{options['port']}  (Ctrl-C untuk berhenti)")
            if sockets is not None:
                threading.Thread(target=sockets.serve_forever, name="aiface", daemon=True).start()
                self.say(f"AiFace diterima di ws://{host}:{options['websocket_port']}/pub/chat")
            self.stdout.flush()
            for ending in (signal.SIGTERM, signal.SIGINT):
                signal.signal(ending, _stop)
            server.run()
        finally:
            if server is not None:
                server.close()
            if sockets is not None:
                sockets.shutdown()
        return 0


def _sockets(host: str, port: int | None) -> Server | None:
    """Bind the WebSocket's port. Raises HadirError `port_in_use`, `address_unusable`."""
    if port is None:
        return None
    try:
        return make_socket_server(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise HadirError("port_in_use", port=port, other=free_port()) from None
        raise HadirError("address_unusable", host=host, port=port, cause=error.strerror or error) from None


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise ArgumentTypeError("porta harus angka 1-65535")
    return port


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
