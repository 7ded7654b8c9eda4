"""`order_source`: another system whose work orders the city works on, its table's layout, and what is entered back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from shiyu.kernel.documents import names_in
from shiyu.kernel.spec.routes import Competent
from shiyu.kernel.words import Code, Label, Strict, Text, Wrong

OrderPart = Literal[
    "number", "title", "text", "topic", "field", "county", "town", "village", "place",
    "handed_at", "upper_handed_at", "deadline", "upper_deadline",
    "name", "phone", "address", "keep", "reply", "drop",
]  # fmt: skip
"""What a column holds for us; a closed list."""

PART_LABELS: dict[OrderPart, Label] = {
    "number": Label(zh="工单编号", en="The order's number"),
    "title": Label(zh="标题", en="Title"),
    "text": Label(zh="主要内容", en="What exactly"),
    "topic": Label(zh="类别", en="Topic"),
    "field": Label(zh="表单内容", en="A field of the form"),
    "county": Label(zh="县（市、区），决定由谁受理", en="County; decides who takes it in"),
    "town": Label(zh="乡镇（街道），决定由谁受理", en="Town; decides who takes it in"),
    "village": Label(zh="村（社区）", en="Village"),
    "place": Label(zh="地点，从大到小，决定由谁受理", en="Place, the largest first; decides who takes it in"),
    "handed_at": Label(zh="交办给我们的时间", en="When it was handed to us"),
    "upper_handed_at": Label(zh="上级交办时间", en="When the level above handed it down"),
    "deadline": Label(zh="办结期限", en="Deadline"),
    "upper_deadline": Label(zh="上级办结期限", en="Deadline of the level above"),
    "name": Label(zh="来电人，加密保存", en="Who called; sealed"),
    "phone": Label(zh="来电人电话，加密保存", en="The caller's phone; sealed"),
    "address": Label(zh="来电人地址，加密保存", en="The caller's address; sealed"),
    "keep": Label(zh="原样保存，随工单显示", en="Kept as given, shown with the order"),
    "reply": Label(zh="由本系统填写，导入时不看", en="Ours to fill; not read"),
    "drop": Label(zh="不保存", en="Never kept"),
}
"""What each part is, as whoever fills in a table reads it."""

TIMES = ("handed_at", "upper_handed_at", "deadline", "upper_deadline")
PERSON = ("name", "phone", "address")
PLACES = ("county", "town", "village", "place")
MANY = frozenset({"field", "keep", "reply", "drop"})
"""Parts that several columns may have."""
SPARE = frozenset({"keep", "reply", "drop"})
"""Parts whose columns a table may lack."""

REPLY_NAMES: dict[str, Label] = {
    "number": Label(zh="来源系统工单编号", en="The order's number there"),
    "code": Label(zh="本系统编号", en="Our number"),
    "title": Label(zh="标题", en="Title"),
    "lead": Label(zh="主办单位", en="Lead unit"),
    "supporting": Label(zh="协办单位", en="Supporting units"),
    "result": Label(zh="办理结果（主办单位填报）", en="The lead unit's result"),
    "outcome": Label(zh="办结方式", en="How it ended"),
    "remedy": Label(zh="救济途径", en="What the reporter may still do"),
    "received_at": Label(zh="收到时间", en="When we took it in"),
    "finished_at": Label(zh="办结时间", en="When it was done"),
    "is_solved": Label(zh="是否解决（是、否）", en="Whether it is solved (是, 否)"),
    "is_satisfied": Label(zh="是否满意（是、否，未评价为空）", en="Whether its reporter is satisfied (是, 否, or nothing)"),
}  # fmt: skip
"""What the text of a reply may name."""


def _readable(value: str) -> str:
    day = dt.datetime(2026, 11, 22, 9, 30)
    try:
        back = dt.datetime.strptime(day.strftime(value), value)
    except ValueError:
        back = None
    if back is None or back.date() != day.date():
        raise Wrong(
            f"时间格式 {value} 至少要有 %Y、%m、%d", f"the format {value} needs %Y, %m and %d at least"
        )
    return value


TimeFormat = Annotated[Text, AfterValidator(_readable)]
"""A moment's writing: `%Y-%m-%d %H:%M:%S`."""


class OrderColumn(Strict):
    """One column of the source's table: `{to: topic, separator: "->", values: {交通出行: roads}, otherwise:
    government_service}`"""

    to: OrderPart
    """number, title, text; topic; field (of the kind's form); county, town, village or place (where it is: decides
    who takes it in); handed_at and deadline (ours), upper_handed_at and upper_deadline (of the level above); name,
    phone, address (of the caller: sealed at once); keep (kept as given); reply (ours to fill); drop (never kept)."""
    field: Code | None = None
    """For `field`: which field of the kind's form."""
    values: dict[Text, Code] = {}
    """For topic and for fields with a list: the source's word → ours (`yes`, `no` for a bool)."""
    otherwise: Code | None = None
    """What any other word means; left out: such a row is an error."""
    separator: Text | None = None
    """Parts of a path (一级->二级): the deepest known one counts."""

    @model_validator(mode="after")
    def _fits(self) -> OrderColumn:
        if (self.to == "field") != (self.field is not None):
            raise Wrong("to: field 要写 field，其他不写", "`field` goes with `to: field`, and it needs it")
        if (self.values or self.otherwise) and self.to not in ("topic", "field"):
            raise Wrong(
                "values、otherwise 只用于 topic 和 field", "`values` and `otherwise` are for topic and field"
            )
        if self.separator and self.to not in ("topic", "place"):
            raise Wrong("separator 只用于 topic 和 place", "`separator` is for topic and place")
        return self


class OrderSource(Strict):
    """A system of others, its table and what is entered back there.

    ```yaml
    order_source:
      city_hotline:
        label: {zh: 热线平台, en: Hotline}
        kind: request                 # what its orders become
        source: hotline               # of the kind's list of sources
        intake: {group: centres}      # which unit takes them in, by place
        times: ["%Y-%m-%d %H:%M:%S"]
        columns:
          工单编号: {to: number}
          标题: {to: title}
          主要内容: {to: text}
          回复内容: {to: reply}
        reply:
          回复内容: "经{{lead}}办理：{{result}}"
    ```"""

    label: Label
    """What people call it."""
    kind: Code
    """The kind of matter its orders become."""
    source: Code | None = None
    """Where such matters come from, of the kind's list."""
    intake: Competent
    """Who takes an order in: the unit of a group in whose place it lies."""
    times: tuple[TimeFormat, ...] = Field(min_length=1)
    """How the source writes moments; the first is how we write them."""
    columns: dict[Text, OrderColumn] = Field(min_length=2)
    """The heads of its columns, in its order; every one it has."""
    reply: dict[Text, Text] = {}
    """What is entered back, in the source's own order and names: head → text with {{name}}."""

    @field_validator("reply")
    @classmethod
    def _names(cls, value: dict[str, str]) -> dict[str, str]:
        for head, text in value.items():
            for name in names_in(text):
                if name not in REPLY_NAMES:
                    raise Wrong(
                        f"回复中没有 {{{{{name}}}}}（可用：{'、'.join(REPLY_NAMES)}）",
                        f"a reply knows no {{{{{name}}}}} (there are {', '.join(REPLY_NAMES)})",
                        head,
                    )
        return value

    def head_of(self, part: str) -> str | None:
        """The head of the first column that holds a part."""
        return next((head for head, column in self.columns.items() if column.to == part), None)
