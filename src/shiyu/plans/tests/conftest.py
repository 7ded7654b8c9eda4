"""A small city for the tests of plans: an office, five departments with an office and people each, two counties."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.rights import RIGHTS
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.plan_seed import GuidelineSeed, PlanSeed
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of
from shiyu.people.models import Appointment, Membership, Post, Unit, UnitAlias, User
from shiyu.people.queries import actor_of
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.seed import import_edition, import_guideline
from shiyu.plans.models import Duty, Edition, Guideline, Task

OFFICE_RIGHTS = (
    "plan.view", "plan.import", "plan.edit", "plan.issue", "opinion.run", "list.view_all", "matter.view_all",
    "matter.file", "matter.dispatch", "instruction.register", "letter.issue", "report.sign_off",
)  # fmt: skip
UNIT_RIGHTS = (
    "plan.view",
    "opinion.answer",
    "duty.assign",
    "duty.handover",
    "report.fill",
    "matter.file",
    "matter.handle",
)


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def small_pack(**more: Any) -> Pack:
    """The least a pack may say, with the two roles the tests use."""
    assert set(OFFICE_RIGHTS) | set(UNIT_RIGHTS) <= set(RIGHTS)
    content: dict[str, Any] = {
        "pack": {
            "code": "small",
            "name": label("示市"),
            "version": "1",
            "area": "990100000000",
            "office": label("示市域办"),
        },
        "seed": {"areas": "seed/areas.csv", "units": "seed/units.csv", "posts": "seed/posts.csv"},
        "calendar": {"hours": [{"start": "09:00", "end": "17:00"}], "years": {}},
        "plan": {"duty_depth": "person", "negative_list": True},
        "role": {
            "office": {"label": label("办公室"), "rights": list(OFFICE_RIGHTS)},
            "liaison": {"label": label("联络员"), "rights": list(UNIT_RIGHTS)},
            "reader": {"label": label("读者"), "rights": ["plan.view"]},
        },
        "unit_group": {
            "member_units": {"label": label("成员单位"), "members": "seed"},
            "counties": {"label": label("各县区"), "aliases": ["各县（区）"], "members": "seed"},
        },
    }
    content.update(more)
    return Pack.model_validate(content)


def load_small_pack(**more: Any) -> Pack:
    """Bring a small pack into force without a folder."""
    pack = small_pack(**more)
    text = content_of(pack)
    PackVersion.objects.create(code="small", version="1", digest=digest_of(text), content=text)
    return pack


@dataclass
class City:
    """Units by code, people by name, and what the seed made."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_of(self.users[name])

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def unit(self, code: str) -> UUID:
        return self.units[code].pk


NAMES = {
    "office": "示市域办公室", "police": "示市公安局", "justice": "示市司法局", "housing": "示市住房建设局",
    "health": "示市卫生健康委", "idle": "示市统计局", "east": "东县", "west": "西县",
}  # fmt: skip


def _person(city: City, name: str, unit: Unit, role: str) -> None:
    user = User.objects.create(username=f"u_{name}", name=f"{unit.name}{name}")
    post = Post.objects.create(code=f"p_{name}", unit=unit, name="联络员", roles=[role])
    Appointment.objects.create(post=post, user=user, valid_from=date(2020, 1, 1))
    city.users[name] = user


