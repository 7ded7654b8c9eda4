"""One's own account: posts, password, absence."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shiyu.lib import clock
from shiyu.lib.errors import Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import actions, queries
from shiyu.people.actions.passwords import INITIAL
from shiyu.people.forms import AbsenceForm, PasswordForm
from shiyu.people.views.signing import next_of


@sensitive_post_parameters()
@login_required
def account(request: WorkRequest) -> HttpResponse:
    """One's posts, absences and password."""
    form = PasswordForm(request.POST or None)
    if _changed(request, form):
        return redirect("account")
    return _account_page(request, form, _absence_form(request))


@sensitive_post_parameters()
@login_required
def password_change(request: WorkRequest) -> HttpResponse:
    """The page a first or an old password leads to: nothing else opens before it is changed."""
    form = PasswordForm(request.POST or None)
    if _changed(request, form):
        return redirect(next_of(request))
    first = request.session.get("password_due") == INITIAL
    return render(request, "people/password_change.html", {"form": form, "first": first})


@require_POST
@login_required
def absence_set(request: WorkRequest) -> HttpResponse:
    """Enter one's own absence with a deputy."""
    form = _absence_form(request)
    if form.is_valid():
        try:
            actions.set_absence(request.actor, **form.cleaned_data)
            messages.success(request, _("The absence is entered; your deputy acts for you on these days."))
            return redirect("account")
        except Refusal:
            raise
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _account_page(request, PasswordForm(), form, status=422)


@require_POST
@login_required
def absence_end(request: WorkRequest, absence_id: UUID) -> HttpResponse:
    """Back at work."""
    actions.end_absence(request.actor, absence_id)
    messages.success(request, _("The absence has ended; your deputy acts for you no more."))
    return redirect("account")


def _changed(request: WorkRequest, form: PasswordForm) -> bool:
    """Whether the password was changed by this request; else the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        actions.change_password(request.actor, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except Refusal:
        raise
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else "new", str(error))
        return False
    request.user.refresh_from_db()
    request.session.pop("password_due", None)
    update_session_auth_hash(request, request.user)  # other sessions of this account end, this one goes on
    messages.success(request, _("The password is changed."))
    return True


def _absence_form(request: WorkRequest) -> AbsenceForm:
    data = request.POST if "deputy_id" in request.POST else None
    colleagues = queries.colleagues_of(request.user)
    return AbsenceForm(data, colleagues=colleagues, initial={"valid_from": clock.today(), "days": 1})


def _account_page(
    request: WorkRequest, form: PasswordForm, absence: AbsenceForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "absence": absence,
        "posts": queries.posts_of(request.user),
        "absences": request.user.absences.filter(valid_to__gte=clock.today()).select_related("deputy"),
        "deputised": request.user.deputised.filter(valid_to__gte=clock.today()).select_related("user"),
    }
    return render(request, "people/account.html", context, status=status)
