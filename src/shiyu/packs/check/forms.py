"""Second pass: the fields of a kind's or a cycle's form can be drawn, filled in and kept."""

from __future__ import annotations

from collections.abc import Mapping

from shiyu.kernel.conditions import FACTS
from shiyu.kernel.fields import CYCLE_COLUMNS, KIND_COLUMNS, Form
from shiyu.kernel.spec.matters import FieldType, FormField, Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder

TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)
TAKEN = frozenset(
    {
        *FACTS["matter"],
        *("title", "text", "happened_on", "due_at", "person", "fields", "files"),
        *("unit_id", "lead_unit_id", "supporting_unit_ids", "area_id", "further_area_ids"),
    }
)
"""What every matter has already: a field of that name would be hidden behind it, in conditions and elsewhere."""


def check_forms(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every field that would be kept in the clear, fill the wrong column or have no place."""
    for code, kind in pack.kind.items():
        if kind.personal and kind.reporter == "none":
            _wrong(
                found,
                ("kind", code, "personal"),
                "personal: true 只用于有来件人（reporter）的事项，其密钥按 keep 销毁",
                "`personal: true` belongs to kinds with a reporter, whose key is destroyed after `keep`",
            )
        _fields(found, kind.form, KIND_COLUMNS, "kind", code, "form")
        for name, field in kind.form.items():
            if name in TAKEN:
                _wrong(
                    found,
                    ("kind", code, "form", name),
                    f"每个事项本来就有 {name}，字段换一个代码，例如 own_{name}",
                    f"every matter has {name} already; give the field another code, such as own_{name}",
                )
            if field.personal:
                _sealed(found, kind, name, field, ("kind", code, "form", name))
    for code, cycle in pack.cycle.items():
        _fields(found, cycle.form, CYCLE_COLUMNS, "cycle", code, "form")
        for name, field in cycle.form.items():
            if field.personal:
                _wrong(
                    found,
                    ("cycle", code, "form", name),
                    f"填报不收个人信息，字段 {name} 不能使用",
                    f"a report holds no personal data, so the field {name} is refused",
                )
            if field.type is FieldType.FILES:
                _wrong(
                    found,
                    ("cycle", code, "form", name),
                    f"填报表单不用 files 字段 {name}，佐证材料另有上传处",
                    f"a report's form takes no field of files ({name}); its proof has a place of its own",
                )


def _fields(found: PackFolder, form: Form, columns: Mapping[str, str], *path: str) -> None:
    for name, field in form.items():
        if field.least is not None and field.most is not None and field.least > field.most:
            _wrong(
                found,
                (*path, name, "least"),
                f"字段 {name} 的 least（{field.least}）大于 most（{field.most}），什么数都填不进去",
                f"`least` of the field {name} ({field.least}) is above its `most` ({field.most}): no number would fit",
            )
        if name in columns and field.type not in TEXTS:
            _wrong(
                found,
                (*path, name),
                f"字段 {name} 填入清单的文字栏，类型只能是 text 或 long_text",
                f"the field {name} fills a text column of a list; its type is text or long_text",
            )


def _sealed(found: PackFolder, kind: Kind, name: str, field: FormField, path: tuple[str, ...]) -> None:
    """A personal field is a text, asked when the matter is filed, of a kind that has a key and an end for it."""
    if kind.reporter == "none":
        _wrong(
            found,
            path,
            f"字段 {name} 是个人信息，只用于有来件人（reporter）的事项",
            f"the field {name} is personal data; only a kind with a reporter may have it",
        )
    if field.type not in TEXTS or name in KIND_COLUMNS or field.asked_with is not None:
        _wrong(
            found,
            path,
            f"个人信息字段 {name} 只能是登记时填写的文字，不能填入清单栏目",
            f"the personal field {name} must be a text given when the matter is filed, and fill no column of a list",
        )


def _wrong(found: PackFolder, path: tuple[str, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