@pytest.fixture
def city(db: None) -> Iterator[City]:
    load_small_pack()
    city = City()
    for order, (code, name) in enumerate(NAMES.items(), start=1):
        kind = (
            "leading_office"
            if code == "office"
            else "government"
            if code in ("east", "west")
            else "department"
        )
        city.units[code] = Unit.objects.create(code=code, name=name, kind=kind, protocol_order=order * 10)
    for code in ("police", "justice", "housing", "health"):
        city.units[f"{code}_room"] = Unit.objects.create(
            code=f"{code}_room",
            name=f"{NAMES[code]}一科",
            kind="office",
            parent=city.units[code],
            protocol_order=900,
        )
    for code in ("police", "justice", "housing", "health", "idle"):
        Membership.objects.create(group="member_units", unit=city.units[code])
    for code in ("east", "west"):
        Membership.objects.create(group="counties", unit=city.units[code])
        # A vacant post: the county is asked for its report, and nobody has come to write it.
        Post.objects.create(code=f"p_{code}", unit=city.units[code], name="联络员", roles=["liaison"])
    UnitAlias.objects.create(unit=city.units["housing"], name="市住建局", kind="short")
    _person(city, "clerk", city.units["office"], "office")
    for code in ("police", "justice", "housing", "health"):
        _person(city, code, city.units[code], "liaison")
    _person(city, "police_two", city.units["police"], "liaison")
    _person(city, "reader", city.units["idle"], "reader")
    yield city


GUIDELINE = {
    "code": "national", "title": "示范指引", "level": "national", "issuer": "（演示）", "edition": "一", "year": 2025,
    "clauses": [
        {"number": "1", "text": "体制"},
        {"number": "1.1", "parent": "1", "text": "领导小组有固定人员"},
        {"number": "1.2", "parent": "1", "text": "职责以书面明确"},
        {"number": "2", "text": "风险"},
        {"number": "2.1", "parent": "2", "text": "行业安全有检查标准"},
        {"number": "2.2", "parent": "2", "text": "无人负责的一条"},
    ],
}  # fmt: skip


def plan_data(number: int = 1, **more: Any) -> dict[str, Any]:
    """One edition of the small plan as a pack's seed writes it."""
    data: dict[str, Any] = {
        "code": "resp", "title": "示市责任分工方案", "year": 2026, "kind": "responsibility",
        "edition": {"number": number, "document_number": f"示发〔2026〕{number}号", "issued_on": f"2026-0{number}-10",
                    "signer_title": "组长"},
        "blocks": [{"code": "system", "name": "治理体制"}, {"code": "risks", "name": "风险"}],
        "circumstances": [{"number": "1", "name": "责任空转", "definition": "没有牵头单位的。"}],
        "tasks": [
            {"key": "t1", "number": "1", "block": "system", "title": "健全领导小组", "measures": "每半年研究一次。",
             "target": {"kind": "number", "value": 2, "unit": "次", "text": "研究2次"},
             "deadline": {"kind": "date", "date": "2026-12-31", "text": "年底前"}, "clauses": ["national:1.1"],
             "leads": ["police"], "supporting": ["justice"], "groups": ["counties"]},
            {"key": "t2", "number": "2", "block": "system", "title": "明确职责", "measures": "逐单位确认。",
             "deadline": {"kind": "ongoing", "text": "长期坚持"}, "clauses": ["national:1.2"], "leads": ["justice"]},
            {"key": "t3", "number": "3", "block": "risks", "title": "行业安全", "measures": "分行业检查。",
             "deadline": {"kind": "recurring", "every": "quarter", "text": "每季度"}, "clauses": ["national:2.1"],
             "leads": ["housing"], "supporting": ["health"]},
        ],
    }  # fmt: skip
    data.update(more)
    return data


@pytest.fixture
def guideline(city: City) -> Guideline:
    return import_guideline(SYSTEM, GuidelineSeed.model_validate(GUIDELINE))


@pytest.fixture
def issued(city: City, guideline: Guideline) -> Edition:
    """Edition 1 of the small plan, in force."""
    return import_edition(SYSTEM, PlanSeed.model_validate(plan_data()))


@pytest.fixture
def draft(city: City, issued: Edition) -> Edition:
    """Edition 2, a draft copied from edition 1."""
    return draft_next_edition(city.actor("clerk"), issued.plan_id, 2026)


def task(edition: Edition, key: str) -> Task:
    return Task.objects.get(edition=edition, key=key)


def duty(edition: Edition, key: str, unit: Unit) -> Duty:
    return Duty.objects.get(task__edition=edition, task__key=key, unit=unit)
