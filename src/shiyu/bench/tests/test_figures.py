"""What `make bench` writes: its shape, its growth and its targets. Times are never asserted."""

import json
from pathlib import Path

from shiyu.bench.figures import figures_of, shown, write_figures

RUNS = {
    1: {
        "page.desk": {"time": 10.0, "queries": 8, "rows_read": 40, "rows_shown": 12},
        "page.gone": {"missing": "no"},
    },
    20: {
        "page.desk": {"time": 15.0, "queries": 9, "rows_read": 80, "rows_shown": 12},
        "job.pack": {"time": 4000.0, "queries": 30, "rows_read": 9, "target": 5000},
    },
}


def test_the_file_is_a_list_of_values_with_ratio_and_target(tmp_path: Path) -> None:
    file = write_figures(tmp_path / "bench", "pages", figures_of(RUNS))
    assert file == tmp_path / "bench" / "pages.json"
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert all(list(row) == ["name", "value", "unit", "ratio", "target", "met"] for row in rows)
    found = {row["name"]: row for row in rows}
    assert found["page.desk/time@1x"] == {
        "name": "page.desk/time@1x", "value": 10.0, "unit": "ms", "ratio": None, "target": None, "met": None
    }  # fmt: skip
    assert found["page.desk/time@20x"]["ratio"] == 1.5
    queries = found["page.desk/queries@20x"]
    assert (queries["value"], queries["target"], queries["met"]) == (9, 8.8, False)
    pack = found["job.pack/time@20x"]
    assert (pack["target"], pack["met"]) == (5000, True)
    assert "job.pack/rows_shown@20x" not in found


def test_a_page_that_is_missing_says_so() -> None:
    gone = next(figure for figure in figures_of(RUNS) if figure.name == "page.gone@1x")
    assert (gone.value, gone.unit, gone.met) == (None, "no", False)
    assert shown([gone]).splitlines()[1].split() == ["page.gone", "1x", "no", "否", "no"]
