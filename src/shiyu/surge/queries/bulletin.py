"""The daily bulletin (应急专报) in Word, from the signed day alone: the same bytes whenever it is made."""

from __future__ import annotations

from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import Attachment, OfficialDocument, Paragraph, chinese_date, render_document
from shiyu.kernel.documents import fill
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.documents import Template
from shiyu.kernel.surge import OCCASIONS, Occasion
from shiyu.kernel.words import label
from shiyu.packs.queries import current_pack, pack_of
from shiyu.surge.models import Surge, SurgeDay
from shiyu.surge.queries.days import DayFacts, Group, Line, tally

# Used where the pack words no bulletin of its own.
PLAIN = Template(
    label=label("应急专报", "Emergency bulletin"),
    document="surge_bulletin",
    title="{{event}}应急专报（{{day}}）",
    body=(
        "# 一、总体情况",
        "{{date}}，{{event}}（{{occasion}}）应急响应{{day}}，范围为{{scope}}。当日新增事项{{came_in}}件，处置完毕{{handled}}件，"
        "正在处置{{open}}件，其中超过应急时限{{overdue}}件。",
        "到场会商单位：{{present}}。",
        "# 二、会商研判",
        "{{assessment}}",
        "# 三、调度指令",
        "当日下达调度指令{{orders}}条。",
    ),
    closing="{{office}}",
)
HEADS = ("新增", "处置完毕", "正在处置", "超应急时限")
STATES = {"issued": "已下达", "received": "已接收", "done": "已落实"}


def bulletin_of(signed: SurgeDay, number: str) -> bytes:
    """The Word file of a signed day under its number. Chinese whatever language the person reads."""
    surge = signed.surge
    lines = [Line(**row) for row in signed.rows]
    facts = DayFacts(
        surge, signed.day, (signed.day - local_day(surge.opened_at)).days + 1, lines, signed.orders, signed
    )
    pack = pack_of(surge.pack_version_id) if surge.pack_version_id else current_pack()
    rule = pack.surge
    template = pack.template.get((rule.template if rule else None) or "", PLAIN)
    values = _values(surge, signed, facts, number)
    paragraphs: list[Paragraph] = []
    for text in template.body:
        level = 2 if text.startswith("## ") else 1 if text.startswith("# ") else 0
        for part in fill(text.lstrip("# ") if level else text, values).splitlines():
            if part.strip():
                paragraphs.append(Paragraph(part.strip(), level))
    title = fill(template.title, values)
    document = OfficialDocument(
        title=f"【演练】{title}" if surge.drill else title,
        paragraphs=paragraphs,
        number=number,
        organ=surge.unit.name,
        signer=fill(template.closing, values) or surge.unit.name,
        date=signed.day,
        attachments=_annexes(facts),
        layout="document",
        created=signed.day,
    )
    return render_document(document)


def _values(surge: Surge, signed: SurgeDay, facts: DayFacts, number: str) -> dict[str, str]:
    pack = pack_of(surge.pack_version_id) if surge.pack_version_id else current_pack()
    words = (pack.surge.occasions.get(Occasion(surge.occasion)) if pack.surge else None) or OCCASIONS[
        Occasion(surge.occasion)
    ]
    places = "、".join(row.area.name for row in surge.areas.select_related("area").order_by("path"))
    return {
        "office": surge.unit.name,
        "signer": surge.unit.name,
        "city": pack.pack.name.zh,
        "date": chinese_date(signed.day),
        "year": str(signed.day.year),
        "number": number,
        "event": surge.title,
        "occasion": words.zh,
        "scope": places,
        "day": f"第{facts.number}日",
        "assessment": signed.assessment,
        "orders": str(len(signed.orders)),
        "present": "、".join(signed.present) or "无",
        **{code: str(n) for code, n in facts.total.items()},
    }


def _annexes(facts: DayFacts) -> list[Attachment]:
    annexes = []
    if facts.lines:
        tables = [
            _table(head, tally(facts.lines, by))
            for by, head in (("place", "地区"), ("kind", "类型"), ("unit", "单位"))
        ]
        annexes.append(Attachment("事项情况", tables))
    if facts.orders:
        columns = (
            Column("序号", 12, "center"),
            Column("承办单位", 34),
            Column("调度指令", 70),
            Column("完成时限", 28, "center"),
            Column("落实情况", 18, "center"),
        )
        rows = [
            (row["number"], row["unit"], row["text"], row["due"], STATES[row["state"]])
            for row in facts.orders
        ]
        annexes.append(Attachment("当日调度指令", [TableSpec("", columns, rows)]))
    return annexes


def _table(head: str, groups: list[Group]) -> TableSpec:
    columns = (Column(head, 60), *(Column(name, 24, "center") for name in HEADS))
    rows: list[list[str | int]] = [[group.name, *group.counts.values()] for group in groups]
    return TableSpec(f"分{head}情况", columns, rows)
