"""`shiyu bench-matters`: two sizes filled and measured in turn, beside hand-written SQL; the tables and the JSON.

Runs before Django is set up, because which database Django uses is decided here. The databases are dropped again, unless
`--keep` is given: then a later run finds them filled.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from shiyu.bench.figures import write_figures
from shiyu.bench.matters.result import TIMES, figures_of, shown
from shiyu.demo.database import databases, environment_for, server_url, start_anew
from shiyu.demo.start import PACKS, PROJECT

WHOLE = 1_000_000
"""Matters at SCALE=1; each leaves about ten steps."""
LEAST = 1_000
ROUNDS = 2
"""How often each case is measured at each size, in turn: what slows the machine for a while slows both."""


class Size:
    """One database with its process."""

    def __init__(self, url: str, city: str, count: int, keep: bool) -> None:
        self.url, self.count, self.keep = url, count, keep
        self.name = f"shiyu_bench_matters_{count}"
        self.is_filled = keep and self.name in databases(url)
        if not self.is_filled:
            start_anew(url, self.name)
        environment = environment_for(self.name) | {"SHIYU_ENV": "", "SHIYU_HOSTS": "testserver"}
        environment["PYTHONWARNINGS"] = "ignore::UserWarning"  # no built styles are needed here
        command = [sys.executable, "-m", "shiyu", "bench-matters-run", str(count), str(PACKS / city)]
        self.process = subprocess.Popen(
            command + ([] if self.is_filled else ["--fill"]),
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def answer(self) -> dict[str, Any]:
        """The next line of the process. Raises RuntimeError where it has ended."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"{self.name}: {self.process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def measure(self, case: str, times: int) -> dict[str, Any]:
        """The figures of one case."""
        if self.process.stdin:
            self.process.stdin.write(json.dumps({"case": case, "times": times}) + "\n")
            self.process.stdin.flush()
        return self.answer()

    def end(self) -> None:
        """Ends the process and drops the database, unless it is kept."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.terminate()
        self.process.wait()
        if not self.keep:
            with psycopg.connect(self.url, autocommit=True) as connection:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(self.name)))


def bench(arguments: argparse.Namespace) -> int:
    """Measure a tenth of `arguments.scale` million matters, and all of them."""
    whole = int(arguments.scale * WHOLE)
    if whole // 10 < LEAST:
        sys.stderr.write(f"SCALE 至少 {LEAST * 10 / WHOLE} / SCALE must be at least that\n")
        return 2
    var = Path(os.environ.get("SHIYU_VAR", PROJECT / "var")).resolve()
    os.environ["SHIYU_VAR"] = str(var)
    url = server_url(var)
    sizes: list[Size] = []
    try:
        began = time.monotonic()
        told = []
        for count in (whole // 10, whole):
            sizes.append(Size(url, arguments.city, count, arguments.keep))
            told.append(sizes[-1].answer())
            _say(
                f"{count:,} 件 matters，{told[-1]['size']['matters.step']:,} 步 steps：{time.monotonic() - began:.0f} s\n"
            )
        load = os.getloadavg()[0]
        found = _measured(sizes, told[0]["cases"], arguments.only)
        figures = figures_of(found, told[0]["cases"])
        file = write_figures(var / "bench", "matters", figures)
        _say(f"\n{shown(found, told[0]['cases'])}\n负载 load {load:.1f} → {os.getloadavg()[0]:.1f}\n{file}\n")
        missed = [figure.name for figure in figures if figure.met is False]
        _say(f"未达标 not met: {'、'.join(missed) or '—'}\n")
    finally:
        for size in sizes:
            size.end()
    return 0


def _measured(sizes: list[Size], cases: dict[str, str], only: str) -> dict[str, dict[int, dict[str, Any]]]:
    """Case → size → figures; each case at both sizes in turn."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for case in cases:
        if only and only not in case:
            continue
        _say(".")
        for _round in range(ROUNDS):
            for size in sizes:
                part = size.measure(case, TIMES // ROUNDS)
                kept = found.setdefault(case, {}).setdefault(size.count, part)
                if kept is not part:
                    kept["ours"] += part["ours"]
                    kept["hand"] += part["hand"]
    return found


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
