from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0006_replies_as_rows"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='recipient',
            name='reply',
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'approval', 'issued'))), fields=('occasion_id',), name='one_letter_per_deed'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'approval', 'issued'))), fields=('withdraws',), name='withdrawn_by_one_letter'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'approval'))), fields=('answers',), name='one_answer_drafted_at_a_time'),
        ),
    ]
