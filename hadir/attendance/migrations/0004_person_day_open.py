from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0003_workerlease")]

    operations = [
        migrations.AddIndex(
            model_name="personday",
            index=models.Index(fields=["day", "school"], condition=models.Q(final=False), name="person_day_open"),
        ),
    ]
