"""Hunt for wrong judgements: a random but known truth, the records that it leaves, and what is judged from them.

    python bench/hunt.py [--schools 110] [--people 15] [--days 61] [--seed 1]

Who was where, when, on leave, on duty, at which of two schools, by day or night, in Ramadan, on holidays; kiosks off
the net, dead, replaced, with wrong clocks; faces and PINs that come late; bought terminals with backlogs and absurd
clocks. All of it goes through the real services in the order of time, with the worker working every night. At the end
every person-day is compared with what it should be, by a judge of its own that sees the truth. Leave, duty, corrections
and technical reasons are asked for and decided through `hadir.leave`, often after the days they are about. Exit code 1
if anybody present is called absent, or a final day differs from the truth in a way that has no name. Default: 100,650
person-days.
"""

import argparse
import heapq
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date

import django

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-hunt-")
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.truth.allowing import told  # noqa: E402
from bench.truth.compare import Finding, compare  # noqa: E402
from bench.truth.living import live  # noqa: E402
from bench.truth.making import make_world  # noqa: E402
from bench.truth.world import World  # noqa: E402
from hadir.attendance import facts  # noqa: E402
from hadir.attendance.services import rebuild, work_once  # noqa: E402


def play(world: World) -> int:
    """Hand everything to the services in the order of time, and let the worker work every night; return how much."""
    done = 0
    while world.events:
        _at, _number, act = heapq.heappop(world.events)
        act()
        done += 1
        if done % 20_000 == 0:
            print(f"  {done:,} events", file=sys.stderr)
    return done


def report(findings: Counter[Finding], judged: int) -> int:
    """Print each class of outcome with its number and what it means; return the exit code."""
    print(f"\n{'number':>9}  {'share':>7}  class")
    for finding, number in sorted(findings.items(), key=lambda pair: (pair[0].kind, -pair[1])):
        print(f"{number:>9,}  {number / judged:>7.2%}  {finding.kind}: {finding.told}")
    bad = sum(number for finding, number in findings.items() if finding.kind == "WRONG")
    absent = sum(number for finding, number in findings.items() if finding.told == "present, but A")
    print(f"\n{judged:,} person-days; present but called A: {absent}; wrong without a name: {bad}")
    return int(bool(bad or absent))


def main() -> int:
    """Make, live, judge, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("schools", 110), ("people", 15), ("days", 61), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--show", type=int, default=5, help="examples of each class that has no name")
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # A folder that is thrown away needs no waiting for the disk.
            cursor.execute("PRAGMA synchronous=OFF")
    begun = time.perf_counter()
    first = date(2026, 2, 2)
    world = make_world(schools=chosen.schools, people=chosen.people, first=first, days=chosen.days, seed=chosen.seed)
    setattr(facts, "current_manifest", lambda: {"id": world.pack})  # noqa: B010  no pack is built here
    live(world)
    print(
        f"{len(world.truths):,} person-days of {len(world.schools)} schools, "
        f"made in {time.perf_counter() - begun:.0f} s"
    )
    print(f"requests: {told(world.asked)}")
    begun = time.perf_counter()
    events = play(world)
    print(f"{events:,} events through the services in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    work_once(now=world.over)
    by_worker = time.perf_counter() - begun
    begun, different, behind = time.perf_counter(), 0, 0
    for portion in rebuild(schools=world.schools, first=world.first, last=world.last, now=world.over, verify=True):
        different += len(portion.different)
        for key, names in portion.different:
            print(f"  differs: {key[2]} {', '.join(names)}; {world.truths.get(key)}")
        behind += portion.behind
    print(f"last pass of the worker {by_worker:.0f} s; verify {time.perf_counter() - begun:.0f} s: "
          f"{different} differ, {behind} behind")  # fmt: skip
    findings, examples = compare(world, show=chosen.show)
    for line in examples:
        print(f"  {line}")
    return report(findings, len(world.truths)) or int(bool(different))


if __name__ == "__main__":
    raise SystemExit(main())
