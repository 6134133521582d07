from django.db import migrations

from hadir.core.append_only import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [ProtectTable("ledger_scan"), ProtectTable("ledger_heldrecord")]
