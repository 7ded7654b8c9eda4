"""The figures of `shiyu bench-matters`: rows of the JSON, the table on the screen. Knows no Django."""

from __future__ import annotations

import statistics
from typing import Any

from shiyu.bench.figures import Figure, table

TIMES = 40
"""Runs of each case at each size."""
ACTION_RATIO, PAGE_P95_MS, PAGE_GROWTH, RATES_MS = 3.0, 50.0, 1.3, 300.0
Found = dict[str, dict[int, dict[str, Any]]]
"""Case → matters in the database → {ours, hand: milliseconds of each run; queries, rows, touched; hand_…}."""


def p50(took: list[float]) -> float:
    """The median, in milliseconds."""
    return round(statistics.median(took), 2)


def p95(took: list[float]) -> float:
    """What 95 of 100 runs stay within, in milliseconds; of few runs the slowest."""
    ordered = sorted(took)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2)


def figures_of(found: Found, aims: dict[str, str]) -> list[Figure]:
    """All figures, with the targets of the case's aim (issue 3, section 7): an action's ratio to its SQL; a page's p95 and
    its growth, at the larger size; the rates' p95."""
    figures: list[Figure] = []
    for case, sizes in found.items():
        aim, smallest, largest = aims[case], min(sizes), max(sizes)
        for count, part in sizes.items():
            at = f"@{count}"
            ratio = round(p50(part["ours"]) / max(p50(part["hand"]), 0.01), 2)
            growth = round(p50(part["ours"]) / p50(sizes[smallest]["ours"]), 2)
            is_large = count == largest
            figures += [
                _figure(f"{case}/p50{at}", p50(part["ours"]), "ms"),
                _figure(f"{case}/p95{at}", p95(part["ours"]), "ms", _p95_target(aim) if is_large else None),
                _figure(f"{case}/sql_p50{at}", p50(part["hand"]), "ms"),
                _figure(f"{case}/sql_p95{at}", p95(part["hand"]), "ms"),
                _figure(f"{case}/ratio{at}", ratio, "×", ACTION_RATIO if aim == "action" else None),
                *(
                    _figure(f"{case}/{prefix}{name}{at}", part[f"{prefix}{name}"], unit)
                    for prefix in ("", "hand_")
                    for name, unit in (("queries", "queries"), ("rows", "rows"), ("touched", "rows"))
                ),
            ]
            if is_large and largest != smallest:
                figures.append(
                    _figure(f"{case}/growth{at}", growth, "×", PAGE_GROWTH if aim == "page" else None)
                )
    return figures


def _p95_target(aim: str) -> float | None:
    return {"page": PAGE_P95_MS, "rates": RATES_MS}.get(aim)


def _figure(name: str, value: float, unit: str, target: float | None = None) -> Figure:
    return Figure(name, value, unit, target=target, met=None if target is None else value <= target)


def shown(found: Found, aims: dict[str, str]) -> str:
    """One line a case and size."""
    head = [
        "做什么 what", "件数 matters", "p50 ms", "p95 ms", "SQL p50", "SQL p95", "比 ratio", "增长 growth",
        "查询 queries", "读行 rows read", "SQL 查询 queries", "SQL 读行 rows read", "达标 met",
    ]  # fmt: skip
    met: dict[str, list[bool]] = {}
    values = {figure.name: figure for figure in figures_of(found, aims)}
    for name, figure in values.items():
        if figure.met is not None:
            met.setdefault(name.partition("/")[0] + "@" + name.rpartition("@")[2], []).append(figure.met)
    lines = []
    for case, sizes in found.items():
        for count in sizes:

            def of(name: str, case: str = case, count: int = count) -> str:
                figure = values.get(f"{case}/{name}@{count}")
                return f"{figure.value:g}" if figure and figure.value is not None else ""

            aimed = met.get(f"{case}@{count}")
            lines.append(
                [case, f"{count:,}", of("p50"), of("p95"), of("sql_p50"), of("sql_p95"), of("ratio"), of("growth"),
                 of("queries"), of("touched"), of("hand_queries"), of("hand_touched"),
                 "" if aimed is None else "是 yes" if all(aimed) else "否 no"]
            )  # fmt: skip
    return table(head, lines)
