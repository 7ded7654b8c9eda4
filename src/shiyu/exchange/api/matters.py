"""Matters over HTTP: the list, one, filing, and acting by any verb of its kind."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from ninja import Router

from shiyu.exchange.api.answers import Written, change
from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.bodies import Act, Acted, ActField, Acts, Choice, DeedGiven, Filed, MatterGiven
from shiyu.exchange.api.errors import Invalid
from shiyu.exchange.api.paging import cut, faults_of, words_of
from shiyu.exchange.api.shapes import MatterLine, MatterPage, MatterWhole
from shiyu.exchange.models import Scope
from shiyu.kernel.facts import Option
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.matters import actions
from shiyu.matters.access import intake_units, options_of, visible_matter
from shiyu.matters.forms import NO_UNITS, MatterForm, VerbForm, kind_choices, unit_choices
from shiyu.matters.forms.reporters import ANONYMOUS, NAMED, NOBODY
from shiyu.matters.kinds import kind_of, language, verb_label
from shiyu.matters.models import Matter
from shiyu.matters.queries.board import is_of_closed, is_of_open
from shiyu.matters.views.columns import LISTED, closed_parts, matter_rows, matter_spec
from shiyu.packs.forms import PREFIX

router = Router(tags=["matters"])
MOST_CHOICES = 40
"""More choices than these (units, places) are not repeated in an error."""
UNITS = ("unit_id", "lead_unit_id")
MANY_UNITS = ("supporting_unit_ids",)


@router.get("", response=MatterPage, auth=Bearer(Scope.MATTERS_READ), url_name="api_matters")
def matters(request: ApiRequest) -> MatterPage:
    """The matters the account may see: open ones unless `show` says otherwise; filters and orders of the page."""
    asked = {**LISTED, **request.GET.dict()}
    spec = matter_spec(of_closed=is_of_closed(asked))
    rows = matter_rows(request.actor, of_open=is_of_open(asked))
    page = cut(request, spec, rows, closed_parts(request.actor, asked))
    items = [MatterLine(**MatterLine.given(row, words_of(spec.columns, row))) for row in page.rows]
    return MatterPage.of(page, items)


matters.spec = matter_spec  # type: ignore[attr-defined]


@router.post("", response={201: Filed}, auth=Bearer(Scope.MATTERS_FILE), url_name="api_matters")
@change
def matter_file(request: ApiRequest, given: MatterGiven) -> Written:
    """Files a matter of a kind. Who reports it is sealed at once; the PIN of the answer goes to them, with the code."""
    if not request.actor.has("matter.file"):
        raise NotAllowed(_("Your post does not file matters."))
    if given.kind not in dict(kind_choices()):
        raise Invalid([("kind", _("The city has no kind of matter called %(kind)s.") % {"kind": given.kind})])
    form = _filing_form(request, given)
    if not form.is_valid():
        raise Invalid(_faults(form))
    data = form.given()
    matter = actions.file_matter(request.actor, kind=given.kind, **data)
    pin = data["reporters"][0].pin if data["reporters"] else None
    return Written(Filed(id=matter.pk, code=matter.code, pin=pin), 201, f"/api/v1/matters/{matter.pk}")


@router.get("/{uuid:matter_id}", response=MatterWhole, auth=Bearer(Scope.MATTERS_READ), url_name="api_matter")
def matter(request: ApiRequest, matter_id: UUID) -> MatterWhole:
    """One matter."""
    row = matter_rows(request.actor).filter(pk=matter_id).first()
    if row is None:
        raise NotVisible(_("There is no such matter, or it is not for you to see."))
    return MatterWhole.of(row, words_of(matter_spec().columns, row))


@router.get(
    "/{uuid:matter_id}/acts", response=Acts, auth=Bearer(Scope.MATTERS_READ), url_name="api_matter_acts"
)
def matter_acts(request: ApiRequest, matter_id: UUID) -> Acts:
    """What this account may do with the matter now, with each verb's fields; and why not the rest."""
    row = visible_matter(request.actor, matter_id)
    may = Scope.MATTERS_ACT in request.token.scopes
    items = [_act(row, option, may_act=may) for option in options_of(row, request.actor)]
    return Acts(version=row.version, items=items)


@router.post(
    "/{uuid:matter_id}/acts/{slug:verb}",
    response=Acted,
    auth=Bearer(Scope.MATTERS_ACT),
    url_name="api_matter_act",
)
@change
def matter_act(request: ApiRequest, matter_id: UUID, verb: str, given: DeedGiven) -> Written:
    """Does a verb to the matter: the same deed as the button of its page. Send `seen` (the version you read) so that a
    change by somebody else in between is a conflict."""
    row = visible_matter(request.actor, matter_id)
    option = next((one for one in options_of(row, request.actor) if one.verb == verb), None)
    if option is None or verb not in actions.VERB_ACTIONS:
        raise NotVisible(_("Matters of this kind know no such verb."))
    if not option.allowed:
        raise NotAllowed(_reasons(option))
    data = given.model_dump(exclude_none=True, mode="json", exclude={"fields"})
    data |= _own_fields(given.fields or {})
    form = VerbForm(data, option=option, kind=kind_of(row), matter=row, units=unit_choices(), prefix="")
    # Proof is kept with POST …/files before: the kernel asks whether it is there.
    form.fields.pop("files", None)
    if extra := [name for name in data if name not in form.fields]:
        raise Invalid((name_in_request(name), _("This verb takes no such field.")) for name in extra)
    if not form.is_valid():
        raise Invalid(_faults(form))
    return Written(Acted.of(actions.act_on_matter(request.actor, matter_id, verb, **form.given())))


