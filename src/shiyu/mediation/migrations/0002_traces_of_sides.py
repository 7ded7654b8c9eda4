"""Sides entered before are found by their number as well."""

from typing import Any

from django.db import migrations

from shiyu.lib.vault import the_vault
from shiyu.kernel.personal import phone_digits


def keep_traces(apps: Any, editor: Any) -> None:
    """Opens each side's number under its matter's key, where that is still there, and keeps its trace."""
    vault = the_vault()
    keys = apps.get_model("matters", "MatterKey").objects.exclude(wrapped="")
    traces = apps.get_model("matters", "PhoneTrace").objects
    for side in apps.get_model("mediation", "Side").objects.exclude(phone=None).select_related("mediation"):
        matter_id = side.mediation.matter_id
        key = keys.filter(matter_id=matter_id).first()
        if key is not None:
            phone = vault.open(key.wrapped, bytes(side.phone), f"matter/{matter_id}", f"{side.pk}/phone")
            trace = vault.trace(phone_digits(phone), "phone")
            traces.update_or_create(about_id=side.pk, defaults={"matter_id": matter_id, "trace": trace})


class Migration(migrations.Migration):
    dependencies = [("mediation", "0001_initial"), ("matters", "0013_phone_traces")]

    operations = [migrations.RunPython(keep_traces, migrations.RunPython.noop)]
