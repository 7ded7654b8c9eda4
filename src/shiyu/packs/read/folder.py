"""Puts a pack's files together and gives every error its file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.plan_seed import GuidelineSeed, PlanSeed
from shiyu.kernel.spec.seed import (
    AliasRow,
    AreaRow,
    FunctionRow,
    MediatorRow,
    MemberRow,
    PersonRow,
    PostRow,
    Seed,
    UnitRow,
)
from shiyu.packs.read.errors import PackError, causes, place_of, sentences
from shiyu.packs.read.nodes import Path_, YamlFile, read_text

SINGLE = (
    "pack",
    "seed",
    "calendar",
    "plan",
    "opinion",
    "archive",
    "functions",
    "addressing",
    "mediation",
    "surge",
    "watch",
)
"""Nouns that stand once; the others map codes to stanzas."""

NOT_READ = (".yml", ".yaml", ".yml.txt", ".yaml.txt")
"""Endings under which somebody may have saved a file of the pack (`.YAML` and the hidden `.txt` among them)."""

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class Placed(Generic[Row]):
    """One thing of a seed file with where it stands."""

    row: Row
    file: str
    line: int
    lines: dict[Path_, int] = field(default_factory=dict, repr=False, compare=False)

    def at(self, *path: str | int) -> int:
        """The line of a part of it, or of the nearest part above."""
        return nearest(self.lines, path, self.line)


@dataclass
class SeedRows:
    """Everything below seed/, validated row by row, in file order."""

    areas: list[Placed[AreaRow]] = field(default_factory=list)
    units: list[Placed[UnitRow]] = field(default_factory=list)
    aliases: list[Placed[AliasRow]] = field(default_factory=list)
    members: list[Placed[MemberRow]] = field(default_factory=list)
    functions: list[Placed[FunctionRow]] = field(default_factory=list)
    mediators: list[Placed[MediatorRow]] = field(default_factory=list)
    posts: list[Placed[PostRow]] = field(default_factory=list)
    people: list[Placed[PersonRow]] = field(default_factory=list)
    guidelines: list[Placed[GuidelineSeed]] = field(default_factory=list)
    plans: list[Placed[PlanSeed]] = field(default_factory=list)


@dataclass
class PackFolder:
    """What was read. `pack` is None if its shape is wrong; `errors` holds what the shape pass found."""

    folder: Path
    pack: Pack | None = None
    seeds: SeedRows = field(default_factory=SeedRows)
    errors: list[PackError] = field(default_factory=list)
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    """Files with errors of shape: what they lack may only not have been read."""

    def where(self, *path: str | int) -> tuple[str, int]:
        """File and line of a part of the pack, or of the nearest part above that was written."""
        return nearest(self.places, path, ("pack.yaml", 1))


_V = TypeVar("_V")


def nearest(places: dict[Path_, _V], path: Iterable[str | int], otherwise: _V) -> _V:
    """The value of the longest written beginning of the path."""
    parts = tuple(path)
    for length in range(len(parts), 0, -1):
        if parts[:length] in places:
            return places[parts[:length]]
    return otherwise


def read_folder(folder: Path | str) -> PackFolder:
    """Read a pack (first pass: shape). Never raises for what stands in the files; a folder that does not
    exist is an error of its pack.yaml."""
    found = PackFolder(Path(folder))
    if not found.folder.is_dir():
        found.errors.append(_no_folder(found.folder))
        return found
    names = sorted(
        file.relative_to(found.folder).as_posix()
        for file in found.folder.rglob("*.yaml")
        if not file.relative_to(found.folder).as_posix().startswith("seed/")
    )
    if "pack.yaml" not in names:
        found.errors.append(PackError("pack.yaml", 1, "找不到 pack.yaml", "there is no pack.yaml"))
    found.errors += _not_read(found.folder)
    merged: dict[str, Any] = {}
    files = [YamlFile(found.folder, name) for name in names]
    for file in files:
        _merge(found, merged, file)
    whole = "pack.yaml" in names and not any(file.errors for file in files)
    if names:
        _validate(found, merged, whole)
    seed = found.pack.seed if found.pack else _seed_alone(merged)
    if seed is not None:
        _read_seeds(found, seed)
    found.errors = sorted(set(found.errors))
    found.unread = frozenset(error.file for error in found.errors)
    return found


def _no_folder(folder: Path) -> PackError:
    if folder.is_file():
        return PackError(
            folder.name,
            1,
            f"这是一个文件，请写城市包所在的文件夹，例如 {folder.parent}",
            f"this is a file; name the pack's folder, such as {folder.parent}",
        )
    return PackError("pack.yaml", 1, f"没有文件夹 {folder}", f"there is no folder {folder}")


def _not_read(folder: Path) -> list[PackError]:
    """Files that look like part of the pack but bear another ending: nobody would notice that they do not count."""
    names = (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return [
        PackError(
            name,
            1,
            "只读取以 .yaml 结尾的文件，这个文件没有读取；请改名",
            "only files ending in .yaml are read, so this one was not; rename it",
        )
        for name in sorted(names)
        if name.lower().endswith(NOT_READ) and not name.endswith(".yaml") and not name.startswith("seed/")
    ]


def _merge(found: PackFolder, merged: dict[str, Any], file: YamlFile) -> None:
    """Add one file's stanzas; the same noun or code in two files is an error."""
    found.errors += file.errors
    if file.value is None or file.errors:
        return
    if not isinstance(file.value, dict):
        found.errors.append(
            PackError(file.name, 1, "文件最外层应为“名词: 内容”", "the file must be nouns with their content")
        )
        return
    for noun, body in file.value.items():
        if noun not in Pack.model_fields:
            said = sentences({"type": "extra_forbidden", "loc": (noun,)}, Pack)
            found.errors.append(PackError(file.name, file.lines[(noun,)], *said))
        elif noun in SINGLE or not isinstance(body, dict):
            _place(found, merged, file, (noun,), body)
        else:
            found.places.setdefault((noun,), (file.name, file.lines[(noun,)]))
            merged.setdefault(noun, {})
            for code, stanza in body.items():
                _place(found, merged, file, (noun, code), stanza)


