"""Replies become rows of their own; a recipient knows its own day; a deed keeps its first letter only."""

from django.db import migrations


def move(apps, schema_editor):
    Recipient = apps.get_model("letters", "Recipient")
    Reply = apps.get_model("letters", "Reply")
    Letter = apps.get_model("letters", "Letter")
    rows = Recipient.objects.select_related("letter")
    for row in rows.exclude(letter__reply_by=None):
        row.reply_by = row.letter.reply_by
        row.save(update_fields=["reply_by"])
    for row in rows.exclude(replied_at=None):
        Reply.objects.create(
            recipient=row,
            text=row.reply,
            replied_at=row.replied_at,
            replied_by_name=row.replied_by_name,
            reply_by=row.reply_by,
        )
    known = set()
    for letter in Letter.objects.filter(occasion_id__isnull=False, state__in=("draft", "issued")).order_by("created_at", "id"):
        if letter.occasion_id in known:
            letter.occasion_id = None
            letter.save(update_fields=["occasion_id"])
        known.add(letter.occasion_id)


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0005_the_way_of_a_letter"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
