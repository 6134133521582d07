"""`hadir forget`: delete a person's templates."""

from argparse import ArgumentParser
from typing import Any

from hadir.cli.base import HadirCommand, add_json, find_person
from hadir.core import clock
from hadir.enrolment.services import delete_templates


class Command(HadirCommand):
    """Delete every template of a person; that it was done, when and why stays on record."""

    help = "Hapus semua data wajah seseorang. Bahwa itu dilakukan, kapan, dan mengapa tetap tercatat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the person and the reason."""
        parser.add_argument("person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama persis")
        parser.add_argument("--reason", required=True, metavar="ALASAN", help="misalnya 'pindah tugas'")
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Delete and say how many templates are gone."""
        person = find_person(options["person"])
        count = delete_templates(person=person, by=None, reason=options["reason"], now=clock.now())
        if options["json"]:
            self.fact({"person": str(person.pk), "templates": count})
        else:
            self.say(f"{count} templat {person.name} dihapus.")
        return 0
