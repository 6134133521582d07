"""Importing 15,000 people: seconds and peak memory, from the file's bytes to the last row in the database.

    python bench/imports.py                 # 1,000 schools of 15 people, then one list of 15,000, in SQLite
    python bench/imports.py --schools 100   # the first part with fewer schools

A database and people of its own in a temporary folder (or where DATABASE_URL points: an empty one). The sheets have
Dapodik's 51 columns. The reader runs as the product runs it, in a process of its own; its peak is shown apart.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence

import django

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-bench-")
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from hadir.core import clock  # noqa: E402
from hadir.imports.plans import digest_of, sure_choices  # noqa: E402
from hadir.imports.queries import plan_staff  # noqa: E402
from hadir.imports.reading import read_staff  # noqa: E402
from hadir.imports.services import apply_staff, keep_file  # noqa: E402
from hadir.imports.tests import made, world  # noqa: E402
from hadir.schools.models import School  # noqa: E402

PER_SCHOOL = 15


def main() -> None:
    """Import people as schools do, and as one long list."""
    parser = argparse.ArgumentParser(description="Importing people: seconds and peak memory")
    parser.add_argument("--people", type=int, default=15_000, help="people in the one long list")
    parser.add_argument("--schools", type=int, default=1_000, help="schools that hand in a list of 15 each")
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'step':<44}{'seconds':>9}{'CPU s':>8}{'people/s':>10}{'MiB here':>10}{'MiB reader':>12}")
    schools_one_by_one(chosen.schools)
    one_list(chosen.people)
    connection.close()
    FOLDER.cleanup()


def schools_one_by_one(count: int) -> None:
    """Measure what really happens: each school hands in its own file."""
    schools = [world.school(f"2{number:07}", f"SDN Peraga {number}") for number in range(count)]
    files = [made.dapodik(staff(number), school=school.name) for number, school in enumerate(schools)]

    def every_school() -> None:
        for school, data in zip(schools, files, strict=True):
            one_import(data, school)

    step(f"{count} schools of {PER_SCHOOL}: first import", count * PER_SCHOOL, every_school)
    step(f"{count} schools of {PER_SCHOOL}: the same again", count * PER_SCHOOL, every_school)


def one_list(people: int) -> None:
    """Measure the largest list that may come: everybody in one sheet and one transaction."""
    school = world.school("39999999", "SDN Terbesar")
    data = made.dapodik(
        [one for number in range(10_000, 10_000 + people // PER_SCHOOL) for one in staff(number)], school=school.name
    )
    print(f"one list of {people}: {len(data) / 2**20:.1f} MiB")
    step(f"one list of {people}: read only", people, lambda: read_staff(data))
    step(f"one list of {people}: first import", people, lambda: one_import(data, school))
    step(f"one list of {people}: the same again", people, lambda: one_import(data, school))


def staff(school: int) -> Sequence[made.Someone]:
    """Return the invented staff of a school; all numbers differ, every other person is a PNS."""
    return [
        made.Someone(
            f"Guru {school} {number}",
            nip=f"1985020320{school * PER_SCHOOL + number:08}" if number % 2 else "",
            nuptk=f"{10**15 + school * PER_SCHOOL + number}",
            status="PNS" if number % 2 else "Guru Honor Sekolah",
        )
        for number in range(PER_SCHOOL)
    ]


def one_import(data: bytes, school: School) -> None:
    """Read, plan, keep and apply one file, as the page and the command do."""
    now = clock.now()
    start = clock.local_date(now, school.time_zone)
    told = read_staff(data)
    items = plan_staff(school=school, told=told, start=start, managed=None)
    batch = keep_file(told=told, data=data, file_name="ptk.xlsx", start=start, now=now, by=None, school=school)
    choices = sure_choices(items)
    apply_staff(batch=batch, choices=choices, digest=digest_of(items), now=now, by=None, managed=None)


def step(name: str, people: int, work: Callable[[], object]) -> None:
    """Do one step and print its row. Memory is the highest so far, of this process and of the largest reader."""
    started, used = time.perf_counter(), sum(os.times()[:4])
    work()
    seconds, used = time.perf_counter() - started, sum(os.times()[:4]) - used
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{name:<44}{seconds:>9.1f}{used:>8.1f}{people / seconds:>10.0f}{here:>10.0f}{reader:>12.0f}", flush=True)


if __name__ == "__main__":
    main()