def _place(found: PackFolder, merged: dict[str, Any], file: YamlFile, path: Path_, body: Any) -> None:
    line = file.lines[path]
    target = merged if len(path) == 1 else merged[str(path[0])]
    if not isinstance(target, dict) or path[-1] in target:
        other = found.where(*path)
        found.errors.append(
            PackError(
                file.name,
                line,
                f"{path[-1]} 已在 {other[0]} 第 {other[1]} 行写过",
                f"{path[-1]} stands already in {other[0]}, line {other[1]}",
            )
        )
        return
    target[str(path[-1])] = body
    for part, at in file.lines.items():
        if part[: len(path)] == path:
            found.places[part] = (file.name, at)


def _validate(found: PackFolder, merged: dict[str, Any], whole: bool) -> None:
    """The pack from all its files. Where one of them could not be read (`whole` is false), what is missing is no error
    of its own, and nothing is said of what the files mean together."""
    try:
        pack = Pack.model_validate(merged)
        found.pack = pack if whole else None
    except ValidationError as error:
        for detail in causes(error.errors()):
            if not whole and detail["type"] == "missing" and len(detail["loc"]) == 1:
                continue
            file, line = found.where(*place_of(dict(detail)))
            found.errors.append(PackError(file, line, *sentences(dict(detail), Pack)))


def _seed_alone(merged: dict[str, Any]) -> Seed | None:
    """The seed stanza if it is right by itself, so that seed errors show together with the rest."""
    try:
        return Seed.model_validate(merged.get("seed"))
    except ValidationError:
        return None


def _read_seeds(found: PackFolder, seed: Seed) -> None:
    rows = found.seeds
    rows.areas = _table(found, seed.areas, AreaRow)
    rows.units = _table(found, seed.units, UnitRow)
    rows.aliases = _table(found, seed.aliases, AliasRow)
    rows.members = _table(found, seed.members, MemberRow)
    rows.functions = _table(found, seed.functions, FunctionRow)
    rows.mediators = _table(found, seed.mediators, MediatorRow)
    rows.posts = _table(found, seed.posts, PostRow)
    rows.people = _table(found, seed.people, PersonRow)
    rows.guidelines = [one for name in seed.guidelines for one in _document(found, name, GuidelineSeed)]
    rows.plans = [one for name in seed.plans for one in _document(found, name, PlanSeed)]


def _document(found: PackFolder, name: str, model: type[Row]) -> list[Placed[Row]]:
    file = YamlFile(found.folder, name)
    found.errors += file.errors
    if file.value is None:
        if not file.errors:
            found.errors.append(PackError(name, 1, "文件是空的", "the file is empty"))
        return []
    try:
        return [Placed(model.model_validate(file.value), name, 1, file.lines)]
    except ValidationError as error:
        for detail in error.errors():
            line = nearest(file.lines, place_of(dict(detail)), 1)
            found.errors.append(PackError(name, line, *sentences(dict(detail), model)))
        return []


def _table(found: PackFolder, name: str | None, model: type[Row]) -> list[Placed[Row]]:
    text = read_text(found.folder, name, found.errors) if name else None
    if name is None or text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Placed[Row]] = []
    try:
        header = next(reader, [])
        if _wrong_header(found, name, header, model):
            return []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(header, cells, strict=False))
                surplus = len(cells) - len(header)
                rows += _table_row(found, name, reader.line_num, row, model, surplus)
    except csv.Error as error:
        line = reader.line_num
        found.errors.append(PackError(name, line, f"CSV 写法不对：{error}", f"not valid CSV: {error}"))
    return rows


def _wrong_header(found: PackFolder, name: str, header: list[str], model: type[BaseModel]) -> bool:
    wanted = list(model.model_fields)
    faults = [
        *((f"表头缺少 {key}", f"the header lacks {key}") for key in wanted if key not in header),
        *((f"表头有不认识的列 {key}", f"unknown column {key}") for key in header if key not in wanted),
        *((f"表头 {key} 重复", f"column {key} stands twice") for key in set(header) if header.count(key) > 1),
    ]
    found.errors += [PackError(name, 1, zh, en) for zh, en in faults]
    return bool(faults)


def _table_row(
    found: PackFolder, name: str, line: int, cells: dict[str, str], model: type[Row], surplus: int
) -> list[Placed[Row]]:
    if surplus:
        found.errors.append(
            PackError(name, line, "单元格数与表头不一致", "the row has more or fewer cells than the header")
        )
        return []
    try:
        filled = {key: cell.strip() for key, cell in cells.items() if cell.strip()}
        return [Placed(model.model_validate(filled), name, line)]
    except ValidationError as error:
        found.errors += [PackError(name, line, *sentences(dict(detail), model)) for detail in error.errors()]
        return []
