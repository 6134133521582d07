"""Reading for the boards: one school's day, and the schools of a region.

The number of queries does not grow with the number of people or schools; tests hold it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from hadir.core.clock import day_bounds, local_date
from hadir.devices.models import DeviceSchool
from hadir.enrolment.models import EnrolmentState
from hadir.enrolment.queries import usable_enrolments
from hadir.ledger.models import Scan
from hadir.ledger.queries import counted
from hadir.people.queries import assignments_on
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school in the list of a region: how many are seen, awaited, not enrolled, and when it was last heard."""

    school: School
    people: int
    seen: int
    awaited: int
    not_enrolled: int
    kiosks: int
    heard: datetime | None
    unsent: int


def school_lines(schools: Sequence[School], *, now: datetime) -> list[SchoolLine]:
    """Return one line per school, in the same order: one query per time zone present, and one for the kiosks."""
    counts: dict[uuid.UUID, Mapping[str, Any]] = {}
    for zone in sorted({school.time_zone for school in schools}):
        keys = [school.pk for school in schools if school.time_zone == zone]
        counts.update(_counts_of_day(keys, local_date(now, zone), zone))
    kiosks = {
        line["school"]: line
        for line in DeviceSchool.objects.filter(
            school__in=[school.pk for school in schools], device__revoked_at__isnull=True
        )
        .values("school")
        .annotate(kiosks=Count("device"), heard=Max("device__last_heard_at"), unsent=Sum("device__unsent"))
    }
    return [_school_line(school, counts.get(school.pk, {}), kiosks.get(school.pk, {})) for school in schools]


def _counts_of_day(schools: Sequence[uuid.UUID], day: date, zone: str) -> dict[uuid.UUID, Mapping[str, Any]]:
    start, end = day_bounds(day, zone)
    seen = Exists(
        counted(Scan.objects.filter(captured_at__gte=start, captured_at__lt=end)).filter(person=OuterRef("person"))
    )
    enrolled = Exists(usable_enrolments(EnrolmentState.ACTIVE).filter(person=OuterRef("person")))
    lines = (
        assignments_on(day)
        .filter(school__in=schools)
        .annotate(is_seen=seen, has_face=enrolled)
        .values("school")
        .annotate(
            people=Count("person", distinct=True),
            seen=Count("person", distinct=True, filter=Q(is_seen=True)),
            awaited=Count("person", distinct=True, filter=Q(is_seen=False, has_face=True)),
        )
        .order_by()
    )
    return {line["school"]: dict(line) for line in lines}


def _school_line(school: School, counts: Mapping[str, Any], kiosks: Mapping[str, object]) -> SchoolLine:
    people, seen, awaited = counts.get("people", 0), counts.get("seen", 0), counts.get("awaited", 0)
    heard, number, unsent = kiosks.get("heard"), kiosks.get("kiosks"), kiosks.get("unsent")
    return SchoolLine(
        school=school,
        people=people,
        seen=seen,
        awaited=awaited,
        not_enrolled=people - seen - awaited,
        kiosks=number if isinstance(number, int) else 0,
        heard=heard if isinstance(heard, datetime) else None,
        unsent=unsent if isinstance(unsent, int) else 0,
    )


def heard_groups(schools: QuerySet[School], since: datetime) -> Mapping[str, QuerySet[School]]:
    """Divide schools by whether a kiosk of theirs was heard since a moment; each is in exactly one group."""
    kiosks = DeviceSchool.objects.filter(school=OuterRef("pk"), device__revoked_at__isnull=True)
    has_kiosk, heard = Exists(kiosks), Exists(kiosks.filter(device__last_heard_at__gte=since))
    return {
        "terdengar": schools.filter(heard),
        "belum-terdengar": schools.filter(has_kiosk, ~heard),
        "tanpa-kios": schools.filter(~has_kiosk),
    }


def find_schools(schools: QuerySet[School], words: str) -> QuerySet[School]:
    """Narrow schools by what somebody typed: every word stands in the name, kecamatan, island, address or NPSN."""
    for word in words.split()[:6]:
        schools = schools.filter(
            Q(name__icontains=word)
            | Q(npsn__startswith=word)
            | Q(district__name__icontains=word)
            | Q(island__name__icontains=word)
            | Q(address__icontains=word)
        )
    return schools.order_by(F("name").asc(), "npsn")
