"""The OpenAPI description: what ninja reads from the code, with the filters of the lists, the scopes and the problems."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from shiyu.exchange.api.answers import HEADER
from shiyu.exchange.api.auth import Bearer
from shiyu.exchange.api.errors import MEDIA_TYPE, PROBLEMS
from shiyu.exchange.api.paging import DEFAULT_LIMIT, MOST
from shiyu.ui.columns import ListSpec

PREFIX = "/api/v1/"
MOST_CHOICES = 40
"""A filter with more choices than these is described without them (the units of a province)."""


class Api(NinjaAPI):
    """The API with its whole description."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The description, in the language asked for and with the choices of the city's pack."""
        schema = super().get_openapi_schema(path_prefix=PREFIX)
        schema["components"]["schemas"]["Problem"] = _problem_shape()
        for path, method, operation in self.operations():
            details = schema["paths"][path][method]
            details["operationId"] = operation.view_func.__name__
            _describe(details, operation, method)
        return schema

    def operations(self) -> list[tuple[str, str, Operation]]:
        """Every resource: its path in the description, its method, its operation."""
        found = []
        for router in self._get_bound_routers():
            for path, view in router.path_operations.items():
                full = "/".join(part.strip("/") for part in (PREFIX, router.prefix, path) if part.strip("/"))
                plain = "/" + "/".join(_plain(part) for part in full.split("/"))
                found += [
                    (plain, method.lower(), operation)
                    for operation in view.operations
                    for method in operation.methods
                ]
        return found


def _plain(part: str) -> str:
    """`{uuid:matter_id}` as OpenAPI writes it: `{matter_id}`."""
    return "{" + part.split(":", 1)[1] if part.startswith("{") and ":" in part else part


def _describe(details: dict[str, Any], operation: Operation, method: str) -> None:
    bearer = next((one for one in operation.auth_callbacks if isinstance(one, Bearer)), None)
    scope = bearer.scope if bearer else None
    details["x-scope"] = scope.value if scope else ""
    view: Any = operation.view_func
    details["summary"] = operation.view_func.__name__.replace("_", " ")
    if about := " ".join(str(details.get("description", "")).split()):
        # Docstrings are the descriptions; their Chinese stands in the catalogue like any text's.
        details["description"] = gettext(about)
    spec = getattr(view, "spec", None)
    if spec is not None:
        details["parameters"] += _list_parameters(spec())
    elif hasattr(view, "filters"):
        details["parameters"] += [_parameter(name) for name in view.filters] + _paging()
    if method == "post":
        about = _("The same key with the same body: one effect, and the same answer. With another body: 409.")
        details["parameters"].append(
            {"in": "header", "name": HEADER, "required": False, "description": about,
             "schema": {"type": "string", "pattern": "^[!-~]{8,80}$"}}
        )  # fmt: skip
    _answers(details, method)


def _answers(details: dict[str, Any], method: str) -> None:
    """Every resource may answer with these problems."""
    codes = ["400", "401", "403", "404", "422", "429", *(["409", "413"] if method == "post" else [])]
    titles = {str(status): str(title) for status, title in PROBLEMS.values()}
    for code in codes:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        details["responses"][int(code)] = {"description": titles[code], "content": content}
    if (
        200 in details["responses"]
        and details["responses"][200]
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("format")
        == "binary"
    ):
        details["responses"][200]["content"] = {"application/octet-stream": {}}


def _list_parameters(spec: ListSpec) -> list[dict[str, Any]]:
    """The filters of a list's page, with their labels and choices, and what every list takes."""
    found = []
    if spec.filterset is not None:
        rows = spec.filterset.Meta.model._default_manager.none()
        form = spec.filterset({}, queryset=rows).form
        for name, field in form.fields.items():
            choices = [str(value) for value, _label in getattr(field, "choices", ()) if str(value)]
            label = "" if field.widget.is_hidden else str(field.label or name)
            found.append(_parameter(name, label, choices, spec.defaults.get(name)))
    orders = [sign + column.key for column in spec.columns if column.sort for sign in ("", "-")]
    found.append(_parameter("sort", _("The order; “-” before it turns it round."), orders, spec.default_sort))
    return found + _paging()


def _paging() -> list[dict[str, Any]]:
    limit = _parameter("limit", _("Rows of a page."))
    limit["schema"] = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    return [limit, _parameter("cursor", _("`next`, `previous` or `resume` of a page before."))]


def _parameter(
    name: str, label: str = "", choices: list[str] | None = None, default: Any = None
) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string"}
    if choices and len(choices) <= MOST_CHOICES:
        shape["enum"] = choices
    if default is not None:
        shape["default"] = default
    found = {"in": "query", "name": name, "required": False, "schema": shape}
    return found | ({"description": label} if label else {})


def _problem_shape() -> dict[str, Any]:
    """RFC 9457."""
    text = {"type": "string"}
    fault = {
        "type": "object",
        "properties": {"field": text, "message": text},
        "required": ["field", "message"],
    }
    return {
        "type": "object",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "errors": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status"],
    }


def schema_of(api: Api, request: HttpRequest) -> dict[str, Any]:
    """The description with this server's address, for a client that was given the file alone."""
    schema = api.get_openapi_schema()
    schema["servers"] = [{"url": request.build_absolute_uri("/").rstrip("/")}]
    return schema
