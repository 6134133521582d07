"""What all commands of Hadir share: readable help, `--json`, errors as one line, and a database that is ready."""

import json
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from hadir.core.clock import read_month
from hadir.core.errors import HadirError
from hadir.people.models import Person
from hadir.people.numbers import plain_number
from hadir.schools.models import School

DJANGO_OPTIONS = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


class HadirCommand(BaseCommand):
    """A command whose refusals go to stderr as `Error code: sentence` (exit 1) and whose facts go to stdout.

    Subclasses write `run`. With `needs_database` a database that is new or old is refused before anything else.
    """

    suppressed_base_arguments = DJANGO_OPTIONS
    requires_system_checks = ()
    needs_database: ClassVar[bool] = True

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Keep the layout of the help text as it is written."""
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.prog = f"hadir {subcommand}"
        return parser

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Run and translate every refusal into a line and an exit code."""
        try:
            if self.needs_database:
                check_database()
            code = self.run(options)
        except HadirError as error:
            self.fail(error.code, error.message)
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(1) from None
        if code:
            raise SystemExit(code)

    def run(self, options: dict[str, Any]) -> int:
        """Do the work and return the exit code."""
        raise NotImplementedError

    def say(self, text: str = "") -> None:
        """Write a line for a person."""
        self.stdout.write(text)

    def note(self, text: str) -> None:
        """Write a line about progress, apart from the facts."""
        self.stderr.write(text)
        self.stderr.flush()

    def fact(self, fact: dict[str, Any]) -> None:
        """Write one JSON object on one line."""
        self.stdout.write(json.dumps(fact, ensure_ascii=False, default=str))

    def fail(self, code: str, message: str) -> NoReturn:
        """End with a refusal."""
        self.stderr.write(f"Error {code}: {message}")
        raise SystemExit(1)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
        """Write a small table; the columns numbered in `right` are set to the right."""
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(row[place]) for row in [list(head), *cells]) for place in range(len(head))]
        for number, row in enumerate([list(head), *cells]):
            parts = [
                cell.rjust(width) if place in right else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            self.say("  ".join(parts).rstrip())
            if number == 0:
                self.say("  ".join("-" * width for width in widths))


def add_json(parser: ArgumentParser) -> None:
    """Add `--json` to a parser."""
    parser.add_argument("--json", action="store_true", help="keluaran JSON untuk program")


def decimal(value: float | None, digits: int = 3) -> str:
    """Return a number as people here write it, with a comma; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}".replace(".", ",")


def check_database() -> None:
    """Raise HadirError `database_new` or `database_unreachable` unless every migration has been applied."""
    if _migrations_pending():
        raise HadirError("database_new")


def migrate_if_needed() -> None:
    """Bring the database up to date where it is not. Raises HadirError `database_unreachable`."""
    if _migrations_pending():
        call_command("migrate", interactive=False, verbosity=0)


def _migrations_pending() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise HadirError("database_unreachable") from error


def find_school(npsn: str) -> School:
    """Return the school with this NPSN. Raises HadirError `school_unknown`."""
    school = School.objects.select_related("district", "island").filter(npsn=npsn.strip()).first()
    if school is None:
        raise HadirError("school_unknown", npsn=npsn)
    return school


def find_person(words: str) -> Person:
    """Return the one person with this id, NIP, NUPTK or exact name (case ignored).

    Raises HadirError `person_unknown`, `person_ambiguous`.
    """
    try:
        found = list(Person.objects.filter(pk=uuid.UUID(words)))
    except ValueError:
        number = plain_number(words)
        if number.isdecimal():
            found = list(Person.objects.filter(nip=number)) or list(Person.objects.filter(nuptk=number))
        else:
            found = list(Person.objects.filter(name__iexact=" ".join(words.split()))[:6])
    if not found:
        raise HadirError("person_unknown")
    if len(found) > 1:
        raise HadirError("person_ambiguous", count=len(found), ids=", ".join(str(person.pk) for person in found))
    return found[0]


def asked_month(text: str) -> date:
    """Return the first day of "2026-09", as an argument names a month. Raises HadirError `month_unreadable`."""
    first = read_month(text)
    if first is None:
        raise HadirError("month_unreadable", text=text)
    return first
