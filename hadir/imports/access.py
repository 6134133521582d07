"""The door of `accounts.access` for imports: whose staff, which regions' schools, which batches."""

import uuid

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404

from hadir.accounts.access import Action, Visitor, may, schools_for
from hadir.accounts.models import Role, RoleKind, User
from hadir.imports.models import ImportBatch
from hadir.schools.models import Region, School


def import_schools(user: Visitor) -> QuerySet[School]:
    """Return the schools whose staff this login may import."""
    return schools_for(user, Action.MANAGE_PEOPLE)


def may_change_past(user: Visitor, school: School) -> bool:
    """Tell whether this login may change days of the school that are over: the dinas only, as with schedules."""
    return may(user, Action.MANAGE_RULES, school)


def import_regions(user: Visitor) -> QuerySet[Region]:
    """Return the regions whose schools this login may import: those it works for as dinas."""
    if not isinstance(user, User) or not user.is_active:
        return Region.objects.none()
    return Region.objects.filter(pk__in=Role.objects.filter(user=user, kind=RoleKind.DINAS).values("region"))


def batches_for(user: Visitor) -> QuerySet[ImportBatch]:
    """Return the imports that this login may see: those it might have made itself."""
    return ImportBatch.objects.filter(
        Q(school__in=import_schools(user)) | Q(region__in=import_regions(user))
    ).select_related("school", "region", "by", "applied_by")


def recent_batches(user: Visitor, number: int) -> QuerySet[ImportBatch]:
    """Return the last imports, each with `waits`: its rows still wait to be applied. The rows are not loaded."""
    waits = ExpressionWrapper(Q(draft__isnull=False), output_field=BooleanField())
    return batches_for(user).defer("draft").annotate(waits=waits)[:number]


def get_batch_or_404(user: Visitor, batch_id: uuid.UUID) -> ImportBatch:
    """Return the import if this login may see it. Raises Http404."""
    batch = batches_for(user).filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    return batch
