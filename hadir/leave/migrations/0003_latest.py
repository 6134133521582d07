from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leave", "0002_requests"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(fields=["-first", "-filed_at"], name="leave_latest"),
        ),
    ]
