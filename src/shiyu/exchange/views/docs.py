"""The API's description as a page of our own: no file from outside, no script."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shiyu.exchange.api import api
from shiyu.exchange.api.bodies import ActField
from shiyu.exchange.api.errors import PROBLEMS
from shiyu.exchange.api.matters import MOST_CHOICES, act_field
from shiyu.exchange.api.schema import schema_of
from shiyu.exchange.models import Event, Scope
from shiyu.kernel.actor import Actor
from shiyu.lib.requests import WorkRequest
from shiyu.matters.access import intake_units
from shiyu.matters.forms import MatterForm
from shiyu.matters.kinds import filed_kinds

Schema = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A parameter, a field of a body or of an answer."""

    name: str
    kind: str
    required: bool
    about: str
    place: str = ""


@dataclass(frozen=True)
class Resource:
    """One resource as the page shows it."""

    anchor: str
    method: str
    path: str
    about: str
    scope: str
    parameters: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)
    answer: list[Row] = field(default_factory=list)


@require_GET
@login_required
def api_docs(request: WorkRequest) -> HttpResponse:
    """What the API offers, with tokens, paging, problems and webhooks explained."""
    schema = schema_of(api, request)
    groups: dict[str, list[Resource]] = {}
    for path, methods in schema["paths"].items():
        for method, details in methods.items():
            groups.setdefault(details.get("tags", ["token"])[0], []).append(
                _resource(schema, path, method, details)
            )
    context = {
        "groups": groups.items(),
        "scopes": Scope.choices,
        "events": Event.choices,
        "problems": [(code, status, title) for code, (status, title) in PROBLEMS.items()],
        "kinds": _kinds(request.actor),
        "api": request.build_absolute_uri("/api/v1/"),
    }
    return render(request, "exchange/api_docs.html", context)


def _kinds(actor: Actor) -> list[tuple[str, str, list[Row]]]:
    """What may be filed: each kind's code and name, and the fields its form takes, with their codes."""
    found = []
    sends = bool(actor.units_with("matter.dispatch"))
    for card in filed_kinds():
        form = MatterForm(kind=card.code, intake=intake_units(actor), sends=sends)
        asked = [(act_field(name, field), field) for name, field in form.fields.items() if name != "reporter"]
        # What the page fills in by itself the API fills in as well.
        rows = [_filed(one, one.required and field.initial is None) for one, field in asked]
        found.append((card.code, card.label, rows))
    return found


def _filed(one: ActField, required: bool) -> Row:
    """A field with what it may be, where that is a short list of codes."""
    choices = one.choices or []
    words = "、".join(f"{choice.value} {choice.label}" for choice in choices)
    kind = (
        "uuid"
        if one.name == "area_id" or one.name.endswith("unit_id")
        else "[uuid]"
        if one.name.endswith("_ids")
        else one.type
    )
    named = kind == "choice" and len(choices) <= MOST_CHOICES
    return Row(one.name, kind, required, f"{one.label}：{words}" if named else one.label)


@require_GET
@login_required
def api_docs_schema(request: HttpRequest) -> HttpResponse:
    """The same as an OpenAPI file, for a generator of clients."""
    text = json.dumps(schema_of(api, request), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="shiyu-openapi.json"'
    return answer


def _resource(schema: Schema, path: str, method: str, details: Schema) -> Resource:
    content = details.get("requestBody", {}).get("content", {})
    good: Schema = next((one for code, one in details["responses"].items() if str(code).startswith("2")), {})
    parameters = [
        Row(
            one["name"],
            _kind(one["schema"]),
            one.get("required", False),
            one.get("description", ""),
            one["in"],
        )
        for one in details["parameters"]
    ]
    return Resource(
        anchor=details["operationId"],
        method=method.upper(),
        path=path,
        about=details.get("description", ""),
        scope=details.get("x-scope", ""),
        parameters=parameters,
        body=[row for shape in content.values() for row in _fields(schema, shape["schema"])],
        answer=[
            row
            for shape in good.get("content", {}).values()
            for row in _fields(schema, shape.get("schema", {}))
        ],
    )


def _fields(schema: Schema, shape: Schema) -> Iterator[Row]:
    """The fields of a shape; of a page of a list those of its lines, too."""
    whole = _resolved(schema, shape)
    needed = whole.get("required", [])
    for name, one in whole.get("properties", {}).items():
        yield Row(name, _kind(one), name in needed, one.get("description", ""))
        if name == "items" and one.get("type") == "array":
            for row in _fields(schema, one["items"]):
                yield Row(f"items[].{row.name}", row.kind, row.required, row.about)


def _resolved(schema: Schema, shape: Schema) -> Schema:
    ref = shape.get("$ref", "")
    found: Schema = schema["components"]["schemas"].get(ref.rsplit("/", 1)[-1], {}) if ref else shape
    return found


def _kind(shape: Schema) -> str:
    """A shape in one word, as programmers read it."""
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(_kind(one) for one in shape["anyOf"]))
    if "enum" in shape:
        return " | ".join(str(one) for one in shape["enum"])
    if shape.get("type") == "array":
        return f"[{_kind(shape.get('items', {}))}]"
    return str(shape.get("format") or shape.get("type") or "object")