def _reasons(option: Option) -> str:
    return " ".join(dict.fromkeys(reason.text(language()) for reason in option.reasons))


def _act(row: Matter, option: Option, *, may_act: bool) -> Act:
    """A verb with its fields, or with what speaks against it."""
    reasons = list(dict.fromkeys(reason.text(language()) for reason in option.reasons))
    if option.allowed and not may_act:
        reasons = [_("The token needs the scope %(scope)s.") % {"scope": Scope.MATTERS_ACT}]
    allowed = option.allowed and may_act
    fields = []
    if allowed:
        form = VerbForm(option=option, kind=kind_of(row), matter=row, units=NO_UNITS, prefix="")
        fields = [act_field(name, field) for name, field in form.fields.items() if name != "files"]
    return Act(
        verb=option.verb, label=verb_label(option.verb), allowed=allowed, reasons=reasons, fields=fields
    )


_TYPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, "date"),
    (forms.BooleanField, "boolean"),
    (forms.IntegerField, "integer"),
    (forms.ChoiceField, "choice"),
)


def act_field(name: str, field: forms.Field) -> ActField:
    """A form's field as the API describes it."""
    kind = next((word for kind, word in _TYPES if isinstance(field, kind)), "text")
    kind = "unit" if name in UNITS else "units" if name in MANY_UNITS else kind
    choices = None
    if kind == "choice":
        rows: Any = field.choices  # type: ignore[attr-defined]
        choices = [Choice(value=str(value), label=str(label)) for value, label in rows if str(value)]
    label = _("Version of the matter you read") if name == "seen" else str(field.label or name)
    return ActField(
        name=name_in_request(name), label=label, required=field.required, type=kind, choices=choices
    )


def _filing_form(request: ApiRequest, given: MatterGiven) -> MatterForm:
    """The page's form with what was sent. Raises Invalid for fields that the kind does not take."""
    data = given.model_dump(
        exclude_unset=True, mode="json", exclude={"kind", "fields", "reporter", "other_side"}
    )
    data = {name: value for name, value in data.items() if value not in (None, "", [])}
    data |= _own_fields(given.fields)
    if given.reporter is not None:
        said = given.reporter.model_dump(exclude={"anonymous"})
        data |= {f"reporter_{part}": text for part, text in said.items() if text}
    if given.other_side is not None:
        data |= {f"other_{part}": text for part, text in given.other_side.model_dump().items() if text}
    sends = bool(request.actor.units_with("matter.dispatch"))
    fresh = MatterForm(kind=given.kind, intake=intake_units(request.actor), sends=sends)
    who = NOBODY if given.reporter is None else ANONYMOUS if given.reporter.anonymous else NAMED
    if "reporter" in fresh.fields:
        data["reporter"] = who
    elif given.reporter is not None and "reporter_name" not in fresh.fields:
        raise Invalid([("reporter", _("This kind of matter has no reporter."))])
    if given.other_side is not None and "other_name" not in fresh.fields:
        raise Invalid([("other_side", _("This kind of matter has no other side."))])
    if faults := [_no_such(name) for name in data if name not in fresh.fields]:
        raise Invalid(faults)
    for name in ("unit_id", "happened_on"):  # what the page fills in by itself
        initial = fresh.fields[name].initial if name in fresh.fields else None
        if name not in data and initial is not None:
            data[name] = str(initial)
    return MatterForm(data, kind=given.kind, intake=intake_units(request.actor), sends=sends)


def _no_such(name: str) -> tuple[str, str]:
    if name.startswith(PREFIX):
        return f"fields.{name.removeprefix(PREFIX)}", _("The kind's form has no such field.")
    return name, _("This kind takes no such field.")


def _typed(value: Any) -> str:
    """A value of a kind's own field as the form takes it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _own_fields(given: Mapping[str, Any]) -> dict[str, str]:
    return {PREFIX + code: _typed(value) for code, value in given.items() if value is not None}


def name_in_request(name: str) -> str:
    """What a form's field is called in the request: `fields.amount`, `reporter.phone`, `other_side.name`."""
    if name.startswith(PREFIX):
        return f"fields.{name.removeprefix(PREFIX)}"
    if name.startswith("other_"):
        return f"other_side.{name.removeprefix('other_')}"
    return name.replace("_", ".", 1) if name.startswith("reporter_") else name


def _faults(form: forms.Form) -> list[tuple[str, str]]:
    """The form's errors; at a choice nobody offers, what is offered."""
    errors = form.errors.get_json_data()
    for name, rows in errors.items():
        choices = [
            str(value) for value, _label in getattr(form.fields.get(name), "choices", ()) if str(value)
        ]
        if choices and len(choices) <= MOST_CHOICES and rows[0]["code"] == "invalid_choice":
            rows[:] = [{"message": _("One of: %(words)s.") % {"words": ", ".join(choices)}, "code": ""}]
    return faults_of(errors, {name: name_in_request(name) for name in form.fields})
