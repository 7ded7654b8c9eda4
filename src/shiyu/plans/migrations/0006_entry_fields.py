from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0005_opinion_kept")]

    operations = [
        migrations.AddField(
            model_name="reportentry",
            name="fields",
            field=models.JSONField(default=dict),
        ),
    ]
