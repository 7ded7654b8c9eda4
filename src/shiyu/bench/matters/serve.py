"""`shiyu bench-matters-run`: one size in a process of its own. Fills its database where that is asked, then measures what it
is told to, a line at a time, so that two sizes take turns on the same machine."""

from __future__ import annotations

import argparse
import json
import sys

from django.core.management import call_command
from django.db import connection

from shiyu.bench.matters.cases import cases
from shiyu.bench.matters.fill import fill, size
from shiyu.bench.matters.measure import measured
from shiyu.seeding import load_city


def run(arguments: argparse.Namespace) -> int:
    """Answers each line on the standard input (`{"case": name, "times": n}`) with a line of figures."""
    if arguments.fill:
        call_command("migrate", verbosity=0)
        load_city(arguments.folder)
        fill(arguments.folder, arguments.count)
    found = {case.name: case for case in cases()}
    _say({"cases": {name: case.aim for name, case in found.items()}, "size": size()})
    for line in sys.stdin:
        asked = json.loads(line)
        _say(measured(found[asked["case"]], asked["times"]))
    connection.close()
    return 0


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
