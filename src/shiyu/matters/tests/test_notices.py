"""News of a matter reaches who acts next, and nobody else."""

from shiyu.letters.actions import issue_letter, register_instruction, reply_instruction
from shiyu.lib import clock
from shiyu.matters import actions
from shiyu.matters.tests.city import City
from shiyu.notices.models import Notice
from shiyu.people.models import Appointment, Post, Unit, User
from shiyu.people.queries import actor_of
from shiyu.wiring import connect


def officer(unit: Unit, role: str) -> User:
    user = User.objects.create(username=f"{unit.code}_{role}", name=role)
    post = Post.objects.create(code=user.username, unit=unit, name=role, roles=[role])
    Appointment.objects.create(post=post, user=user, valid_from=clock.today())
    return user


def told(user: User) -> list[str]:
    return list(
        Notice.objects.filter(user=user).order_by("created_at", "id").values_list("title_zh", flat=True)
    )


def test_each_is_told_what_to_do_next(city: City) -> None:
    clerk, head = officer(city.office, "office_clerk"), officer(city.office, "office_head")
    water, justice = officer(city.water, "liaison"), officer(city.justice, "liaison")
    city.clerk, city.water_liaison = actor_of(clerk), actor_of(water)
    connect(at_once=True)
    try:
        matter = city.problem()
        actions.return_assignment(city.water_liaison, matter.pk, reason="不属职责")
        actions.decline_return(city.clerk, matter.pk, reason="属于职责")
        actions.urge_assignment(city.clerk, matter.pk)
        letter = issue_letter(
            actor_of(head),
            kind="office_letter",
            unit_id=city.office.pk,
            title="催办函",
            body="请抓紧。",
            recipients=[city.water.pk],
        )
        row = register_instruction(
            actor_of(head),
            subject=("matters.matter", matter.pk, matter.title),
            leader_post="分管领导",
            instructed_on=clock.today(),
            unit_id=city.water.pk,
            text="抓紧办理",
        )
        reply_instruction(city.water_liaison, row.pk, reply="已办")
    finally:
        connect()
    code = f"{matter.code} {matter.title}"
    heads = [title.split("：")[0] for title in told(water)]
    assert heads == ["新交办", "退回申请已答复", "催办", "收到函件", "领导批示，请承办"]
    assert f"申请退回，待答复：{code}" in told(clerk) and f"待受理：{code}" not in told(clerk)
    assert any(letter.number_text in title for title in told(water)) and told(justice) == []
    assert told(head)[-1] == f"批示已反馈：{matter.title}"
