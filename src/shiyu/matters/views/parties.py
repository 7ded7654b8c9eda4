"""The desk's pages about who reported a matter: read with a reason, added, a new PIN, found by number, what was destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import Personal
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.lib.requests import client_address
from shiyu.matters.access import openable_matter
from shiyu.matters.actions.acting import add_acting
from shiyu.matters.actions.correcting import correct_party, correctable_party
from shiyu.matters.actions.own import show_own
from shiyu.matters.actions.parties import (
    OpenParty,
    Reporter,
    add_reporter,
    look_up_phone,
    open_sealed,
    reset_pin,
)
from shiyu.matters.forms.reporters import (
    ActingForm,
    CorrectForm,
    OwnForm,
    PhoneForm,
    PinResetForm,
    ReporterForm,
    WhyForm,
    parts_given,
    reporters_given,
)
from shiyu.matters.kinds import kind_label, kind_of
from shiyu.matters.models import Matter, Party
from shiyu.matters.queries.limits import certain_limits, is_limit_set
from shiyu.matters.queries.parties import destructions, held_about, matter_lines, openings_of, reporters_of
from shiyu.packs.queries import takes_reports
from shiyu.ui.forms import refuse


@dataclass(frozen=True)
class Receipt:
    """What a reporter takes home; the PIN is shown here and never again."""

    pin: str


def receipt_page(request: HttpRequest, matter: Matter, pins: Sequence[str]) -> HttpResponse:
    """The receipts of a matter, to print: number, PIN, address of the public page and its QR code. The answer to the
    request that made the PINs: they are kept nowhere but as hashes."""
    address = request.build_absolute_uri(f"{reverse('progress')}?code={matter.code}")
    context = {
        "matter": matter,
        "kind_label": kind_label(matter.kind),
        "receipts": [Receipt(f"{pin[:4]} {pin[4:]}") for pin in pins],
        "address": request.build_absolute_uri(reverse("progress")),
        "square": qr_square(address),
        "subject": "" if kind_of(matter).personal else matter.title,
        "limits": certain_limits(matter),
        "is_open_end": not is_limit_set(matter),
        "paper": "upright",
    }
    return render(request, "matters/matter_receipt.html", context)


def qr_square(address: str) -> SafeString:
    """An address as a QR code, drawn as SVG."""
    picture = BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", xmldecl=False, svgns=True, scale=4, border=2, nl=False, omitsize=False
    )
    # Our own drawing of our own address: no user text goes into it but as black squares.
    return mark_safe(picture.getvalue().decode())  # noqa: S308


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporters_open(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Asks why, then shows the whole for this one view."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    form, opened, texts = WhyForm(request.POST or None), None, None
    if request.method == "POST" and form.is_valid():
        try:
            opened, texts = open_sealed(actor, matter_id, reason=form.cleaned_data["reason"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "matter": matter,
        "form": form,
        "opened": opened,
        "corrections": [
            (row, _correction(row)) for row in opened or () if row.name or row.phone or row.address
        ],
        "texts": texts,
        "openings": openings_of(matter),
    }
    status = 422 if request.method == "POST" and opened is None else 200
    return render(request, "matters/reporters_open.html", context, status=status)


def _correction(row: OpenParty) -> CorrectForm:
    """The form that corrects a person, filled in with what was just opened."""
    opened = {f"reporter_{part}": getattr(row, part.value) for part in Personal}
    return CorrectForm(initial=opened, auto_id=f"id_{row.party_id}_%s")


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_correct(request: HttpRequest, matter_id: UUID, party_id: UUID) -> HttpResponse:
    """Puts right what is held about a person; shown here in part only."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    party = correctable_party(matter, party_id)
    form = CorrectForm(request.POST or None, party=party)
    if request.method == "POST" and form.is_valid():
        given, reason = parts_given(form.cleaned_data), form.cleaned_data["reason"]
        try:
            correct_party(actor, matter_id, party_id=party_id, given=given, reason=reason)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Corrected. That it was changed and why is on record."))
            return redirect("matter_detail", matter_id)
    note = f"{matter.code} {held_about(party).words}"
    return _form_page(request, matter, form, _("Correct what is held"), pgettext("reporter", "Correct"), note)


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_own(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """What is held about the person before the desk: their own part, and who opened what of the matter."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    form, own = OwnForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            own = show_own(actor, matter_id, **form.cleaned_data, address=client_address(request))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    kind = kind_of(matter)
    context = {
        "matter": matter,
        "form": form,
        "own": own,
        "days": kind.keep.n if kind.keep else None,
        "openings": openings_of(matter) if own else (),
    }
    status = 422 if request.method == "POST" and own is None else 200
    return render(request, "matters/reporter_own.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_add(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Another person who reports the same; they get a receipt of their own."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    form = ReporterForm(request.POST or None, kind=kind_of(matter))
    if request.method == "POST" and form.is_valid():
        given: list[Reporter] = reporters_given(form.cleaned_data)
        try:
            add_reporter(actor, matter_id, reporter=given[0])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            return receipt_page(request, matter, [given[0].pin])
    return _form_page(request, matter, form, _("Another reporter"), _("Write down"))


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_pin(request: HttpRequest, matter_id: UUID, party_id: UUID) -> HttpResponse:
    """A new PIN for somebody who lost theirs."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    get_object_or_404(Party, pk=party_id, matter=matter)
    form = PinResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pin = reset_pin(actor, matter_id, party_id=party_id, reason=form.cleaned_data["reason"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            return receipt_page(request, matter, [pin])
    return _form_page(request, matter, form, _("A new PIN"), _("Give a new PIN"))


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_acting(request: HttpRequest, matter_id: UUID, party_id: UUID) -> HttpResponse:
    """Somebody acts for a reporter: they get a receipt and a PIN of their own."""
    actor = actor_of(request)
    matter = openable_matter(actor, matter_id)
    get_object_or_404(Party, pk=party_id, matter=matter, acts_for=None)
    form = ActingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reporter, relation = form.given()
        try:
            add_acting(actor, matter_id, party_id=party_id, reporter=reporter, relation=relation)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            return receipt_page(request, matter, [reporter.pin])
    return _form_page(request, matter, form, _("Somebody acts for the reporter"), _("Write down"))


def may_find(actor: Actor) -> bool:
    """Whether the person handles matters, in a city that has kinds with reporters."""
    return (actor.has("matter.handle") or actor.has("matter.dispatch")) and takes_reports()


@require_http_methods(["GET", "POST"])
@never_cache
@page
def reporter_find(request: HttpRequest) -> HttpResponse:
    """The matters somebody with a phone number reported or is party to, typed whole. By POST: a number stands in no address and no log."""
    actor = actor_of(request)
    if not may_find(actor):
        raise NotAllowed(_("Your post does not handle matters of people who report something."))
    form, found = PhoneForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            found = look_up_phone(actor, phone=form.cleaned_data["phone"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    lines = None if found is None else matter_lines(found, form.cleaned_data["phone"])
    context = {"form": form, "found": lines}
    status = 422 if request.method == "POST" and found is None else 200
    return render(request, "matters/reporter_find.html", context, status=status)


@require_safe
@page
def destruction_list(request: HttpRequest) -> HttpResponse:
    """The reports of what was destroyed because its time was over."""
    actor = actor_of(request)
    if not (actor.has("matter.approve") or actor.has("audit.read")):
        raise NotAllowed(_("Your post does not see these reports."))
    return render(request, "matters/destruction_list.html", {"rows": destructions()})


def _form_page(
    request: HttpRequest,
    matter: Matter,
    form: ReporterForm | PinResetForm | ActingForm | CorrectForm,
    title: str,
    submit: str,
    note: str = "",
) -> HttpResponse:
    context = {
        "matter": matter,
        "form": form,
        "title": title,
        "note": note or f"{matter.code} {matter.title}",
        "submit": submit,
        "cancel_url": reverse("matter_detail", args=[matter.pk]),
        "reporters": reporters_of(matter),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "matters/matter_new.html", context, status=status)
