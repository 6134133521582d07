"""Reading schools."""

from hadir.core.errors import HadirError
from hadir.schools.models import Region, School


def school_by_npsn(npsn: str) -> School:
    """Return the school with this NPSN. Raises HadirError `school_unknown`."""
    try:
        return School.objects.select_related("district__region", "island").get(npsn=npsn)
    except School.DoesNotExist:
        raise HadirError("school_unknown", npsn=npsn) from None


def office_name() -> str:
    """Return the name of the office that runs this Hadir, or "" before there is one."""
    return Region.objects.order_by("is_demo", "name").values_list("name", flat=True).first() or ""


def has_demo_region() -> bool:
    """Tell whether this database holds a demo region."""
    return Region.objects.filter(is_demo=True).exists()
