"""Who heads a school, by the duty in the staff list: one meaning for requests, incidents and signatures."""

from django.db.models import Q

HEAD_DUTIES = ("kepala sekolah", "plt. kepala sekolah", "plt kepala sekolah")
"""How a duty begins that leads the school, also an acting one (pelaksana tugas); never a deputy."""


def is_head_duty(duty: str) -> bool:
    """Tell whether one of the duties, which commas divide, is that of the head."""
    return any(part.strip().casefold().startswith(HEAD_DUTIES) for part in duty.split(","))


def head_duty(field: str = "duty") -> Q:
    """Return the condition that one of the duties of a row is that of the head; `field` leads to it."""
    found = Q()
    for duty in HEAD_DUTIES:
        found |= Q(**{f"{field}__istartswith": duty}) | Q(**{f"{field}__icontains": f", {duty}"})
    return found
