"""`hadir serve`: the office pages, the kiosk and the API from one process."""

import signal
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, ClassVar, NoReturn

from django.conf import settings

from hadir.cli.background import Beside
from hadir.cli.base import HadirCommand, migrate_if_needed
from hadir.cli.web import keep_what_is_loaded, make_server
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.demo.services import demo_region, invite_visitor, renew_logins
from hadir.enrolment.engine import current_pack


class Command(HadirCommand):
    """Serve until Ctrl-C."""

    help = (
        "Jalankan server, dan pekerja yang menghitung hari orang, sampai dihentikan dengan Ctrl-C. "
        "Basis data diperbarui lebih dulu bila perlu."
    )
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe where to listen."""
        parser.add_argument("--port", type=_port, default=8000, metavar="N", help="semula: 8000")
        parser.add_argument(
            "--host", default="127.0.0.1", metavar="ALAMAT", help="semula 127.0.0.1; 0.0.0.0 agar terjangkau jaringan"
        )
        parser.add_argument("--threads", type=int, default=8, metavar="N", help="permintaan sekaligus (semula: 8)")
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="tanpa pekerja; jalankan 'hadir attendance work --loop' di tempat lain",
        )
        parser.add_argument(
            "--demo", action="store_true", help="tampilkan kata sandi baru wilayah peraga dan tautan kios sekali pakai"
        )

    def run(self, options: dict[str, Any]) -> int:
        """Bind, print where, serve."""
        migrate_if_needed()
        if options["demo"]:
            demo_region()
        server = make_server(options["host"], options["port"], threads=max(options["threads"], 1))
        beside = None if options["no_worker"] else Beside()
        try:
            self._announce(options)
            for ending in (signal.SIGTERM, signal.SIGINT):
                signal.signal(ending, _stop)
            if beside:
                beside.start()
            keep_what_is_loaded()
            server.run()
        finally:
            server.close()
            if beside:
                beside.stop()
        self.note("Hadir berhenti.")
        return 0

    def _announce(self, options: dict[str, Any]) -> None:
        address = settings.PUBLIC_URL or f"http://{_shown_host(options['host'])}:{options['port']}"
        if options["demo"]:
            self._announce_demo(address)
        try:
            current_pack()
        except HadirError as error:
            self.note(error.message)
        self.say(f"Hadir berjalan di {address}  (Ctrl-C untuk berhenti)")
        if options["host"] == "0.0.0.0":  # noqa: S104  the choice of whoever typed it
            self.say("Nama host yang dilayani: HADIR_HOSTS. Kamera di perangkat lain memerlukan https.")
        self.stdout.flush()

    def _announce_demo(self, address: str) -> None:
        now = clock.now()
        rows = [
            (login.username, password, login.kind.label, login.display_name)
            for login, password in renew_logins(now=now)
        ]
        self.say()
        self.table(("Nama pengguna", "Kata sandi", "Peran", "Nama"), rows)
        self.say()
        self.say(f"Kios (sekali pakai, 30 menit): {address}/kios/#kode={invite_visitor(now=now)}")
        self.say("Tanpa kamera: pilih foto contoh di halaman kios itu.")
        self.say()


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise ArgumentTypeError("port harus angka 1-65535")
    return port


def _shown_host(host: str) -> str:
    """A camera needs a secure context, and plain http is one only at `localhost`."""
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
