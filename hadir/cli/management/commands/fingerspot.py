"""`hadir fingerspot pull`: records from fingerspot.io, where the webhook was not set or was silent."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings

from hadir.cli.base import HadirCommand, add_json
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.core.tables.cells import read_date
from hadir.devices.queries_terminal import terminal_by_serial
from hadir.gateways.fingerspot.services import pull_records


class Command(HadirCommand):
    """Fetch and take in."""

    help = (
        "Ambil catatan mesin dari layanan awan fingerspot.io dan masukkan yang belum ada. Alamat dan kuncinya: "
        "HADIR_FINGERSPOT_URL dan HADIR_FINGERSPOT_TOKEN_FILE. Hanya berjalan bila diperintah."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe what to fetch."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="pull")
        pull = actions.add_parser("pull", help="ambil catatan satu mesin")
        pull.add_argument("serial", metavar="SERI", help="nomor seri mesin, sama dengan cloud_id-nya")
        pull.add_argument("--from", dest="first", required=True, metavar="TANGGAL")
        pull.add_argument("--to", dest="last", metavar="TANGGAL", help="semula: sama dengan --from")
        add_json(pull)

    def run(self, options: dict[str, Any]) -> int:
        """Pull, then say how many are new."""
        terminal = terminal_by_serial(options["serial"].strip())
        if terminal is None:
            raise HadirError("terminal_unknown", serial=options["serial"])
        first = _date(options["first"])
        outcome = pull_records(
            terminal=terminal,
            first=first,
            last=_date(options["last"]) if options["last"] else first,
            url=settings.HADIR_FINGERSPOT_URL,
            token_file=settings.HADIR_FINGERSPOT_TOKEN_FILE,
            now=clock.now(),
        )
        if options["json"]:
            told = {"device": terminal.serial, "new": outcome.stored, "known": outcome.known}
            self.fact(told | {"bad": outcome.unstorable, "waiting": outcome.waiting})
        else:
            self.say(f"Masuk: {outcome.stored}, sudah ada: {outcome.known}, tidak terbaca: {outcome.unstorable}.")
        return 0


def _date(text: str) -> date:
    day = read_date(text)
    if day is None:
        raise HadirError("pull_dates")
    return day
