"""Who holds which post, from–to."""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.rights import ADMINISTRATION
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.packs.queries import current_pack
from shiyu.people.access import can
from shiyu.people.models import Absence, Appointment, Post, User


def _need(actor: Actor, verb: str) -> None:
    if not can(actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))


@action("people.appoint")
def appoint(actor: Actor, *, post_id: UUID, user_id: UUID, valid_from: date) -> Appointment:
    """Let a person hold a post from a day on."""
    _need(actor, "manage_people")
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    user = User.objects.filter(pk=user_id).first()
    if post is None or user is None:
        raise NotVisible(_("There is no such post or account."))
    if Appointment.objects.filter(post=post, user=user, valid_to=None).exists():
        raise UserError(_("This person holds this post already."), field="user_id")
    _keep_administrators_apart(user, post.roles)
    row = Appointment.objects.create(post=post, user=user, valid_from=valid_from)
    record(row, {"post": post.code, "user": user.username, "valid_from": valid_from})
    return row


@action("people.end_appointment")
def end_appointment(actor: Actor, appointment_id: UUID, *, last_day: date) -> Appointment:
    """End a person's hold of a post with `last_day`."""
    _need(actor, "manage_people")
    row = Appointment.objects.select_for_update().filter(pk=appointment_id, valid_to=None).first()
    if row is None:
        raise NotVisible(_("This appointment has ended already."))
    if last_day < row.valid_from:
        raise UserError(_("The last day lies before the first day."), field="last_day")
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    record(row, {"valid_to": last_day})
    return row


@action("people.set_absence")
def set_absence(actor: Actor, *, deputy_id: UUID, valid_from: date, days: int) -> Absence:
    """While one is away, a deputy acts: one's own absence of `days` calendar days from `valid_from`."""
    deputy = User.objects.filter(pk=deputy_id, is_active=True).first()
    if actor.user_id is None or deputy is None or deputy.pk == actor.user_id:
        raise UserError(_("Choose another person as deputy."), field="deputy_id")
    row = Absence.objects.create(
        user_id=actor.user_id,
        deputy=deputy,
        valid_from=valid_from,
        valid_to=valid_from + timedelta(days=max(days, 1) - 1),
    )
    record(row, {"deputy": deputy.username, "valid_from": valid_from, "valid_to": row.valid_to})
    return row


@action("people.set_post_roles")
def set_post_roles(actor: Actor, post_id: UUID, *, roles: list[str], reason: str) -> Post:
    """Change the roles of a post: the security administrator's work, with a reason."""
    _need(actor, "manage_security")
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        raise NotVisible(_("There is no such post."))
    unknown = [role for role in roles if role not in current_pack().role]
    if unknown:
        raise UserError(_("The pack has no role %(role)s.") % {"role": unknown[0]}, field="roles")
    if not reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    for appointment in post.appointments.filter(valid_to=None).select_related("user"):
        _keep_administrators_apart(appointment.user, roles, besides=post)
    post.roles = roles
    post.save(update_fields=["roles"])
    record(post, {"roles": roles}, reason=reason)
    return post


def _keep_administrators_apart(user: User, roles: list[str], besides: Post | None = None) -> None:
    """System, security and audit administration stay in three hands (GB/T 22239-2019, access control)."""
    held = Appointment.objects.filter(user=user, valid_to=None).select_related("post")
    if besides is not None:
        held = held.exclude(post=besides)
    codes = set(roles).union(*(set(row.post.roles) for row in held))
    rights = {right for code in codes if (role := current_pack().role.get(code)) for right in role.rights}
    if len(rights & set(ADMINISTRATION.values())) > 1:
        raise UserError(_("One person cannot hold two of the three administrator posts."), field="roles")
