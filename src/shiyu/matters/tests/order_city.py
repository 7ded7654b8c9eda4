"""The small city with places, two town centres, and another system whose work orders come as a table."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.pack import Pack
from shiyu.lib import clock
from shiyu.matters.actions.orders import check_orders, hand_in_orders, take_orders
from shiyu.matters.actions.orders.batches import ask_to_take_orders
from shiyu.matters.models import OrderBatch
from shiyu.matters.tests.city import CLERK, City, both, make_pack, person, problem_kind, unit
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of, forget_pack_in_force
from shiyu.people.models import Unit
from shiyu.places.models import Area

HEADS = ["编号", "标题", "内容", "类别", "来电人", "电话", "住址", "性别", "区", "镇", "村", "小区", "紧急", "交办时间", "期限", "上级期限", "渠道", "答复"]  # fmt: skip
ROW = {
    "编号": "A001",
    "标题": "路灯不亮",
    "内容": "村口路灯不亮，请维修。",
    "类别": "设施->路灯",
    "来电人": "欧阳试例",
    "电话": "13955550123",
    "住址": "试市东街九十九号",
    "性别": "女",
    "区": "东区",
    "镇": "甲镇",
    "村": "一村",
    "小区": "三组",
    "紧急": "一般",
    "交办时间": "2026-11-01 09:30",
    "期限": "2026-11-10",
    "上级期限": "2026-11-20 18:00",
    "渠道": "电话",
    "答复": "",
}


def source(**changes: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "编号": {"to": "number"},
        "标题": {"to": "title"},
        "内容": {"to": "text"},
        "类别": {"to": "topic", "separator": "->", "values": {"路灯": "lamps", "道路": "roads"}},
        "来电人": {"to": "name"},
        "电话": {"to": "phone"},
        "住址": {"to": "address"},
        "性别": {"to": "drop"},
        "区": {"to": "county"},
        "镇": {"to": "town"},
        "村": {"to": "village"},
        "小区": {"to": "field", "field": "spot"},
        "紧急": {"to": "field", "field": "urgent", "values": {"紧急": "yes", "一般": "no"}},
        "交办时间": {"to": "handed_at"},
        "期限": {"to": "deadline"},
        "上级期限": {"to": "upper_deadline"},
        "渠道": {"to": "keep"},
        "答复": {"to": "reply"},
    }
    return {
        "label": both("甲热线", "Hotline A"),
        "kind": "problem",
        "source": "visit",
        "intake": {"group": "centres"},
        "times": ["%Y-%m-%d %H:%M", "%Y-%m-%d"],
        "columns": columns,
        "reply": {"编号": "{{number}}", "答复": "经{{lead}}办理：{{result}}", "解决": "{{is_solved}}"},
    } | changes


GRADING = {
    "factors": {
        "again": {
            "label": both("反复", "Repeated"),
            "rows": [
                {"when": {"repeated": {"min": 1}}, "points": 40, "label": both("一年内又发生", "Again")},
                {"when": {"topic": "roads"}, "points": 20, "label": both("道路", "Road")},
            ],
        },
        "called": {
            "label": both("来电", "Called"),
            "rows": [{"when": {"reporters": {"min": 1}}, "points": 20, "label": both("有来电人", "Called")}],
        },
    },
    "grades": {
        "high": {"label": both("高", "High"), "least": 40},
        "mid": {"label": both("中", "Medium"), "least": 20},
        "low": {"label": both("低", "Low"), "least": 0},
    },
}


def order_pack(**changes: Any) -> Pack:
    """The small city's pack with a graded problem kind that people report, topics, centres and the source."""
    content: dict[str, Any] = make_pack().model_dump(by_alias=True, mode="json")
    kind = problem_kind() | {
        "reporter": "optional",
        "keep": {"n": 730, "unit": "calendar_days"},
        "topics": "topic",
        "grading": GRADING,
        "form": {
            "spot": {"label": both("地点", "Spot"), "type": "text", "max_length": 30},
            "urgent": {"label": both("紧急", "Urgent"), "type": "bool"},
        },
    }
    content["kind"]["problem"] = kind
    content["codes"]["topic"] = {
        "label": both("类别", "Topic"),
        "values": {"lamps": both("路灯", "Lamps"), "roads": both("道路", "Roads")},
    }
    content["unit_group"] = {"centres": {"label": both("中心", "Centres"), "when": [{"kind": "centre"}]}}
    content["order_source"] = {"hotline": source(**changes)}
    return Pack.model_validate(content)


@dataclass
class OrderCity:
    """The small city, its two centres and places, and the clerk who hands tables in."""

    city: City
    east: Unit
    west: Unit
    village: Area
    clerk: Actor
    centre_clerk: Actor


def make_order_city(city: City, **changes: Any) -> OrderCity:
    content = content_of(order_pack(**changes))
    forget_pack_in_force()
    PackVersion.objects.create(
        code="probe", version="2", digest=digest_of(content), content=content, in_force_since=clock.now()
    )
    top = _area("990100000000", "试市", "city", None)
    county = _area("990101000000", "东区", "county", top)
    first = _area("990101001000", "甲镇", "town", county)
    second = _area("990101002000", "乙镇", "town", county)
    village = _area("990101001901", "一村", "village", first)
    _area("990101002901", "一村", "village", second)
    east = unit("east", "甲镇综治中心", 60, "centre", area=first)
    west = unit("west", "乙镇综治中心", 61, "centre", area=second)
    return OrderCity(
        city,
        east,
        west,
        village,
        city.clerk,
        person("甲镇接待员", east, [r for r in CLERK if r != "matter.view_all"]),
    )


def _area(code: str, name: str, level: str, parent: Area | None) -> Area:
    path = f"{parent.path if parent else ''}{code}/"
    return Area.objects.create(code=code, name=name, level=level, parent=parent, path=path)


def table(*rows: dict[str, Any], heads: list[str] | None = None) -> bytes:
    """A CSV of rows, each ROW with changes, in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads or HEADS)
    for row in rows:
        whole = ROW | row
        writer.writerow([whole[head] for head in heads or HEADS])
    return out.getvalue().encode()


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def checked(
    here: OrderCity, content: bytes, name: str = "工单.csv", actor: Actor | None = None
) -> OrderBatch:
    """A table handed in and checked."""
    who = actor or here.clerk
    unit_id = here.east.pk if who is here.centre_clerk else here.city.office.pk
    batch = hand_in_orders(who, source="hotline", unit_id=unit_id, name=name, content=content)
    return check_orders(who, batch.pk, quiet)


def taken(
    here: OrderCity,
    content: bytes,
    *,
    only_good: bool = False,
    actor: Actor | None = None,
    name: str = "工单.csv",
) -> OrderBatch:
    """A table taken over."""
    who = actor or here.clerk
    batch = checked(here, content, name, who)
    ask_to_take_orders(who, batch.pk, only_good=only_good)
    return take_orders(who, batch.pk, quiet)
