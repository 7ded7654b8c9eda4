"""`shiyu bench`: a database for each size, filled and measured in a process of its own, then the comparison.

Runs before Django is set up, because which database Django uses is decided here. The databases are dropped again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from shiyu.bench.figures import figures_of, shown, table, write_figures
from shiyu.demo.database import environment_for, server_url, start_anew
from shiyu.demo.start import PACKS, PROJECT

NAME = "pages_and_jobs"


def bench(arguments: argparse.Namespace) -> int:
    """Measure at each of `arguments.scale` (multiples of the city's size), print it and write the JSON."""
    scales = sorted(set(arguments.scale))
    if not scales or scales[0] < 1:
        sys.stderr.write("--scale 要正整数 / --scale takes whole numbers from 1\n")
        return 2
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    os.environ["SHIYU_VAR"] = str(var)
    url = server_url(var)
    found: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for scale in scales:
            out = Path(folder) / f"{scale}.json"
            code = _run(url, scale, out)
            if code:
                return code
            found[scale] = json.loads(out.read_text(encoding="utf-8"))
    sizes = [
        [name, *(f"{found[scale]['size'][name]:,}" for scale in scales)] for name in found[scales[0]]["size"]
    ]
    sys.stdout.write("\n" + table(["数据量 rows in the database", *(f"{scale}×" for scale in scales)], sizes))
    figures = figures_of({scale: part["things"] for scale, part in found.items()})
    file = write_figures(var / "bench", NAME, figures)
    missed = [figure.name for figure in figures if figure.met is False]
    sys.stdout.write(f"\n{shown(figures)}\n{file}\n")
    sys.stdout.write(f"未达标 not met: {'、'.join(missed) or '—'}\n")
    return 0


def folder_of_city() -> Path:
    """The pack that the project ships as its own."""
    return PACKS / (PACKS / "DEFAULT").read_text().strip()


def _run(url: str, scale: int, out: Path) -> int:
    """Fill and measure one size in a new database; the exit code."""
    name = f"shiyu_bench_{scale}"
    start_anew(url, name)
    environment = environment_for(name) | {"SHIYU_ENV": "", "SHIYU_HOSTS": "testserver"}
    environment["PYTHONWARNINGS"] = "ignore::UserWarning"  # no built styles are needed here
    command = [sys.executable, "-m", "shiyu", "bench-run", str(scale), str(folder_of_city()), str(out)]
    try:
        return subprocess.run(command, env=environment).returncode
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))
