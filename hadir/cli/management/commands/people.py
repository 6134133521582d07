"""`hadir people`: add and list people."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from hadir.cli.base import HadirCommand, add_json, find_school
from hadir.core import clock
from hadir.enrolment.engine import current_pack
from hadir.enrolment.queries import face_states
from hadir.people.models import Person, Salutation, StaffKind
from hadir.people.queries import assignments_on, find_people
from hadir.people.services import add_person, assign_person


class Command(HadirCommand):
    """Add or list people."""

    help = "Tambah, cari, atau tampilkan orang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe `people add` and `people list`."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|list")
        add = actions.add_parser("add", help="tambah orang dan tugaskan di sebuah sekolah")
        add.add_argument("name", nargs="+", metavar="NAMA", help="nama seperti di daftar pegawai, tanpa gelar")
        add.add_argument("--school", required=True, metavar="NPSN", help="sekolah tempat bertugas")
        add.add_argument("--nip", default="", help="18 angka")
        add.add_argument("--nuptk", default="", help="16 angka")
        add.add_argument("--title-front", default="", metavar="GELAR", help="gelar depan")
        add.add_argument("--title-back", default="", metavar="GELAR", help="gelar belakang")
        add.add_argument("--salutation", default="", choices=Salutation.values, help="sapaan di kios")
        add.add_argument("--duty", default="Guru", metavar="TUGAS", help="misalnya 'Guru kelas 4' (semula: Guru)")
        add.add_argument("--kind", choices=StaffKind.values, help="status kepegawaian (semula: PNS bila ada NIP)")
        add.add_argument("--since", type=date.fromisoformat, metavar="TANGGAL", help="mulai bertugas, 2026-07-13")
        add_json(add)
        shown = actions.add_parser("list", help="tampilkan orang yang bertugas hari ini")
        shown.add_argument("words", nargs="*", metavar="KATA", help="bagian nama, NIP, atau NUPTK")
        shown.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        add_json(shown)

    def run(self, options: dict[str, Any]) -> int:
        """Add or list."""
        return self._add(options) if options["action"] == "add" else self._list(options)

    def _add(self, options: dict[str, Any]) -> int:
        school, now = find_school(options["school"]), clock.now()
        kind = options["kind"] or (StaffKind.PNS if options["nip"] else StaffKind.HONORER)
        with transaction.atomic():
            person = add_person(
                name=" ".join(options["name"]),
                title_front=options["title_front"],
                title_back=options["title_back"],
                salutation=options["salutation"],
                nip=options["nip"],
                nuptk=options["nuptk"],
                now=now,
            )
            assign_person(
                person=person,
                school=school,
                duty=options["duty"],
                staff_kind=kind,
                valid_from=options["since"] or clock.local_date(now, school.time_zone),
                now=now,
            )
        if options["json"]:
            self.fact({"id": str(person.pk)})
        else:
            self.say(f"{person.full_name} ditambahkan di {school.name}: {person.pk}")
        return 0

    def _list(self, options: dict[str, Any]) -> int:
        now = clock.now()
        held = assignments_on(clock.local_date(now, settings.TIME_ZONE)).select_related("person", "school")
        if options["school"]:
            held = held.filter(school=find_school(options["school"]))
        people = find_people(Person.objects.all(), " ".join(options["words"]))
        rows = list(held.filter(person__in=people).order_by("school__name", "person__name", "duty"))
        states = face_states([row.person for row in rows], current_pack())
        if options["json"]:
            for row in rows:
                self.fact(
                    {
                        "id": str(row.person_id),
                        "name": row.person.full_name,
                        "nip": row.person.nip,
                        "nuptk": row.person.nuptk,
                        "school": row.school.npsn,
                        "duty": row.duty,
                        "kind": row.staff_kind,
                        "face": states.get(row.person_id),
                    }
                )
            return 0
        self.table(
            ("Nama", "NIP", "Sekolah", "Tugas", "Wajah", "Nomor"),
            [
                (
                    row.person.full_name,
                    row.person.nip or "-",
                    row.school.name,
                    row.duty,
                    states[row.person_id].label if row.person_id in states else "belum didaftarkan",
                    row.person_id,
                )
                for row in rows
            ],
        )
        return 0
