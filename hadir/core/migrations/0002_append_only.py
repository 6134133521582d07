from django.db import migrations

from hadir.core.append_only import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [ProtectTable("core_auditentry")]
