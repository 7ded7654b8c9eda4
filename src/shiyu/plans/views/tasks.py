"""Pages of a task: everything that hangs on it, changing it while it can be changed, splitting it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.lib.errors import Refusal, UserError
from shiyu.plans.access import can, need
from shiyu.plans.actions.tasks import add_task, edit_task, link_clauses, remove_task, split_task
from shiyu.plans.forms.editions import ReasonForm
from shiyu.plans.forms.posted import posted
from shiyu.plans.forms.tasks import PARTS, ClauseForm, PartForm, SplitForm, TaskForm, unit_options
from shiyu.plans.models import Task
from shiyu.plans.queries.editions import block_name, deadline_words, group_words, state_words
from shiyu.plans.queries.tasks import find_task, is_number_in_words, task_page
from shiyu.plans.views.editions import edition_or_404
from shiyu.ui.context import url_or_none
from shiyu.ui.forms import refuse


def task_or_404(request: HttpRequest, task_id: UUID) -> Task:
    """The task if the person may see its edition."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    task = find_task(request.actor, task_id)  # type: ignore[attr-defined]
    if task is None:
        raise Http404
    return task


@login_required
def task_detail(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A task with clauses, sub-tasks, duties, progress, problems, instructions, proof and its other editions."""
    actor = request.actor  # type: ignore[attr-defined]
    task = task_or_404(request, task_id)
    words = group_words()
    context = {
        "page": task_page(actor, task),
        "task": task,
        "block_label": block_name(task),
        "deadline": deadline_words(task),
        "is_said": is_number_in_words(task),
        "state": state_words(task.edition),
        "groups": [words.get(code, code) for code in task.groups],
        "may_edit": can(actor, "edit") and task.edition.is_editable,
        "may_instruct": actor.has("instruction.register"),
        "instruct_url": url_or_none("instruction_register"),
        "own_units": actor.unit_ids,
        "may_file": actor.has("matter.file") and task.edition.state == "issued",
    }
    return render(request, "plans/task_detail.html", context)


def _form_page(
    request: HttpRequest, form: Any, title: str, back: str, submit: str, note: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": back, "submit": submit, "note": note}
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
def task_add(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """A new task in a draft."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    number = str(edition.tasks.filter(parent=None).count() + 1)
    form = TaskForm(edition, *posted(request), initial={"number": number})
    if request.method == "POST" and form.is_valid():
        block = form.cleaned_data["block"]
        try:
            task = add_task(
                request.actor,  # type: ignore[attr-defined]
                edition.pk,
                UUID(block) if block else None,
                form.cleaned_data["number"],
                form.values(),
                form.units(),
            )
            return redirect("task_detail", task.pk)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    back = reverse("edition_detail", args=[edition.pk])
    return _form_page(request, form, _("Add a task"), back, _("Add"), edition.plan.title)


def _after_edit(request: HttpRequest, task: Task) -> str:
    """Back to the opinion round that led here (`?round=`), if it is one of this edition; else to the task."""
    asked = request.GET.get("round", "")
    known = {str(pk) for pk in task.edition.rounds.values_list("pk", flat=True)} if asked else set()
    if asked in known:
        return f"{reverse('opinion_round', args=[asked])}#wanted"
    return reverse("task_detail", args=[task.pk])


@login_required
def task_edit(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Change a task of a draft."""
    task = task_or_404(request, task_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    form = TaskForm(task.edition, *posted(request), task=task)
    if request.method == "POST" and form.is_valid():
        try:
            edit_task(request.actor, task.pk, form.values(), form.units())  # type: ignore[attr-defined]
            messages.success(request, _("The task is changed."))
            return redirect(_after_edit(request, task))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    back = reverse("task_detail", args=[task.pk])
    return _form_page(request, form, _("Change task %(n)s") % {"n": task.number}, back, _("Keep"), task.title)


@login_required
def task_split(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Cut a task into sub-tasks: what they share, and each one's own."""
    task = task_or_404(request, task_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    options = unit_options(task.edition)
    data = posted(request)
    form = SplitForm(data[0], initial={"common": task.common})
    parts = [PartForm(*data, prefix=f"p{at}", options=options) for at in range(PARTS)]
    if request.method == "POST" and form.is_valid() and all(part.is_valid() for part in parts):
        try:
            made = split_task(
                request.actor,  # type: ignore[attr-defined]
                task.pk,
                form.cleaned_data["common"],
                [part.part() for part in parts],
            )
            messages.success(request, _("Split into %(n)s sub-tasks.") % {"n": len(made)})
            return redirect("task_detail", task.pk)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {"task": task, "form": form, "parts": parts}
    return render(request, "plans/task_split.html", context, status=400 if form.errors else 200)


@login_required
def task_remove(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Drop a task from a draft, with the reason."""
    task = task_or_404(request, task_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    form = ReasonForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            remove_task(request.actor, task.pk, form.cleaned_data["reason"])  # type: ignore[attr-defined]
            messages.success(request, _("Task %(n)s is dropped.") % {"n": task.number})
            return redirect("edition_detail", task.edition_id)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    back = reverse("task_detail", args=[task.pk])
    return _form_page(request, form, _("Drop task %(n)s") % {"n": task.number}, back, _("Drop"), task.title)


@login_required
def task_clauses(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say which clauses the task meets."""
    task = task_or_404(request, task_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    initial = {"clauses": [str(pk) for pk in task.clause_links.values_list("clause_id", flat=True)]}
    form = ClauseForm(posted(request)[0], initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            link_clauses(request.actor, task.pk, form.ids())  # type: ignore[attr-defined]
            return redirect("task_detail", task.pk)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    back = reverse("task_detail", args=[task.pk])
    return _form_page(
        request, form, _("Clauses of task %(n)s") % {"n": task.number}, back, _("Keep"), task.title
    )


urlpatterns = [
    path("editions/<uuid:edition_id>/tasks/new/", task_add, name="task_add"),
    path("tasks/<uuid:task_id>/", task_detail, name="task_detail"),
    path("tasks/<uuid:task_id>/edit/", task_edit, name="task_edit"),
    path("tasks/<uuid:task_id>/split/", task_split, name="task_split"),
    path("tasks/<uuid:task_id>/remove/", task_remove, name="task_remove"),
    path("tasks/<uuid:task_id>/clauses/", task_clauses, name="task_clauses"),
]
