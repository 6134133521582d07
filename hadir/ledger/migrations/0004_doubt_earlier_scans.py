import uuid
from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def doubt_earlier_scans(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Scans from before this table: what their kiosks had said by then is not known; a day is a fair guess."""
    doubts = apps.get_model("ledger", "ClockDoubt")
    marks = apps.get_model("people", "DayMark")
    scans = apps.get_model("ledger", "Scan").objects.filter(person__isnull=False).exclude(flags=[]).order_by()
    for scan in scans.only("person_id", "flags", "captured_at", "received_at").iterator():
        if {"clock_ahead", "clock_old"}.intersection(scan.flags):
            early = scan.received_at - timedelta(days=1)
            doubts.objects.create(
                id=uuid.uuid4(), scan=scan, person_id=scan.person_id, made_after=early, received_at=scan.received_at
            )
            for moment in (scan.captured_at, scan.received_at):
                day = moment.date()
                marks.objects.create(
                    person_id=scan.person_id, first=day - timedelta(days=1), last=day, made_at=scan.received_at
                )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_clockdoubt")]

    operations = [migrations.RunPython(doubt_earlier_scans, migrations.RunPython.noop, elidable=True)]
