"""Reading schools."""

from hadir.schools.models import Region


def office_name() -> str:
    """Return the name of the office that runs this Hadir, or "" before there is one."""
    return Region.objects.order_by("is_demo", "name").values_list("name", flat=True).first() or ""


def has_demo_region() -> bool:
    """Tell whether this database holds a demo region."""
    return Region.objects.filter(is_demo=True).exists()
