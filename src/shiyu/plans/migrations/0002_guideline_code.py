from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="guideline",
            name="code",
            field=models.CharField(max_length=40, null=True, unique=True),
        ),
    ]
