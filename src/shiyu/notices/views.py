"""One's notices, and the views one keeps."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.lib.errors import NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.notices import actions
from shiyu.notices.models import Notice


@login_required
def notice_list(request: WorkRequest) -> HttpResponse:
    """One's notices, newest first; POST marks them all read."""
    if request.method == "POST":
        actions.mark_read(request.user.pk)
        return redirect("notice_list")
    notices = Notice.objects.filter(user_id=request.user.pk).order_by("-created_at")
    page = Paginator(notices, 50).get_page(request.GET.get("page"))
    return render(request, "notices/notice_list.html", {"page": page})


@login_required
def notice_open(request: WorkRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice read and go where it leads."""
    notice = Notice.objects.filter(pk=notice_id, user_id=request.user.pk).first()
    if notice is None:
        raise NotVisible(_("There is no such notice."))
    actions.mark_read(request.user.pk, [notice.pk])
    return redirect(notice.url or "notice_list")


@login_required
@require_POST
def saved_view_save(request: WorkRequest) -> HttpResponse:
    """Save the filters of a list under a name, and go back to the list with them."""
    post = request.POST
    actions.save_view(
        request.actor, page=post.get("list", ""), name=post.get("name", ""), query=post.get("query", "")
    )
    messages.success(request, _("The view is saved."))
    target = post.get("path", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(f"{target if safe else '/'}?{post.get('query', '')}")


@login_required
@require_POST
def saved_view_delete(request: WorkRequest, view_id: UUID) -> HttpResponse:
    """Remove a saved view."""
    actions.delete_view(request.actor, view_id)
    target = request.headers.get("referer", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "/")
