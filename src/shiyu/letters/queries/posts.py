"""The posts to which a unit shows its letters."""

from uuid import UUID

from django.db.models import Q

from shiyu.lib import clock
from shiyu.people.models import Appointment, Post
from shiyu.people.queries import is_administrators
from shiyu.places.models import in_force


def posts_to_circulate_to(unit_id: UUID) -> list[Post]:
    """Posts of the unit and its offices that somebody holds today, administrators' left out, by protocol."""
    held = Appointment.objects.filter(in_force(clock.today())).values("post_id")
    posts = Post.objects.filter(Q(unit_id=unit_id) | Q(unit__parent_id=unit_id, unit__kind="office"))
    rows = posts.filter(pk__in=held).select_related("unit")
    return [
        post
        for post in rows.order_by("unit__protocol_order", "protocol_order", "code")
        if not is_administrators(post)
    ]
