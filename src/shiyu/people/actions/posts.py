"""Who holds which post, from–to."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.audit.actions import action, record
from shiyu.audit.actions.once import NOBODY
from shiyu.kernel.actor import Actor
from shiyu.kernel.rights import ADMINISTRATION
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.packs.queries import current_pack
from shiyu.people.access import need
from shiyu.people.actions.handover import HandTo, move_items, open_items
from shiyu.people.events import PostHandedOver
from shiyu.people.models import Absence, Appointment, Post, User
from shiyu.people.queries import Leaving, colleagues_of, leaving_of, receivers_of, rights_of

LONGEST_ABSENCE = 366  # calendar days


@action("people.appoint")
def appoint(
    actor: Actor, *, post_id: UUID, user_id: UUID, valid_from: date, valid_to: date | None = None
) -> Appointment:
    """Let a person hold a post from a day on, to a last day where one is known; who gave it is kept.

    An administrator's post is given by the security administrator, any other by who manages people; nobody appoints
    themselves.
    """
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    user = _held([user_id]).get(user_id)
    need(actor, verb_for(post))
    if post is None or user is None:
        raise NotVisible(_("There is no such post or account."))
    if user.pk == actor.user_id:
        raise UserError(_("Nobody appoints themselves; another administrator must do it."), field="user_id")
    if valid_to is not None and valid_to < valid_from:
        raise UserError(_("The last day lies before the first day."), field="valid_to")
    held = Appointment.objects.filter(post=post, user=user)
    if held.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from)).exists():
        raise UserError(_("This person holds this post already."), field="user_id")
    for one in (user, *_deputies_of(user)):
        keep_administrators_apart(one, post.roles)
    row = Appointment.objects.create(
        post=post, user=user, valid_from=valid_from, valid_to=valid_to, given_by_id=actor.user_id
    )
    record(row, {"post": post.code, "user": user.username, "valid_from": valid_from, "valid_to": valid_to})
    return row


@action("people.end_appointment")
def end_appointment(
    actor: Actor, appointment_id: UUID, *, last_day: date, hand_to: HandTo | None = None
) -> Appointment:
    """End a person's hold of a post with `last_day`; one that has ended stays as it is.

    What stands in the person's own name in the units left goes to `hand_to`: without it the appointment is not ended
    while anything is open (Conflict). The receiver holds a post there on the day after.
    """
    row = Appointment.objects.select_for_update(of=("self",)).select_related("post__unit", "user")
    held = row.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()), pk=appointment_id).first()
    need(actor, verb_for(held.post if held else None))
    if held is None:
        raise NotVisible(_("This appointment has ended already."))
    if last_day < held.valid_from:
        raise UserError(_("The last day lies before the first day."), field="last_day")
    leaving = leaving_of(held, last_day)
    moved = _hand_over(held, leaving, hand_to)
    held.valid_to = last_day
    held.save(update_fields=["valid_to"])
    record(
        held,
        {"valid_to": last_day, **({"to": hand_to.person_id, "moved": moved} if hand_to and moved else {})},
        reason=hand_to.reason if hand_to and moved else "",
    )
    return held


def _hand_over(held: Appointment, leaving: Leaving, to: HandTo | None) -> dict[str, list[UUID]]:
    """Moves what is open in the person's name; raises Conflict where nobody is named for it."""
    count = sum(items.count for items in open_items(leaving))
    if not count:
        return {}
    if to is None:
        raise Conflict(
            ngettext(
                "%(n)s open item stands in the name of %(name)s; hand it over first.",
                "%(n)s open items stand in the name of %(name)s; hand them over first.",
                count,
            )
            % {"n": count, "name": held.user.name}
        )
    if not to.reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    if to.person_id is not None:
        if not any(one.user_id == to.person_id for one in receivers_of(held, leaving)):
            raise UserError(
                _("The receiver must hold a post in the unit on the day after the last day."), field="to"
            )
        emit(PostHandedOver(held.user.name, held.post.name, held.post.unit_id, to.person_id, count))
    return move_items(leaving, to)


