"""`hadir quarantine`: what machines sent that is not in the ledger, and why."""

from argparse import ArgumentParser
from typing import Any

from hadir.cli.base import HadirCommand, add_json
from hadir.cli.terminal_facts import quarantine_fact
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.queries_terminal import terminal_by_serial
from hadir.terminals.door import release_quarantine
from hadir.terminals.models import Quarantined


class Command(HadirCommand):
    """List what is held back, or take in what came in a terminal's name without its secret."""

    help = "Tampilkan kiriman mesin yang ditahan: nomor seri belum diakui, tanpa alamat rahasia, baris tidak terbaca."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the filters."""
        parser.add_argument("--device", metavar="SERIAL", help="hanya nomor seri ini")
        parser.add_argument("--body", action="store_true", help="sertakan isi yang ditahan, sudah tanpa rahasia")
        parser.add_argument("--release", metavar="SERIAL", help="masukkan yang ditahan atas nama mesin ini")
        parser.add_argument("--reason", default="", metavar="ALASAN", help="mengapa boleh dimasukkan")
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Print one line per request that is held back."""
        if options["release"]:
            return self._release(options)
        found = Quarantined.objects.order_by("received_at", "id")
        if options["device"]:
            found = found.filter(serial=options["device"])
        for held in found.iterator(chunk_size=500):
            fact = quarantine_fact(held)
            if options["body"]:
                fact["body"] = bytes(held.body).decode("utf-8", "replace")
            if options["json"]:
                self.fact(fact)
            else:
                words = (fact["received_at"][:19], held.serial, held.address, held.table, str(held.lines))
                self.say("  ".join((*words, held.get_reason_display())))
        return 0

    def _release(self, options: dict[str, Any]) -> int:
        terminal = terminal_by_serial(options["release"].strip())
        if terminal is None:
            raise HadirError("serial_unknown", serial=options["release"])
        stored, known, bad = release_quarantine(terminal=terminal, reason=options["reason"], by=None, now=clock.now())
        if options["json"]:
            self.fact({"serial": terminal.serial, "stored": stored, "known": known, "bad": bad})
        else:
            self.say(f"{stored} catatan masuk, {known} sudah ada, {bad} tidak terbaca.")
        return 0
