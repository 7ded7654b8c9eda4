"""The set-based import against the slow and obvious: filing the same orders one by one."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiyu.kernel.personal import Personal
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.actions import file_matter
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.models import GradeSet, Matter, MatterKey, Party, Step, WorkOrder
from shiyu.matters.tests.city import MORNING, City
from shiyu.matters.tests.order_city import HEADS, ROW, OrderCity, make_order_city, table, taken

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "标题": st.sampled_from(["路灯不亮", "", "  井盖 松动 ", "长" * 130]),
            "内容": st.sampled_from(["村口路灯不亮。", "第一行\n第二行", ""]),
            "类别": st.sampled_from(["路灯", "设施->道路", "设施->未知", ""]),
            "来电人": st.sampled_from(["欧阳试例", "", "欧**"]),
            "电话": st.sampled_from(["13955550123", "", "1395****123", "不详"]),
            "住址": st.sampled_from(["东街九号", ""]),
            "区": st.sampled_from(["东区", ""]),
            "镇": st.sampled_from(["甲镇", "乙镇", "丙镇", ""]),
            "村": st.sampled_from(["一村", "不知名的村", ""]),
            "小区": st.sampled_from(["三组", "很" * 31, ""]),
            "紧急": st.sampled_from(["紧急", "一般", "马上", ""]),
        }
    ),
    max_size=5,
)
WORDS = {"路灯": "lamps", "设施->道路": "roads"}
MUST_DIFFER = ("id", "code", "pack_version_id")


@pytest.fixture
def here(city: City, files_elsewhere: None) -> Iterator[OrderCity]:
    yield make_order_city(city)


def place_of(here: OrderCity, row: dict[str, str]) -> Any:
    """The smallest place named, said the slow way: the names one under the other; None where there is none. Raises
    UserError for a county or town that does not exist, and for a village that could be two."""
    areas = here.village.__class__.objects.filter(valid_to=None)
    found = None
    for level in ("区", "镇", "村"):
        if not row[level]:
            continue
        inside = areas.filter(name=row[level], path__startswith=found.path if found else "")
        if inside.count() == 1:
            found = inside.get()
        elif found is None or level != "村":
            raise UserError("no such place")
    return found


def file_one(here: OrderCity, row: dict[str, str]) -> Matter:
    """One order filed as a clerk would file it, reading the row from the screen."""
    area = place_of(here, row)
    unit = here.city.office
    for centre in (here.east, here.west):
        if area is not None and centre.area is not None and area.path.startswith(centre.area.path):
            unit = centre
    if row["类别"] not in WORDS or row["紧急"] == "马上":
        raise UserError("unknown word")
    title = " ".join(row["标题"].split()) or " ".join(row["内容"].split())[:40]
    fields = {"spot": row["小区"], "urgent": {"紧急": "yes", "一般": "no"}.get(row["紧急"], "")}
    return file_matter(
        here.clerk,
        kind="problem",
        title=title if len(title) <= 120 else title[:119] + "…",
        text=row["内容"],
        source="visit",
        unit_id=unit.pk,
        topic=WORDS[row["类别"]],
        area_id=area.pk if area else None,
        fields=fields,
        reporters=reporters(row),
    )


def reporters(row: dict[str, str]) -> list[Reporter]:
    """Masked parts say nothing; without a number and an address nobody is written down."""
    phone = "" if "*" in row["电话"] else row["电话"]
    if not phone and not row["住址"]:
        return []
    return [Reporter(row["来电人"] or "未留姓名", phone, row["住址"])]


def made(of: set[Any]) -> list[Any]:
    """Everything that filing leaves behind of these matters, but for keys, running numbers and random bytes."""
    found = []
    for matter in Matter.objects.filter(pk__in=of).order_by("code"):
        fields = {
            f.attname: getattr(matter, f.attname)
            for f in Matter._meta.concrete_fields
            if f.attname not in MUST_DIFFER
        }
        steps = list(Step.objects.filter(matter_id=matter.pk).order_by("pk"))
        stays = [
            {
                f.attname: getattr(s, f.attname)
                for f in Step._meta.concrete_fields
                if f.attname not in ("id", "matter_id")
            }
            for s in steps
        ]
        grades = list(
            GradeSet.objects.filter(matter=matter).values(
                "grade", "points", "reasons", "by_hand", "reason", "by_name", "at"
            )
        )
        words = (
            Matter.objects.filter(pk=matter.pk)
            .extra(select={"w": "search::text"})
            .values_list("w", flat=True)[0]
        )
        words = words.replace(matter.code[-4:], "")
        found.append((fields, stays, grades, words, persons(matter)))
    return found


def persons(matter: Matter) -> list[Any]:
    key = MatterKey.objects.filter(matter=matter).first()
    rows = Party.objects.filter(matter=matter)
    return [
        (
            row.anonymous,
            row.phone_trace,
            row.filed_at,
            [key.open(row, part) if key else None for part in Personal],
            key.sealed_by if key else "",
            key.made_at if key else None,
        )
        for row in rows
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_a_table_leaves_what_filing_one_by_one_leaves(here: OrderCity, rows: list[dict[str, str]]) -> None:
    with transaction.atomic(), clock.frozen(MORNING):
        with clock.frozen(MORNING - dt.timedelta(days=3)):  # once before: the same again is graded higher
            here.city.problem(topic="lamps", area_id=here.village.pk, happened_on=None)
        old = set(Matter.objects.values_list("pk", flat=True))
        slow: set[Any] = set()
        wrong = 0
        for row in rows:
            try:
                with transaction.atomic():
                    slow.add(file_one(here, row).pk)
            except UserError:
                wrong += 1
        expected = made(slow)
        Matter.objects.filter(pk__in=slow).delete()
        content = table(*({**row, "编号": f"N{n}"} for n, row in enumerate(rows)))
        if slow:
            batch = taken(here, content, only_good=True)
            assert (batch.new, batch.wrong) == (len(slow), wrong)
        new = set(Matter.objects.exclude(pk__in=old).values_list("pk", flat=True))
        assert made(new) == expected
        assert WorkOrder.objects.count() == len(expected)
        transaction.set_rollback(True)


def test_the_property_looks_at_every_column() -> None:
    """A column added to the table of these tests must be said in the slow way too."""
    assert set(HEADS) == set(ROW)
