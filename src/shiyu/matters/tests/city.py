"""A small city for these tests: a pack with the problem kind, an office, its superior and three departments."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.pack import Pack
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.actions import file_matter
from shiyu.matters.models import Matter
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of, forget_pack_in_force
from shiyu.people.models import Unit

MORNING = dt.datetime(2026, 11, 2, 9, 30)  # a Monday

CLERK = [
    "matter.file",
    "matter.dispatch",
    "matter.handle",
    "matter.verify",
    "matter.close",
    "matter.view_all",
]
HEAD = [*CLERK, "matter.approve", "instruction.register", "letter.issue"]
LIAISON = ["plan.view", "matter.file", "matter.handle"]


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def state(zh: str, en: str, phase: str, owner: str | None = None, days: int | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"label": both(zh, en), "phase": phase}
    if owner:
        row |= {"owner": owner, "limit": {"n": days}}
    return row


def problem_kind(closing: str = "verified") -> dict[str, Any]:
    return {
        "label": both("问题", "Problem"),
        "number": {"pattern": "WT-{{year}}-{{n}}", "digits": 4},
        "sources": "problem_source",
        "limit": {"n": 30},
        "closing": closing,
        "labels": {
            "happened_on": both("发现日期", "Found on"),
            "due_at": both("整改时限", "To be put right by"),
        },
        "outcomes": ["done", "withdrawn", "failed_with_remedy"],
        "states": {
            "filed": state("已登记", "Filed", "filed", "intake", 2),
            "accepted": state("待交办", "To be sent out", "accepted", "intake", 2),
            "rectifying": state("整改中", "Being put right", "handling", "lead", 15),
            "checking": state("待核查", "To be verified", "verifying", "intake", 5),
            "on_books": state("挂账", "On the books", "held", "superior", 60),
            "closed": state("已销号", "Closed", "closed"),
            "refused": state("不予受理", "Refused", "refused"),
        },
        "verbs": {
            verb: {}
            for verb in [
                "file",
                "accept",
                "refuse",
                "withdraw",
                "dispatch",
                "acknowledge",
                "consent_return",
                "decline_return",
                "transfer",
                "add_support",
                "note",
                "approve_extension",
                "decline_extension",
                "suspend",
                "resume",
                "put_on_books",
                "review_books",
                "take_off_books",
                "verify",
                "send_back",
                "close",
                "follow_up",
                "reopen",
                "urge",
                "supervise",
                "end_supervision",
            ]
        }
        | {
            "return": {"limit": {"n": 5}},
            "extend": {"limit": {"n": 20}},
            "complete": {"needs": ["proof"]},
            "dispatch": {"letter": "office_letter"},
        },
    }


def make_pack(**changes: Any) -> Pack:
    """The small city's pack; `changes` replace keys of its problem kind, `calendar` its calendar."""
    calendar = changes.pop("calendar", None)
    roles = {"office_clerk": CLERK, "office_head": HEAD, "liaison": LIAISON}
    return Pack.model_validate(
        {
            "pack": {
                "code": "probe",
                "name": both("试市", "Probe City"),
                "version": "1",
                "area": "990100000000",
                "office": both("市域办", "The Office"),
            },
            "seed": SEED,
            "calendar": calendar
            or {
                "hours": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "17:30"}],
                "years": {
                    2026: {
                        "source": "test",
                        "holidays": [
                            {
                                "name": both("国庆节", "National Day"),
                                "first": "2026-10-01",
                                "last": "2026-10-07",
                            }
                        ],
                    }
                },
            },
            "plan": {"problem_kind": "problem"},
            "codes": {
                "problem_source": {
                    "label": both("问题来源", "Source"),
                    "values": {
                        "visit": both("督查发现", "Found on a visit"),
                        "self": both("自查发现", "Found by the unit"),
                    },
                }
            },
            "role": {code: {"label": both(code, code), "rights": rights} for code, rights in roles.items()},
            "kind": {"problem": problem_kind() | changes},
            "letter": {
                "office_letter": {
                    "label": both("函", "Letter"),
                    "number": {"pattern": "{{unit}}函〔{{year}}〕{{n}}号"},
                    "reply": {"n": 10},
                }
            },
        }
    )


SEED = {"areas": "seed/areas.csv", "units": "seed/units.csv", "posts": "seed/posts.csv"}


@dataclass
class City:
    """Units and people of the small city."""

    group: Unit
    office: Unit
    water: Unit
    water_office: Unit
    police: Unit
    justice: Unit
    clerk: Actor
    other_clerk: Actor
    head: Actor
    chair: Actor
    water_liaison: Actor
    police_liaison: Actor
    justice_liaison: Actor
    stranger: Actor

    def problem(self, **changes: Any) -> Matter:
        """A problem filed and sent out by the clerk: water leads, police supports."""
        given: dict[str, Any] = {
            "kind": "problem",
            "title": "排污口未封堵",
            "text": "现场检查发现排污口未按期封堵。",
            "source": "visit",
            "unit_id": self.office.pk,
            "lead_unit_id": self.water.pk,
            "supporting_unit_ids": [self.police.pk],
            "goal": "按期封堵",
            "measures": "组织施工",
            "happened_on": dt.date(2026, 11, 1),
        }
        return file_matter(self.clerk, **(given | changes))


def unit(code: str, name: str, order: int, kind: str = "department", **more: Any) -> Unit:
    return Unit.objects.create(code=code, name=name, short_name=name, kind=kind, protocol_order=order, **more)


def person(name: str, home: Unit, rights: list[str], **others: list[str]) -> Actor:
    return Actor(
        user_id=new_id(),
        name=name,
        grants={home.pk: frozenset(rights)},
        home_unit_id=home.pk,
        post_titles=(name,),
    )


def bring_into_force(**changes: Any) -> PackVersion:
    """Another version of the small city's pack, from now on."""
    content = content_of(make_pack(**changes))
    forget_pack_in_force()
    return PackVersion.objects.create(
        code="example", version="0", digest=digest_of(content), content=content, in_force_since=clock.now()
    )


def make_city() -> City:
    bring_into_force()
    group = unit("group", "领导小组", 10, "leading_group")
    office = unit("office", "市域办", 20, "leading_office", parent=group)
    water = unit("water", "市水务局", 30)
    water_office = unit("water_office", "水务局治污科", 31, "office", parent=water)
    police = unit("police", "市公安局", 40)
    justice = unit("justice", "市司法局", 50)
    return City(
        group=group,
        office=office,
        water=water,
        water_office=water_office,
        police=police,
        justice=justice,
        clerk=person("办公室文员", office, CLERK),
        other_clerk=person("办公室督查岗", office, CLERK),
        head=person("办公室主任", office, HEAD),
        chair=person(
            "分管领导", group, ["matter.view_all", "matter.approve", "matter.verify", "matter.dispatch"]
        ),
        water_liaison=person("水务局联络员", water, LIAISON),
        police_liaison=person("公安局联络员", police, LIAISON),
        justice_liaison=person("司法局联络员", justice, LIAISON),
        stranger=person("外人", justice, ["plan.view"]),
    )
