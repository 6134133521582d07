"""Person-days a second, memory, and wrong judgements against a known random truth.

    python bench/attendance.py [--schools 320] [--people 15] [--days 21] [--seed 1]

Fills an SQLite database of its own in a temporary folder (or the one in DATABASE_URL, which must be new), judges the
period before and after the late uploads, verifies, and compares every row with the truth. Default: 100,800 person-days.
Exit code 1 if anybody present is called absent.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import date

import django

FOLDER = tempfile.TemporaryDirectory(prefix="hadir-bench-")
os.environ["HADIR_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "hadir.config.settings"
django.setup()

# What follows needs the settings above.
from django.core.management import call_command  # noqa: E402

from hadir.attendance.services import rebuild  # noqa: E402
from hadir.attendance.tests.truth import Made, make_truth, wrong_judgements  # noqa: E402


def megabytes() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def judge(made: Made, what: str, *, verify: bool = False) -> None:
    """Judge the whole period and print the pace, by the clock and by the processor."""
    clock, processor, judged, differing = time.perf_counter(), time.process_time(), 0, 0
    after_first = 0.0
    for portion in rebuild(schools=made.schools, first=made.first, last=made.last, now=made.over, verify=verify):
        judged += portion.judged
        differing += len(portion.different) + portion.behind
        after_first = after_first or megabytes()
    spent, worked = time.perf_counter() - clock, time.process_time() - processor
    print(
        f"{what}: {judged:,} person-days in {spent:.1f} s = {judged / spent:,.0f}/s "
        f"({judged / worked:,.0f} a second of processor); memory {after_first:.0f} MB after the first portion, "
        f"{megabytes():.0f} MB at most" + (f"; {differing} differ" if verify else "")
    )


def main() -> int:
    """Make, judge, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("schools", 320), ("people", 15), ("days", 21), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0)
    made = make_truth(
        schools=chosen.schools, people=chosen.people, first=date(2026, 8, 3), days=chosen.days, seed=chosen.seed
    )
    print(f"{len(made.truths):,} person-days, {len(made.in_time):,} records in time, {len(made.late):,} late")
    judge(made, "before the late uploads")
    early = wrong_judgements(made)[0]
    made.hand_in()
    judge(made, "after the late uploads")
    judge(made, "verify", verify=True)
    absent, wrong = wrong_judgements(made)
    print(f"present but A: {early} before, {absent} after; wrong judgements: {len(wrong)}")
    for line in wrong[:20]:
        print(f"  {line}")
    return int(bool(early or absent))


if __name__ == "__main__":
    raise SystemExit(main())
