"""The command before Django is set up: a new database for the measurement, dropped again after it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from shiyu.demo.database import environment_for, server_url, start_anew
from shiyu.demo.start import PACKS, PROJECT

NAME = "shiyu_bench_orders"


def bench(arguments: argparse.Namespace) -> int:
    """Measure `arguments.rows` work orders in the city's first layout, or the one named."""
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    os.environ["SHIYU_VAR"] = str(var)
    url = server_url(var)
    start_anew(url, NAME)
    command = [
        sys.executable,
        "-m",
        "shiyu",
        "bench-orders-run",
        str(arguments.rows),
        str(_folder(arguments.city)),
    ]
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment = environment_for(NAME) | {"SHIYU_ENV": "", "SHIYU_MEDIA": folder}
            return subprocess.run(
                [*command, "--source", arguments.source], env=environment, check=False
            ).returncode
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(NAME)))


def _folder(city: str) -> Path:
    """The pack named, else the first one with another system's work orders."""
    if city:
        return PACKS / city
    files = sorted(PACKS.glob("*/*.yaml"))
    return next(file.parent for file in files if "\norder_source:" in file.read_text(encoding="utf-8"))
