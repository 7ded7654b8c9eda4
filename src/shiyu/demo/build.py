"""Building the demo: migrations, the pack with its seed, the simulated year, the seals."""

import argparse
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from shiyu import wiring
from shiyu.audit.actions import completed
from shiyu.audit.jobs import seal_entries
from shiyu.audit.models import AuditEntry
from shiyu.demo import PASSWORD
from shiyu.demo.year import simulate
from shiyu.lib import clock
from shiyu.seeding import load_city

MOST_ACTIONS = 4_000


def build(arguments: argparse.Namespace) -> int:
    """Fill an empty database with a city and its year; prints how many actions that took."""
    folder: Path = arguments.folder
    call_command("migrate", verbosity=0)
    today = clock.now()
    start = datetime(today.year - 1, 12, 1, 9, 0, tzinfo=clock.CITY_ZONE)
    if today - start < timedelta(days=60):
        start = start.replace(year=today.year - 2)
    with clock.frozen(start):
        load_city(folder, password=PASSWORD)
    wiring.connect(at_once=True)
    simulate(folder, today, lambda month: print(f"  {month:%Y-%m} …", flush=True))
    while seal_entries():
        pass
    actions, entries = sum(completed.values()), AuditEntry.objects.count()
    print(f"{actions} 个动作 / actions，{entries} 条审计记录 / audit entries", flush=True)
    if actions != entries or actions > MOST_ACTIONS:
        print("动作数与审计记录数不符或超出上限 / actions and audit entries differ, or too many")
        return 1
    return 0
