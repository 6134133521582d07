import django.db.models.deletion
from django.db import migrations, models

import hadir.core.ids
from hadir.core.append_only import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only"), ("people", "0002_daymark")]

    operations = [
        migrations.CreateModel(
            name="ClockDoubt",
            fields=[
                ("id", models.UUIDField(default=hadir.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("made_after", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("person", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                ("scan", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="clock_doubt", to="ledger.scan")),
            ],
            options={
                "verbose_name": "keraguan jam",
                "ordering": ["received_at", "id"],
                "indexes": [models.Index(fields=["person", "received_at"], name="clock_doubt_by_person")],
                "constraints": [models.CheckConstraint(condition=models.Q(("received_at__gte", models.F("made_after"))), name="clock_doubt_in_order")],
            },
        ),
        ProtectTable("ledger_clockdoubt"),
    ]
