"""`hadir rules check`: an office tries a rule pack on its own cases before it switches the pack on."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from hadir.cli.base import HadirCommand
from hadir.rules.check import add_check, check


class Command(HadirCommand):
    """Try rule packs."""

    help = "Coba paket aturan pada tabel kasus. Paket kantor ada di folder rules di dalam HADIR_DATA."
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the one action."""
        add_check(parser.add_subparsers(dest="action", required=True, metavar="check"))

    def run(self, options: dict[str, Any]) -> int:
        """Judge the table: 0 all cases passed, 1 some failed, 2 the table or the pack can't be used."""
        folders = [settings.HADIR_DATA / "rules"]
        return check(options["file"], options["pack"], say=self.say, complain=self.note, folders=folders)
