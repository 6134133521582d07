"""Reading schools."""

from django.db.models import Q, QuerySet

from hadir.schools.models import Region, School


def office_name() -> str:
    """Return the name of the office that runs this Hadir, or "" before there is one."""
    return Region.objects.order_by("is_demo", "name").values_list("name", flat=True).first() or ""


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
