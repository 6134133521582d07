"""Every page of attendance, leave, months and schedules: queries and server time, for a region and for a school.

    hadir migrate && hadir demo --scale 15000 --days 31
    python bench/pages.py                                 # the database named by HADIR_DATA or DATABASE_URL
    python bench/pages.py --grow                          # also: do queries grow with the people of one school?

Wants a database made by `hadir demo --scale`, and its two logins. Requests go through the test client in this process:
the real settings and all middleware, but no network and no web server. `--grow` moves the people of three other
schools to the school of `kepala.ukur` inside a transaction that is rolled back, and reads the same pages again.
The exit code is 1 where a page answers anything but 200, or where queries grow.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.test import Client

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hadir.config.settings")

WARM_UPS = 3
SCHOOLS_JOINED = 4
AIM_MS = 150


@dataclass(frozen=True)
class Page:
    """What is measured: a name for the table, the login that looks, the address."""

    name: str
    login: str
    address: str


@dataclass(frozen=True)
class Cost:
    """What one page takes: queries of one request, milliseconds, size as it is sent. `status`: the worst answer.

    `work`: milliseconds of this process alone (p50), which others on the machine disturb less than the time waited.
    """

    status: int
    queries: int
    p50: float
    p95: float
    work: float
    kilobytes: float


def main() -> int:
    """Measure each page for each login; print the table."""
    parser = argparse.ArgumentParser(description="Pages: queries and server time")
    parser.add_argument("--requests", type=int, default=40, help="measured requests a page, after three to warm up")
    parser.add_argument("--grow", action="store_true", help="the same pages with four times the people of the school")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    chosen = parser.parse_args()
    django.setup()
    from django.db import connection  # noqa: PLC0415  after the settings
    from django.urls import get_resolver  # noqa: PLC0415

    from hadir.cli.web import keep_what_is_loaded  # noqa: PLC0415

    # As `hadir serve` does before the first request.
    get_resolver().check()
    keep_what_is_loaded()

    print(f"{connection.vendor}, {_size()}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    pages = [page for page in _pages() if chosen.only in page.name]
    print(f"{'page':<26}{'login':<13}{'queries':>8}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'kB':>7}")
    bad = 0
    for page in pages:
        cost = _measure(page, chosen.requests)
        note = f"  answered {cost.status}" if cost.status != 200 else "  over the aim" if cost.p95 > AIM_MS else ""
        bad += cost.status != 200
        numbers = f"{cost.queries:>8}{cost.p50:>8.0f}{cost.p95:>8.0f}{cost.work:>8.0f}{cost.kilobytes:>7.0f}"
        print(f"{page.name:<26}{page.login:<13}{numbers}{note}", flush=True)
    if chosen.grow:
        bad += _grow([page for page in pages if page.login == "kepala.ukur"])
    return 1 if bad else 0


def _size() -> str:
    from hadir.attendance.models import PersonDay  # noqa: PLC0415
    from hadir.ledger.models import Scan  # noqa: PLC0415
    from hadir.people.models import Person  # noqa: PLC0415
    from hadir.schools.models import School  # noqa: PLC0415

    counts = {kind.__name__: kind.objects.count() for kind in (Person, School, Scan, PersonDay)}
    if not counts["PersonDay"]:
        sys.exit("This database has no judged days. First: hadir demo --scale 15000 --days 31")
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())


def _pages() -> Iterator[Page]:
    """Yield the pages, about the first school, one of its people and the last working day that is judged."""
    from django.conf import settings  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from hadir.accounts.models import Role, RoleKind  # noqa: PLC0415
    from hadir.attendance.models import PersonDay  # noqa: PLC0415
    from hadir.core import clock  # noqa: PLC0415
    from hadir.rules.verdict import PRESENT  # noqa: PLC0415

    head = Role.objects.filter(user__username="kepala.ukur", kind=RoleKind.HEAD).select_related("school__district")
    role = head.first()
    if role is None or role.school is None:
        sys.exit("The login kepala.ukur is missing: this database was not made by hadir demo --scale.")
    school = role.school
    seen = PersonDay.objects.filter(school=school, status=PRESENT).order_by("-day", "person").first()
    if seen is None:
        sys.exit("Nobody was present at the first school: nothing to look at.")
    past, npsn = seen.day.isoformat(), school.npsn
    month = _month_of(seen.day).strftime("%Y-%m")
    year = clock.local_date(clock.now(), settings.TIME_ZONE).year
    both = {
        "board, today": reverse("board", args=[npsn]),
        "board, past date": f"{reverse('board', args=[npsn])}?tanggal={past}",
        "people": reverse("people"),
        "people, search": f"{reverse('people')}?cari=siti",
        "people, one school": f"{reverse('people')}?sekolah={npsn}",
        "a person's year": f"{reverse('person', args=[seen.person_id])}?tahun={year}",
        "a person's day": reverse("person-day", args=[seen.person_id, past]),
        "one month": reverse("month", args=[npsn, month]),
        "leave": reverse("leave"),
        "corrections": reverse("corrections"),
        "incidents": reverse("incidents"),
        "schedule, school": reverse("schedule", args=[npsn]),
        "reports": reverse("reports"),
        "devices": reverse("devices"),
        "not heard": reverse("silent"),
    }
    region = {
        "region": reverse("today"),
        "schedules": reverse("schedules"),
        "schedule, region": reverse("schedule", args=[str(school.district.region_id)]),
        "months": reverse("months"),  # a login with one school is sent on to its month
        "rule packs": reverse("rule-packs"),
        "rule pack": reverse("rule-pack", args=[_pack_name()]),
    }
    yield from (Page(name, "dinas.ukur", address) for name, address in (region | both).items())
    yield from (Page(name, "kepala.ukur", address) for name, address in both.items())


def _month_of(day: date) -> date:
    """Return the month before this day's where it may be judged, else this one: a finished month is the longest."""
    from hadir.attendance.models import PersonDay  # noqa: PLC0415

    before = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    return before if PersonDay.objects.filter(day=before + timedelta(days=20)).exists() else day.replace(day=1)


