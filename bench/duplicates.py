"""What the search for a face enrolled under another name costs: one finished enrolment against everybody on file.

    python bench/duplicates.py [--people 15000] [--templates 4]

Fills an SQLite database of its own in a temporary folder with sealed random templates, then compares as
`finish_enrolment` does. Prints seconds of the clock and of the processor, and the memory that the comparison took
beyond what the process had.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from hadir.core import clock  # noqa: E402
from hadir.core.ids import new_id  # noqa: E402
from hadir.enrolment.likeness import likenesses  # noqa: E402
from hadir.enrolment.models import Enrolment, Notice, NoticeRecord, Template  # noqa: E402
from hadir.enrolment.queries import active_templates  # noqa: E402
from hadir.enrolment.vault import Vector, key_ring, seal_vector  # noqa: E402
from hadir.people.models import Person  # noqa: E402

DIMENSION = 1152
PACK = "bench-1-00000000"
BATCH = 500


def unit_vectors(count: int, rng: np.random.Generator) -> Vector:
    """Return random directions; like strangers, they are near nobody."""
    values = rng.standard_normal((count, DIMENSION), dtype=np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32)


def fill(people: int, templates: int) -> None:
    """Put people with sealed templates on file."""
    now, rng, notice = clock.now(), np.random.default_rng(1), Notice.objects.all()[0]
    for start in range(0, people, BATCH):
        batch = [Person(name=f"Orang {start + number}", created_at=now) for number in range(min(BATCH, people - start))]
        told = [NoticeRecord(person=person, notice=notice, basis="public_task", recorded_at=now) for person in batch]
        times = {"started_at": now, "finished_at": now, "activated_at": now}
        sets = [
            Enrolment(person=record.person, pack=PACK, state="active", notice_record=record, **times) for record in told
        ]
        Person.objects.bulk_create(batch)
        NoticeRecord.objects.bulk_create(told)
        Enrolment.objects.bulk_create(sets)
        Template.objects.bulk_create(sealed_templates(sets, templates, rng))


def sealed_templates(sets: Sequence[Enrolment], count: int, rng: np.random.Generator) -> list[Template]:
    """Return unsaved templates, `count` for each enrolment."""
    ring, rows = key_ring(), []
    for enrolment in sets:
        for vector in unit_vectors(count, rng):
            key = new_id()
            sealed = seal_vector(ring, vector, template_id=key, person_id=enrolment.person_id, pack=PACK)
            common = {"pose": "upload", "source": "cli", "created_at": enrolment.started_at}
            rows.append(
                Template(
                    id=key,
                    enrolment=enrolment,
                    person_id=enrolment.person_id,
                    pack=PACK,
                    sealed=sealed.data,
                    key_id=sealed.key_id,
                    **common,
                )
            )
    return rows


def measure(rounds: int) -> None:
    """Compare and print."""
    probes, ring = unit_vectors(4, np.random.default_rng(2)), key_ring()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for number in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        likenesses(probes, active_templates(PACK, clock.now()), ring, at_least=0.9)
        spent = time.perf_counter() - wall, time.process_time() - processor
        print(f"round {number + 1}: {spent[0]:6.2f} s, processor {spent[1]:6.2f} s")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory: {after - before:.0f} MB beyond the {before:.0f} MB of the process")


def main() -> int:
    """Fill in a child process, so that the memory measured is that of the comparison alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=15_000)
    parser.add_argument("--templates", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    child = os.fork()
    if not child:
        call_command("migrate", verbosity=0)
        fill(options.people, options.templates)
        connections.close_all()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        return 1
    size = (Path(FOLDER.name) / "hadir.sqlite3").stat().st_size / 1e6
    print(f"{options.people} people x {options.templates} templates, {size:.0f} MB of SQLite")
    measure(options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
