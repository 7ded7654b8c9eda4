"""Second pass: what `mediation` names exists, and the people of seed/mediators.csv stand in roles and units."""

from __future__ import annotations

from shiyu.kernel.mediation import CONFIRM_WITHIN
from shiyu.kernel.spec.mediation import MediationRule
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.check.references import References
from shiyu.packs.read import PackError, PackFolder


def check_mediation(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every list, group, topic or role that does not exist."""
    rule = pack.mediation
    if rule is None:
        for placed in found.seeds.mediators:
            _wrong(found, (placed.file, placed.line), "城市包没有 mediation", "the pack has no `mediation`")
        return
    _check_lists(found, pack, rule)
    _check_topics(found, pack, rule)
    _check_reminder(found, rule)
    _check_people(found, pack, rule)


def _wrong(found: PackFolder, place: tuple[str, int], zh: str, en: str) -> None:
    found.errors.append(PackError(*place, zh, en))


def _check_lists(found: PackFolder, pack: Pack, rule: MediationRule) -> None:
    wanted = References(found)
    wanted.need("kind", rule.kind, pack.kind, "mediation", "kind")
    for name in ("roles", "sources", "ways_after", "content"):
        wanted.need("codes", getattr(rule, name), pack.codes, "mediation", name)
    for code, body in rule.bodies.items():
        wanted.need("unit_group", body.group, pack.unit_group, "mediation", "bodies", code, "group")
    roles = pack.codes[rule.roles].values if rule.roles in pack.codes else {}
    for role in (*rule.mediators, *([rule.adviser] if rule.adviser else [])):
        if role not in roles:
            here = found.where("mediation", "mediators")
            _wrong(found, here, f"角色表没有 {role}", f"the list of roles has no {role}")


def _check_topics(found: PackFolder, pack: Pack, rule: MediationRule) -> None:
    kind = pack.kind.get(rule.kind)
    topics = pack.codes[kind.topics].values if kind and kind.topics in pack.codes else {}
    if kind is not None and not topics:
        zh, en = f"事项类型 {rule.kind} 没有 topics", f"the kind {rule.kind} has no topics"
        _wrong(found, found.where("mediation", "kind"), zh, en)
    for code, body in rule.bodies.items():
        for topic in body.topics:
            if topic not in topics:
                here = found.where("mediation", "bodies", code, "topics")
                _wrong(found, here, f"没有纠纷类型 {topic}", f"there is no topic {topic}")
    contents = pack.codes[rule.content].values if rule.content in pack.codes else {}
    for topic, content in rule.content_of.items():
        here = found.where("mediation", "content_of", topic)
        if topic not in topics:
            _wrong(found, here, f"没有纠纷类型 {topic}", f"there is no topic {topic}")
        if content not in contents:
            _wrong(found, here, f"没有信访内容 {content}", f"there is no content of petitions {content}")


def _check_reminder(found: PackFolder, rule: MediationRule) -> None:
    """The thirty days are calendar days, and the day of the reminder lies within them."""
    given = rule.confirm_reminder
    if given.unit is not CONFIRM_WITHIN.unit or given.n >= CONFIRM_WITHIN.n:
        zh = "confirm_reminder 应为 1 至 29 个自然日（calendar_days）"
        en = "confirm_reminder is 1 to 29 calendar_days"
        _wrong(found, found.where("mediation", "confirm_reminder"), zh, en)


def _check_people(found: PackFolder, pack: Pack, rule: MediationRule) -> None:
    units = {placed.row.code for placed in found.seeds.units}
    roles = pack.codes[rule.roles].values if rule.roles in pack.codes else {}
    kind = pack.kind.get(rule.kind)
    topics = pack.codes[kind.topics].values if kind and kind.topics in pack.codes else {}
    for placed in found.seeds.mediators:
        here, row = (placed.file, placed.line), placed.row
        if row.unit not in units and pack.seed.units not in found.unread:
            _wrong(found, here, f"没有单位 {row.unit}", f"there is no unit {row.unit}")
        if row.role not in roles:
            _wrong(found, here, f"角色表没有 {row.role}", f"the list of roles has no {row.role}")
        for topic in row.topics:
            if topic not in topics:
                _wrong(found, here, f"没有纠纷类型 {topic}", f"there is no topic {topic}")
