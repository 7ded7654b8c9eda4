"""Second pass: the tables of other systems' work orders can be read, and their replies written."""

from __future__ import annotations

from shiyu.kernel.spec.matters import FieldType, Kind
from shiyu.kernel.spec.orders import MANY, PERSON, OrderColumn, OrderSource
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder


def check_orders(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every source whose kind, list, field or group does not exist, whose columns contradict each
    other, or whose rows could never become a matter."""
    for code, source in pack.order_source.items():
        kind = pack.kind.get(source.kind)
        if source.intake.group not in pack.unit_group:
            _wrong(found, (code, "intake", "group"), f"没有单位组 {source.intake.group}", f"there is no unit_group {source.intake.group}")  # fmt: skip
        if kind is None:
            _wrong(found, (code, "kind"), f"没有事项类型 {source.kind}", f"there is no kind {source.kind}")
            continue
        _source(found, pack, code, source, kind)
        _once(found, code, source)
        _nothing_sealed(found, code, source, kind)
        _needed(found, code, source, kind)
        for head, column in source.columns.items():
            _column(found, pack, code, head, column, source, kind)


def _source(found: PackFolder, pack: Pack, code: str, source: OrderSource, kind: Kind) -> None:
    known = pack.codes[kind.sources].values if kind.sources in pack.codes else {}
    if kind.sources is not None and source.source not in known:
        zh, en = (
            f"source 要从 {kind.sources} 中选",
            f"`source` is one of the list {kind.sources}",
        )
        _wrong(found, (code, "source"), zh, en)
    elif kind.sources is None and source.source is not None:
        _wrong(found, (code, "source"), "该类型没有来源，不写 source", "this kind has no sources")


def _once(found: PackFolder, code: str, source: OrderSource) -> None:
    """Each part stands in one column at most; number and title in one."""
    heads: dict[str, list[str]] = {}
    for head, column in source.columns.items():
        part = f"field:{column.field}" if column.field else column.to
        heads.setdefault(part, []).append(head)
    for part, standing in heads.items():
        if part not in MANY and len(standing) > 1:
            zh = f"{part} 只能有一列（{'、'.join(standing)}）"
            _wrong(
                found,
                (code, "columns", standing[1]),
                zh,
                f"{part} stands in one column only ({', '.join(standing)})",
            )
    for part in ("number", "title"):
        if part not in heads:
            _wrong(
                found, (code, "columns"), f"没有 to: {part} 的列", f"no column holds the {part} (to: {part})"
            )


def _nothing_sealed(found: PackFolder, code: str, source: OrderSource, kind: Kind) -> None:
    """A table is no way in for what is sealed: its cells stay with the order as they stood, are compared with later
    tables and go out again in the source's layout."""
    if kind.personal:
        zh = f"{source.kind} 的全部内容都要加密（personal），不能用表格导入"
        en = f"the whole account of {source.kind} is sealed (personal); it cannot come in as a table"
        _wrong(found, (code, "kind"), zh, en)
    for head, column in source.columns.items():
        field = kind.form.get(column.field or "")
        if field is not None and field.personal:
            zh = f"字段 {column.field} 要加密（personal），不能由表格填写，这一列写 drop"
            en = f"the field {column.field} is sealed (personal); a table cannot fill it: make the column `to: drop`"
            _wrong(found, (code, "columns", head), zh, en)


def _needed(found: PackFolder, code: str, source: OrderSource, kind: Kind) -> None:
    """What the kind asks for stands in some column."""
    filled = {column.field for column in source.columns.values()}
    for name, field in kind.fields_with(None).items():
        if field.required and name not in filled:
            zh = f"该类型的必填字段 {name} 没有对应的列"
            _wrong(
                found, (code, "columns"), zh, f"no column fills the field {name}, which this kind requires"
            )
    if kind.topics and source.head_of("topic") is None:
        _wrong(
            found,
            (code, "columns"),
            "该类型要有类别，没有 to: topic 的列",
            "this kind has topics, but no column is `to: topic`",
        )
    if kind.reporter == "required" and source.head_of("name") is None:
        _wrong(
            found,
            (code, "columns"),
            "该类型要有来件人，没有 to: name 的列",
            "this kind needs a reporter, but no column is `to: name`",
        )


def _column(
    found: PackFolder,
    pack: Pack,
    code: str,
    head: str,
    column: OrderColumn,
    source: OrderSource,
    kind: Kind,
) -> None:
    here = (code, "columns", head)
    if column.to in PERSON and kind.reporter == "none":
        _wrong(
            found,
            here,
            "该类型不登记来件人，这一列写 drop",
            "this kind takes no reporter; such a column is `to: drop`",
        )
    if column.to == "reply" and head not in source.reply:
        _wrong(
            found,
            here,
            f"reply 中没有 {head} 的内容",
            f"`reply` does not say what goes into {head}",
        )
    if column.to == "topic" and not kind.topics:
        _wrong(found, here, "该类型没有类别", "this kind has no topics")
    field = kind.fields_with(None).get(column.field or "")
    if column.field and (field is None or field.type is FieldType.FILES):
        zh, en = (
            f"表单没有可填的字段 {column.field}",
            f"the form has no field {column.field} that a cell can fill",
        )
        _wrong(found, here, zh, en)
        return
    known = _known(pack, column, kind)
    for word in (*column.values.values(), *((column.otherwise,) if column.otherwise else ())):
        if known is not None and word not in known:
            _wrong(found, here, f"没有取值 {word}", f"there is no {word} in its list")


def _known(pack: Pack, column: OrderColumn, kind: Kind) -> set[str] | None:
    """The codes a column's words may mean; None where anything goes."""
    if column.to == "topic":
        return set(pack.codes[kind.topics].values) if kind.topics in pack.codes else None
    field = kind.form.get(column.field or "")
    if field is None:
        return None
    if field.type is FieldType.BOOL:
        return {"yes", "no"}
    if field.type is FieldType.CODE:
        return set(pack.codes[field.list].values) if field.list in pack.codes else None
    return set() if column.values or column.otherwise else None


def _wrong(found: PackFolder, path: tuple[str, ...], zh: str, en: str) -> None:
    file, line = found.where("order_source", *path)
    found.errors.append(PackError(file, line, zh, en))
