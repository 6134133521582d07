"""Small writes of the pages of machines: alerts that were looked at, criteria of the side-by-side comparison."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from hadir.accounts.models import User
from hadir.core.services import record_audit
from hadir.schools.models import Region
from hadir.terminals.models import Alert, Criteria


@transaction.atomic
def see_alerts(*, alerts: QuerySet[Alert], by: User, now: datetime) -> int:
    """Note who looked at alerts, and when. Those seen before stay as they are. Returns how many were new."""
    unseen = alerts.filter(seen_at__isnull=True)
    for alert in unseen:
        record_audit(
            actor=by,
            action="see_alert",
            object_kind="device",
            object_id=alert.device_id,
            now=now,
            detail={"kind": alert.kind, "occasion": alert.occasion},
        )
    return unseen.update(seen_at=now, seen_by=by)


@transaction.atomic
def set_criteria(*, region: Region, minutes: int, percent: int, days: int, by: User | None, now: datetime) -> Criteria:
    """Say when the lists of a machine and of faces agree, for all schools of a region."""
    values = {"minutes": minutes, "percent": percent, "days": days}
    criteria, _made = Criteria.objects.update_or_create(region=region, defaults=values)
    record_audit(
        actor=by, action="set_criteria", object_kind="region", object_id=region.pk, now=now, detail=dict(values)
    )
    return criteria
