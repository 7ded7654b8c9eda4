"""YAML, read strictly: no doubles, no tags, no anchors; every value keeps its line.

Scalars stay as they are written (`1.10` is not 1.1, `0510` not 510, `no` not false); the models give them
their types.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from shiyu.packs.read.advice import QUOTES, advice
from shiyu.packs.read.errors import PackError

Path_ = tuple[str | int, ...]
MAX_BYTES = 8 * 1024 * 1024
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = ("", "~", "null")


class YamlFile:
    """One file: `value` (dicts, lists, texts, None), the line of every path in it, and its errors."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.value: Any = None
        self.lines: dict[Path_, int] = {(): 1}
        self.errors: list[PackError] = []
        self._seen: set[int] = set()
        text = read_text(folder, name, self.errors)
        if text is None:
            return
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            self._wrong(*advice(text, error))
            return
        if node is not None:
            self.value = self._read(node, ())

    def _wrong(self, line: int, zh: str, en: str) -> None:
        self.errors.append(PackError(self.name, line, zh, en))

    def _read(self, node: yaml.Node, path: Path_) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            self._wrong(line, "不能使用锚点和别名（& *）", "anchors and aliases (& *) are not allowed")
            return None
        self._seen.add(id(node))
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith("tag:yaml.org,2002:python"):
            self._wrong(line, f"不能使用标签 {node.tag}", f"tags are not allowed: {node.tag}")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, (*path, n)) for n, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL:
            return None  # plain, not quoted: the C parser says "", the Python one None
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._wrong(line, *QUOTES)
                continue
            key = key_node.value
            if key in found:
                self._wrong(line, f"键 {key} 重复", f"{key} stands here twice")
                continue
            self.lines[(*path, key)] = line
            found[key] = self._read(value_node, (*path, key))
        return found


def read_text(folder: Path, name: str, errors: list[PackError]) -> str | None:
    """A file's text, or None with an error added: missing, too large (8 MB), not UTF-8."""
    file = folder / name
    try:
        if file.stat().st_size > MAX_BYTES:
            errors.append(PackError(name, 1, "文件超过 8 MB", "the file is larger than 8 MB"))
            return None
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        errors.append(PackError(name, 1, "文件不是 UTF-8 编码", "the file is not UTF-8"))
    except OSError:
        errors.append(PackError(name, 1, "找不到或打不开文件", "the file is missing or cannot be opened"))
    return None
