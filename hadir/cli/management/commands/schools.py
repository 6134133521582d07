"""`hadir schools`: add and list schools."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from hadir.cli.base import HadirCommand, add_json
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.schools.models import District, Island, Level, Region, School, TimeZone
from hadir.schools.services import add_school


class Command(HadirCommand):
    """Add or list schools."""

    help = "Tambah atau tampilkan sekolah."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe `schools add` and `schools list`."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|list")
        add = actions.add_parser("add", help="tambah sekolah; wilayah dan kecamatan yang belum ada ikut dibuat")
        add.add_argument("npsn", metavar="NPSN", help="8 angka")
        add.add_argument("name", nargs="+", metavar="NAMA", help="misalnya SDN Pangarangan 1")
        add.add_argument("--region", required=True, metavar="WILAYAH", help="misalnya 'Kabupaten Sumenep'")
        add.add_argument("--district", required=True, metavar="KECAMATAN", help="misalnya 'Kota Sumenep'")
        add.add_argument("--level", required=True, choices=Level.values, help="jenjang")
        add.add_argument("--island", metavar="PULAU", help="kosong untuk pulau utama")
        add.add_argument("--time-zone", default=TimeZone.WIB, choices=TimeZone.values, help="semula: Asia/Jakarta")
        add.add_argument("--address", default="", metavar="ALAMAT")
        add_json(add)
        shown = actions.add_parser("list", help="tampilkan semua sekolah")
        add_json(shown)

    def run(self, options: dict[str, Any]) -> int:
        """Add or list."""
        return self._add(options) if options["action"] == "add" else self._list(options)

    def _add(self, options: dict[str, Any]) -> int:
        with transaction.atomic():
            region, _made = Region.objects.get_or_create(name=options["region"].strip())
            if region.is_demo:
                raise HadirError("region_is_demo", name=region.name)
            district, _made = District.objects.get_or_create(
                region=region, name=options["district"].strip(), defaults={"is_island": bool(options["island"])}
            )
            island = Island.objects.get_or_create(name=options["island"].strip())[0] if options["island"] else None
            school = add_school(
                npsn=options["npsn"],
                name=" ".join(options["name"]),
                level=options["level"],
                district=district,
                island=island,
                time_zone=options["time_zone"],
                address=options["address"],
                now=clock.now(),
            )
        if options["json"]:
            self.fact({"id": str(school.pk), "npsn": school.npsn})
        else:
            self.say(f"{school.name} ({school.npsn}) ditambahkan di {district.name}, {region.name}.")
        return 0

    def _list(self, options: dict[str, Any]) -> int:
        people = Count("assignments__person", filter=Q(assignments__valid_to__isnull=True), distinct=True)
        schools = School.objects.select_related("district__region", "island").annotate(people=people)
        if options["json"]:
            for school in schools:
                self.fact(
                    {
                        "npsn": school.npsn,
                        "name": school.name,
                        "level": school.level,
                        "district": school.district.name,
                        "region": school.district.region.name,
                        "island": school.island.name if school.island else None,
                        "people": school.people,
                    }
                )
            return 0
        rows = [(school.npsn, school.name, school.level, school.district.name, school.people) for school in schools]
        self.table(("NPSN", "Nama", "Jenjang", "Kecamatan", "Orang"), rows, right=(4,))
        return 0
