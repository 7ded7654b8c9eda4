from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0010_open_and_month")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="acts_for",
            field=models.ForeignKey(
                null=True, on_delete=models.deletion.CASCADE, related_name="acted_by", to="matters.party"
            ),
        ),
        migrations.AddField(
            model_name="party", name="relation", field=models.CharField(blank=True, max_length=20)
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(acts_for=None, relation="")
                | models.Q(acts_for__isnull=False) & ~models.Q(relation=""),
                name="party_acting_has_relation",
            ),
        ),
    ]
