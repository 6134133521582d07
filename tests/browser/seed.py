"""Two schools that know nothing of each other, for the browser tests. Prints what was made as JSON.

    python tests/browser/seed.py NAME...     # the people of the first school

Runs on the data that the environment names; not a demo region, so that scans count as an office's do.
"""

import json
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from hadir.schools.models import Region


def make_school(region: "Region", npsn: str, name: str, password: str) -> dict[str, object]:
    """Make a school with an operator who may log in."""
    from django.contrib.auth import get_user_model

    from hadir.accounts.models import Role, RoleKind
    from hadir.schools.models import District, Level, School

    district, _made = District.objects.get_or_create(region=region, name="Kota Sumenep")
    school = School.objects.create(npsn=npsn, name=name, level=Level.SD, district=district)
    operator = get_user_model()(username=f"operator{npsn}@sekolah.example", display_name=f"Operator {name}")
    operator.set_password(password)
    operator.save()
    Role.objects.create(user=operator, kind=RoleKind.OPERATOR, school=school)
    return {"npsn": npsn, "name": name, "username": operator.username, "password": password}


def main() -> int:
    """Make the schools and the people."""
    django.setup()
    from django.utils import timezone

    from hadir.people.models import Assignment, Person, StaffKind
    from hadir.schools.models import Region, School

    region = Region.objects.create(name="Kabupaten Sumenep", is_demo=False)
    password = "Ombak-tenang-di-Kalianget-7"
    schools = [
        make_school(region, "20529001", "SDN Uji Pajagalan I", password),
        make_school(region, "20529002", "SDN Uji Kalianget Barat II", password),
    ]
    now = timezone.now()
    people = {}
    for place, name in enumerate(sys.argv[1:]):
        person = Person.objects.create(name=name, salutation="Ibu" if place % 2 else "Bapak", created_at=now)
        Assignment.objects.create(
            person=person,
            school=School.objects.get(npsn=schools[0]["npsn"]),
            duty="Guru kelas",
            staff_kind=StaffKind.PNS,
            is_home=True,
            valid_from=timezone.localdate(now).replace(month=1, day=1),
        )
        people[name] = str(person.id)
    json.dump({"schools": schools, "people": people}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