@action("people.set_absence")
def set_absence(actor: Actor, *, deputy_id: UUID, valid_from: date, days: int) -> Absence:
    """While one is away, a colleague of one's own unit acts: one's own absence of `days` calendar days (1 to 366)."""
    people = _held([actor.user_id or NOBODY, deputy_id])
    user, deputy = people.get(actor.user_id or NOBODY), people.get(deputy_id)
    if user is None or deputy is None or deputy.pk == actor.user_id:
        raise UserError(_("Choose another person as deputy."), field="deputy_id")
    if not colleagues_of(user).filter(pk=deputy.pk).exists():
        raise UserError(_("The deputy must be of your own unit."), field="deputy_id")
    if not 1 <= days <= LONGEST_ABSENCE:
        raise UserError(_("An absence lasts from 1 to 366 days."), field="days")
    last = valid_from + timedelta(days=days - 1)
    if user.absences.filter(valid_from__lte=last, valid_to__gte=valid_from).exists():
        raise UserError(_("You have entered an absence for these days already."), field="valid_from")
    mine = user.appointments.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from)).select_related("post")
    keep_administrators_apart(deputy, [role for row in mine for role in row.post.roles])
    row = Absence.objects.create(user=user, deputy=deputy, valid_from=valid_from, valid_to=last)
    record(row, {"deputy": deputy.username, "valid_from": valid_from, "valid_to": row.valid_to})
    return row


@action("people.end_absence")
def end_absence(actor: Actor, absence_id: UUID) -> None:
    """Back at work: one's own absence ends, from now on the deputy acts no more. One that lay ahead is dropped."""
    row = Absence.objects.select_for_update().filter(pk=absence_id, user_id=actor.user_id or NOBODY).first()
    if row is None or row.valid_to < clock.today():
        raise NotVisible(_("There is no such absence."))
    yesterday = clock.today() - timedelta(days=1)
    record(row, {"valid_to": yesterday})
    if row.valid_from > yesterday:
        row.delete()
    else:
        row.valid_to = yesterday
        row.save(update_fields=["valid_to"])


@action("people.set_post_roles")
def set_post_roles(actor: Actor, post_id: UUID, *, roles: list[str], reason: str) -> Post:
    """Change the roles of a post: the security administrator's work, with a reason; never of one's own post."""
    need(actor, "manage_security")
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        raise NotVisible(_("There is no such post."))
    unknown = [role for role in roles if role not in current_pack().role]
    if unknown:
        raise UserError(_("The pack has no role %(role)s.") % {"role": unknown[0]}, field="roles")
    if not reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    holding = Q(valid_to=None) | Q(valid_to__gte=clock.today())
    for appointment in post.appointments.filter(holding).select_related("user"):
        if appointment.user_id == actor.user_id:
            raise UserError(
                _("Nobody changes the roles of their own post; another administrator must do it."),
                field="roles",
            )
        for one in (appointment.user, *_deputies_of(appointment.user)):
            keep_administrators_apart(one, roles, besides=post)
    post.roles = roles
    post.save(update_fields=["roles"])
    record(post, {"roles": roles}, reason=reason)
    return post


def _held(user_ids: list[UUID]) -> dict[UUID, User]:
    """The open accounts of these, locked in one order: two who name each other as deputy do not wait for each other."""
    rows = User.objects.select_for_update().filter(pk__in=user_ids, is_active=True)
    return {user.pk: user for user in rows.order_by("pk")}


def _deputies_of(user: User) -> list[User]:
    """Who acts for a person now or later: what the person may do comes to them."""
    return list(User.objects.filter(deputised__user=user, deputised__valid_to__gte=clock.today()).distinct())


def verb_for(post: Post | None) -> str:
    """Who gives and takes this post: three administrators are kept apart by the security administrator."""
    return (
        "manage_security"
        if post and rights_of(post.roles) & set(ADMINISTRATION.values())
        else "manage_people"
    )


def keep_administrators_apart(user: User, roles: list[str], besides: Post | None = None) -> None:
    """System, security and audit administration stay in three hands (GB/T 22239-2019, access control): what a person
    holds now or later, and what comes to them as somebody's deputy."""
    day = clock.today()
    absent = Absence.objects.filter(deputy=user, valid_to__gte=day).values("user_id")
    held = Appointment.objects.filter(Q(user=user) | Q(user__in=absent))
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=day)).select_related("post")
    if besides is not None:
        held = held.exclude(post=besides)
    codes = set(roles).union(*(set(row.post.roles) for row in held))
    if len(rights_of(codes) & set(ADMINISTRATION.values())) > 1:
        raise UserError(_("One person cannot hold two of the three administrator posts."), field="roles")