def _pack_name() -> str:
    from hadir.schedules.office_packs import list_packs  # noqa: PLC0415

    return str(list_packs()[0].name)


def _measure(page: Page, requests: int) -> Cost:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = _client(page.login)
    statuses, times, works = set(), [], []
    for _ in range(WARM_UPS):
        statuses.add(client.get(page.address).status_code)
    with CaptureQueriesContext(connection) as taken:
        answer = client.get(page.address, headers={"Accept-Encoding": "gzip"})
    queries = len(taken)  # now: the next request empties the log
    for _ in range(requests):
        begun, before = time.perf_counter(), time.process_time()
        statuses.add(client.get(page.address).status_code)
        times.append(1000 * (time.perf_counter() - begun))
        works.append(1000 * (time.process_time() - before))
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Cost(
        max(statuses), queries, statistics.median(times), p95, statistics.median(works), len(answer.content) / 1000
    )


def _client(login: str) -> "Client":
    """Return a browser that is logged in, of a host that the settings allow."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from hadir.accounts.models import User  # noqa: PLC0415

    hosts = [host for host in settings.ALLOWED_HOSTS if host != "*"]
    client = Client(SERVER_NAME=hosts[0].lstrip(".") if hosts else "localhost", raise_request_exception=False)
    client.force_login(User.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _grow(pages: list[Page]) -> int:
    """Print the queries of each page before and after; return how many pages ask more often."""
    from django.db import transaction  # noqa: PLC0415

    from hadir.attendance.models import PersonDay  # noqa: PLC0415
    from hadir.ledger.models import Scan  # noqa: PLC0415
    from hadir.people.models import Assignment  # noqa: PLC0415
    from hadir.schools.models import School  # noqa: PLC0415

    small = {page.name: _measure(page, 1).queries for page in pages}
    first, *others = School.objects.order_by("npsn")[:SCHOOLS_JOINED]
    grown = 0
    print(f"\n{'queries':<26}{'1 school':>10}{f'{SCHOOLS_JOINED} joined':>10}")
    with transaction.atomic():
        Assignment.objects.filter(school__in=others).update(school=first)
        PersonDay.objects.filter(school__in=others).update(school=first)
        people = Assignment.objects.filter(school=first).count()
        for page in pages:
            large = _measure(page, 1).queries
            grown += large > small[page.name]
            print(f"{page.name:<26}{small[page.name]:>10}{large:>10}{'  grows' if large > small[page.name] else ''}")
        transaction.set_rollback(True)
    print(f"people of the school when joined: {people}; {Scan.objects.count():,} scans untouched")
    return grown


if __name__ == "__main__":
    sys.exit(main())
