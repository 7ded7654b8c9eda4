"""The security administrator's pages: lock-outs, the roles of posts, who holds an administrator's post."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import actions, queries
from shiyu.people.access import need
from shiyu.people.forms import HolderForm, RolesForm
from shiyu.people.models import Post
from shiyu.ui.forms import refuse


@login_required
def security(request: WorkRequest) -> HttpResponse:
    """Lock-outs of accounts and addresses, and posts' roles."""
    need(request.actor, "manage_security")
    if request.method == "POST":
        given = {"username": request.POST.get("username", ""), "address": request.POST.get("address", "")}
        actions.unlock_sign_in(request.actor, **given)
        messages.success(request, _("The lock is lifted."))
        return redirect("security")
    word = request.GET.get("q", "").strip()
    posts = Post.objects.select_related("unit").order_by("unit__protocol_order", "protocol_order", "code")
    if word:
        posts = posts.filter(unit__name__icontains=word)
    page = Paginator(posts, 50).get_page(request.GET.get("page"))
    return render(request, "people/security.html", {"locks": queries.locks(), "page": page, "word": word})


@login_required
def post_roles(request: WorkRequest, post_id: UUID) -> HttpResponse:
    """One post: its roles, who held and holds it; a holder where it is an administrator's post."""
    need(request.actor, "manage_security")
    post = Post.objects.select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotVisible(_("There is no such post."))
    given = request.POST if request.method == "POST" else None
    language = get_language() or "zh-hans"
    roles_given = given if given is not None and "user_id" not in given else None
    form = RolesForm(roles_given, initial={"roles": post.roles}, language=language)
    holder = HolderForm(
        given if given and "user_id" in given else None, initial={"valid_from": clock.today()}
    )
    try:
        if form.is_valid():
            actions.set_post_roles(request.actor, post.pk, **form.cleaned_data)
            return redirect("security")
        if holder.is_valid():
            actions.appoint(request.actor, post_id=post.pk, **holder.cleaned_data)
            messages.success(request, _("The post is given."))
            return redirect("post_roles", post.pk)
    except Refusal:
        raise
    except UserError as error:
        refuse(holder if holder.is_bound else form, error)
    context = {
        "post": post,
        "form": form,
        "holder": holder if queries.is_administrators(post) else None,
        "holders": queries.holders_of_post(post),
        "today": clock.today(),
    }
    return render(request, "people/post_roles.html", context)
