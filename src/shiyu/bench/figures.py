"""What was measured: the rows of `var/bench/<name>.json` and the table on the screen. Knows no Django."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

QUERIES_MAY_GROW = 1.1
"""Most queries of a page with more data, as a multiple of its queries at the smallest size."""
TIME_MAY_GROW = 2
"""Most milliseconds of a page with more data, as a multiple of its target at the smallest size."""
MEASURES = {"time": "ms", "queries": "queries", "rows_read": "rows", "rows_shown": "rows"}
"""What is measured of a page or job, and its unit."""


@dataclass(frozen=True)
class Figure:
    """One measured value. `ratio` is to the same value at the smallest size; `met` is None without a target.

    A page that is not there has no value, and says so in `unit`.
    """

    name: str
    value: float | None
    unit: str
    ratio: float | None = None
    target: float | None = None
    met: bool | None = None


def figures_of(runs: dict[int, dict[str, dict[str, Any]]]) -> list[Figure]:
    """All figures of `runs`: scale → measured thing → {time, queries, rows_read, rows_shown, target | missing}.

    `target` is the most milliseconds a page or job may take; with more data a page may take `TIME_MAY_GROW` times as
    long, a job no longer than at the smallest size. A page's queries may not grow with the data.
    """
    found: list[Figure] = []
    smallest = min(runs)
    for scale, things in sorted(runs.items()):
        for thing, values in things.items():
            if "missing" in values:
                found.append(Figure(f"{thing}@{scale}x", None, str(values["missing"]), met=False))
                continue
            first = runs[smallest].get(thing, {})
            for measure, unit in MEASURES.items():
                if values.get(measure) is not None:
                    name = f"{thing}/{measure}@{scale}x"
                    found.append(_figure(name, unit, values, first, measure, scale != smallest))
    return found


def _figure(
    name: str, unit: str, values: dict[str, Any], first: dict[str, Any], measure: str, grown: bool
) -> Figure:
    value, before = values[measure], first.get(measure)
    ratio = round(value / before, 2) if grown and before else None
    target = None
    if measure == "time":
        target = values.get("target")
        if target is not None and grown and name.startswith("page."):
            target *= TIME_MAY_GROW
    elif measure == "queries" and grown and before and name.startswith("page."):
        target = round(before * QUERIES_MAY_GROW, 1)
    return Figure(name, value, unit, ratio, target, None if target is None else value <= target)


def write_figures(folder: Path, name: str, figures: Iterable[Figure]) -> Path:
    """Write `<folder>/<name>.json`, a list of {name, value, unit, ratio, target, met}; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    rows = [asdict(figure) for figure in figures]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lines of aligned columns; a Chinese character is two columns wide. All but the first stand to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(head))]
    return "".join(
        "  ".join(
            cell + " " * (width - _width(cell)) if at == 0 else " " * (width - _width(cell)) + cell
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shown(figures: Iterable[Figure]) -> str:
    """The figures as a table: one line a thing and size, with its growth, and whether targets are met."""
    lines: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        thing, _, rest = figure.name.partition("/")
        measure, _, scale = rest.partition("@")
        lines.setdefault(f"{thing} {scale}" if rest else thing.replace("@", " "), {})[measure] = figure
    head = [
        "页面、任务 page, job", "毫秒 ms", "增长 growth", "查询 queries", "增长 growth",
        "读行 rows read", "显示 rows shown", "上限 target", "达标 met",
    ]  # fmt: skip
    return table(head, (_line(name, found) for name, found in lines.items()))


def _line(name: str, found: dict[str, Figure]) -> list[str]:
    if "" in found:
        return [name, found[""].unit, *[""] * 6, "否 no"]
    time, queries = found["time"], found.get("queries")
    aimed = [figure for figure in found.values() if figure.met is not None]
    return [
        name,
        _number(time.value),
        _times(time),
        _number(queries.value if queries else None),
        _times(queries),
        *(_number(found[part].value if part in found else None) for part in ("rows_read", "rows_shown")),
        "，".join(f"{figure.target:g} {figure.unit}" for figure in aimed),
        "" if not aimed else "是 yes" if all(figure.met for figure in aimed) else "否 no",
    ]


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def _times(figure: Figure | None) -> str:
    return f"{figure.ratio:g}×" if figure and figure.ratio is not None else ""
