"""Reading schools."""

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from hadir.schools.models import Region, School


def office_name() -> str:
    """Return the name of the office that runs this Hadir, or "" before there is one."""
    return Region.objects.order_by("is_demo", "name").values_list("name", flat=True).first() or ""


def usual_time_zone() -> str:
    """Return the time zone that most schools of this Hadir are in; the setting's before there is a school."""
    zones = School.objects.values_list("time_zone").annotate(schools=Count("pk")).order_by("-schools", "time_zone")
    found = zones.first()
    return str(found[0]) if found else settings.TIME_ZONE


def has_demo_region() -> bool:
    """Tell whether this database holds a demo region."""
    return Region.objects.filter(is_demo=True).exists()


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
    return schools.order_by("name", "npsn")
