"""Rekaps of a month: seconds a school for XLSX and PDF, queries, and schools a minute with two processes.

    python bench/documents.py                # 30 schools of 15 people
    python bench/documents.py --schools 100

A region of its own in a temporary folder, made by `hadir demo --scale`. The time for 1,000 schools is said to be
extrapolated where fewer were made. The two processes begin within the measured time.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django

PER_SCHOOL = 15
REGION = 1_000


def main() -> None:
    """Seed a region, make each document alone, then all of them."""
    parser = argparse.ArgumentParser(description="Rekaps of a month: seconds and queries")
    parser.add_argument("--schools", type=int, default=30)
    chosen = parser.parse_args()
    # Not above: the processes that help read this file too, and work in this one's folder.
    with tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        os.environ |= {"HADIR_DATA": folder, "DJANGO_SETTINGS_MODULE": "hadir.config.settings"}
        django.setup()
        measure(chosen.schools, Path(folder))


def measure(schools: int, folder: Path) -> None:
    """Make the region and measure."""
    from django.core.management import call_command  # noqa: PLC0415  after the settings
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w", encoding="utf-8") as silent:
        call_command("demo", "--scale", str(schools * PER_SCHOOL), "--days", "70", stdout=silent, stderr=silent)
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)  # noqa: DTZ011  the demo ends today
    one_by_one(month)
    together(month, folder)
    connection.close()


def one_by_one(month: date) -> None:
    """Measure every step of every school, in this process."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from hadir.core import clock  # noqa: PLC0415
    from hadir.reports.documents.layout import office_layout  # noqa: PLC0415
    from hadir.reports.documents.rekap_pdf import rekap_pdf  # noqa: PLC0415
    from hadir.reports.documents.rekap_xlsx import rekap_xlsx  # noqa: PLC0415
    from hadir.reports.documents.sources import rekap_for, with_places  # noqa: PLC0415
    from hadir.schools.models import School  # noqa: PLC0415

    now, layout = clock.now(), office_layout()
    seconds: dict[str, list[float]] = {"sheet and rekap": [], "XLSX": [], "PDF": []}
    sizes: dict[str, list[int]] = {"XLSX": [], "PDF": []}
    queries: set[int] = set()

    for school in with_places(School.objects.order_by("npsn")):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as taken:
            rekap, sheet = rekap_for(school, month.year, month.month, layout, now=now)
        queries.add(len(taken))
        gathered = time.perf_counter()
        book = rekap_xlsx(rekap, sheet, layout, now=now)
        written = time.perf_counter()
        paper = rekap_pdf(rekap, layout, now=now)
        seconds["sheet and rekap"].append(gathered - started)
        seconds["XLSX"].append(written - gathered)
        seconds["PDF"].append(time.perf_counter() - written)
        sizes["XLSX"].append(len(book))
        sizes["PDF"].append(len(paper))
    print(f"{'one school':<20}{'p50 ms':>9}{'max ms':>9}{'kB':>7}")
    for step, times in seconds.items():
        size = f"{statistics.median(sizes[step]) / 1000:.0f}" if step in sizes else ""
        print(f"{step:<20}{statistics.median(times) * 1000:>9.0f}{max(times) * 1000:>9.0f}{size:>7}")
    print(f"queries a school: {', '.join(map(str, sorted(queries)))}")


def together(month: date, folder: Path) -> None:
    """Measure `hadir reports rekap --all` with two processes."""
    from hadir.core import clock  # noqa: PLC0415
    from hadir.reports.documents.bulk import Task, make_all  # noqa: PLC0415
    from hadir.schools.models import School  # noqa: PLC0415

    codes = list(School.objects.order_by("npsn").values_list("npsn", flat=True))
    for form in ("xlsx", "pdf"):
        tasks = [Task(npsn, month.year, month.month, form, folder) for npsn in codes]
        started = time.perf_counter()
        failed = [made for made in make_all(tasks, now=clock.now()) if made.error]
        spent = time.perf_counter() - started
        whole = spent / len(tasks) * REGION / 60
        told = "measured" if len(tasks) >= REGION else "extrapolated"
        print(f"{form}: {len(tasks)} schools in {spent:.1f} s, {len(failed)} failed; {REGION}: {whole:.1f} min {told}")


if __name__ == "__main__":
    main()
