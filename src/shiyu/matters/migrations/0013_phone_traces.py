"""The numbers of people who stand in a matter's files without having reported it, by their keyed hash."""

import django.db.models.deletion
from django.db import migrations, models

import shiyu.lib.ids


class Migration(migrations.Migration):
    dependencies = [("matters", "0012_closed_newest")]

    operations = [
        migrations.CreateModel(
            name="PhoneTrace",
            fields=[
                (
                    "id",
                    models.UUIDField(default=shiyu.lib.ids.new_id, primary_key=True, serialize=False),
                ),
                ("about_id", models.UUIDField()),
                ("trace", models.CharField(max_length=64)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phone_traces",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["trace"], name="phone_trace")],
                "constraints": [
                    models.UniqueConstraint(fields=("about_id",), name="one_phone_trace_per_row")
                ],
            },
        ),
    ]
