"""The house's rules, read from the imports and the folders (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "shiyu"

# A package imports only packages above it in this list.
ORDER = [
    "lib",
    "ui",
    "kernel",
    "reading",
    "audit",
    "packs",
    "places",
    "people",
    "notices",
    "documents",
    "letters",
    "periods",
    "matters",
    "mediation",
    "meetings",
    "surge",
    "plans",
    "briefs",
    "desk",
    "command",
    "exchange",
]
# The ground floor: they join everything, and only they may.
TOP = {
    "wiring",
    "settings",
    "urls",
    "cli",
    "wsgi",
    "middleware",
    "apps",
    "seeding",
    "serving",
    "commands",
    "backup",
    "demo",
    "bench",
    "__main__",
    "__init__",
}
PURE = {"lib", "kernel", "reading"}
ROOMS = {
    "models", "access", "queries", "actions", "events", "forms", "views", "urls", "api", "jobs",
    "panels", "templates", "templatetags", "static", "tests", "migrations", "locale", "apps", "__init__", "__pycache__",
}  # fmt: skip
# Apps whose subject is a rule or a maker keep it in modules of their own, named here (ADR 0003).
SUBJECT_ROOMS = {
    "packs": {"check", "read", "reference"},
    "letters": {"numbers"},
    "matters": {"clocks", "kinds", "effects"},
    "documents": None,  # serving, Word, Excel and archives: the makers
    "ui": None,  # lists, forms, context: no domain
}
FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "manager", "service"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts and "tests" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            if node.module == "shiyu":
                for name in node.names:
                    yield f"shiyu.{name.name}", node


def package_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def breaks_order(package: str, imported: str) -> bool:
    """Whether a module of `package` may not import `imported` ("shiyu.x.…")."""
    target = imported.split(".")[1] if imported.startswith("shiyu.") else ""
    if not target or package in TOP or target == package:
        return False
    if target in TOP:
        return target not in {"__init__"}
    return ORDER.index(target) > ORDER.index(package)


def test_packages_import_only_what_stands_above_them() -> None:
    broken = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path, tree in modules()
        for name, _ in imports_of(tree)
        if breaks_order(package_of(path), name)
    ]
    assert broken == []


def test_the_rule_itself_can_fail() -> None:
    assert breaks_order("meetings", "shiyu.plans.models")
    assert breaks_order("matters", "shiyu.wiring")
    assert not breaks_order("plans", "shiyu.matters.models")


def test_pure_packages_know_no_django() -> None:
    broken = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path, tree in modules()
        if package_of(path) in {"kernel", "reading"}
        for name, _ in imports_of(tree)
        if name.split(".")[0] in {"django", "procrastinate"}
    ]
    assert broken == []


def test_no_imports_inside_functions() -> None:
    allowed = {"jobs.py", "apps.py"}
    broken = []
    for path, tree in modules():
        if path.name in allowed:
            continue
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                broken += [
                    f"{path.relative_to(SOURCE)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    assert broken == []


def test_every_app_has_only_the_rooms_of_the_house() -> None:
    broken = []
    for package in ORDER:
        if package in PURE or SUBJECT_ROOMS.get(package, set()) is None:
            continue
        extra = SUBJECT_ROOMS.get(package) or set()
        for entry in (SOURCE / package).iterdir():
            name = entry.name.removesuffix(".py")
            if name not in ROOMS | extra:
                broken.append(str(entry.relative_to(SOURCE)))
    assert broken == []


def test_no_forbidden_file_names() -> None:
    assert [str(p) for p, _ in modules() if p.stem in FORBIDDEN] == []


def test_no_file_over_400_lines() -> None:
    long = [
        f"{p.relative_to(SOURCE)}: {n}" for p, _ in modules() if (n := len(p.read_text().splitlines())) > 400
    ]
    assert long == []


def test_no_function_over_40_lines() -> None:
    long = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = node.end_lineno - body[0].lineno + 1 if body else 0
                if lines > 40:
                    long.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_public_functions_of_actions_and_queries_have_docstrings() -> None:
    bare = []
    for path, tree in modules():
        if "actions" not in path.parts and path.stem not in {"actions", "queries", "access"}:
            continue
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                bare.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert bare == []


@pytest.mark.parametrize(
    "word", ["luzhou", "lijiang", "yuexi", "qianjiang", "zhangzhou", "泸州", "丽江", "岳西", "黔江", "漳州"]
)
def test_no_city_in_the_code(word: str) -> None:
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.po")]
    found = [
        str(path.relative_to(SOURCE))
        for path in files
        if "tests" not in path.parts and word in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []
