"""Second pass: the fields of a kind's or a cycle's form can be drawn, filled in and kept."""

from __future__ import annotations

from collections.abc import Mapping

from shiyu.kernel.fields import CYCLE_COLUMNS, KIND_COLUMNS, Form
from shiyu.kernel.spec.matters import FieldType
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder

TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)


def check_forms(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every field that would be kept in the clear, fill the wrong column or have no place."""
    for code, kind in pack.kind.items():
        if kind.personal:
            _wrong(
                found,
                ("kind", code, "personal"),
                "个人信息加密尚未提供，不能设 personal: true",
                "personal data cannot be encrypted yet, so `personal: true` is refused",
            )
        _fields(found, kind.form, KIND_COLUMNS, "kind", code, "form")
    for code, cycle in pack.cycle.items():
        _fields(found, cycle.form, CYCLE_COLUMNS, "cycle", code, "form")
        for name, field in cycle.form.items():
            if field.type is FieldType.FILES:
                _wrong(
                    found,
                    ("cycle", code, "form", name),
                    f"填报表单不用 files 字段 {name}，佐证材料另有上传处",
                    f"a report's form takes no field of files ({name}); its proof has a place of its own",
                )


def _fields(found: PackFolder, form: Form, columns: Mapping[str, str], *path: str) -> None:
    for name, field in form.items():
        if field.personal:
            _wrong(
                found,
                (*path, name),
                f"字段 {name} 是个人信息，加密尚未提供，不能使用",
                f"the field {name} is personal data, which cannot be encrypted yet, so it is refused",
            )
        if name in columns and field.type not in TEXTS:
            _wrong(
                found,
                (*path, name),
                f"字段 {name} 填入清单的文字栏，类型只能是 text 或 long_text",
                f"the field {name} fills a text column of a list; its type is text or long_text",
            )


def _wrong(found: PackFolder, path: tuple[str, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
