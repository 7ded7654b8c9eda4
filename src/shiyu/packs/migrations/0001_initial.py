from django.db import migrations, models

import shiyu.lib.clock
import shiyu.lib.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="PackVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shiyu.lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.TextField()),
                ("loaded_at", models.DateTimeField(default=shiyu.lib.clock.now)),
                ("loaded_by_id", models.UUIDField(null=True)),
                ("in_force_since", models.DateTimeField(db_index=True, default=shiyu.lib.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "digest"), name="one_version_per_content")
                ],
            },
        ),
    ]
