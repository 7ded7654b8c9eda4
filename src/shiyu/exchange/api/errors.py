"""Answers that say what is wrong (RFC 9457, application/problem+json), in the language asked for."""

import hashlib
import logging
import traceback
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError

MEDIA_TYPE = "application/problem+json"
DOCS = "/help/api/"
"""Where the kinds of problems are explained; a `type` is an anchor of that page."""

PROBLEMS: dict[str, tuple[int, Any]] = {
    "malformed": (400, gettext_lazy("The request cannot be read")),
    "unauthenticated": (401, gettext_lazy("No valid token")),
    "scope": (403, gettext_lazy("The token may not be used for this")),
    "not-allowed": (403, gettext_lazy("Not allowed")),
    "not-visible": (404, gettext_lazy("Not there, or not to be seen")),
    "wrong-method": (405, gettext_lazy("This address does not take this method")),
    "conflict": (409, gettext_lazy("Something else happened meanwhile")),
    "too-large": (413, gettext_lazy("The request is too large")),
    "invalid": (422, gettext_lazy("Something in the request does not fit")),
    "too-many": (429, gettext_lazy("Too many wrong tokens")),
    "failed": (500, gettext_lazy("The server failed")),
}
"""Every kind of problem: its status and its title."""

_log = logging.getLogger("shiyu.api")


class Unauthenticated(Exception):
    """No token, or one that opens nothing: 401."""


class ScopeMissing(Exception):
    """The token's scopes do not cover this: 403."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class TooManyTries(Exception):
    """Too many wrong tokens from this address: 429. `seconds` until it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Invalid(Exception):
    """Fields of the request that do not fit: (where, what is wrong), 422."""

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        self.errors = list(errors)
        super().__init__(self.errors)


class Malformed(Exception):
    """What was sent is no request of ours at all: 400."""


def problem(code: str, detail: str = "", errors: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """The answer for a kind of problem; `errors` are (field, what is wrong with it)."""
    status, title = PROBLEMS[code]
    content: dict[str, Any] = {"type": f"{DOCS}#{code}", "title": str(title), "status": status}
    if detail:
        content["detail"] = detail
    if rows := [{"field": field, "message": message} for field, message in errors]:
        content["errors"] = rows
    answer = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = MEDIA_TYPE
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="shiyu"'
    return answer


def as_problem(answer: HttpResponse) -> HttpResponse:
    """An answer of Django's own (unknown address, wrong method, failure) as a problem; any other one as it is."""
    if answer.status_code < 400 or answer.headers.get("Content-Type", "") == MEDIA_TYPE:
        return answer
    codes = {status: code for code, (status, _title) in reversed(PROBLEMS.items())}
    code = codes.get(answer.status_code, "failed" if answer.status_code >= 500 else "malformed")
    found = problem(code)
    found.status_code = answer.status_code
    if "Allow" in answer.headers:
        found["Allow"] = answer.headers["Allow"]
    return found


def of_user_error(error: UserError) -> HttpResponse:
    """The answer for an action's error: its sentence, at its field where it has one."""
    for kind, code in ((NotVisible, "not-visible"), (NotAllowed, "not-allowed"), (Conflict, "conflict")):
        if isinstance(error, kind):
            return problem(code, str(error))
    return problem("invalid", str(error), [(error.field, str(error))] if error.field else ())


def _words(fault: dict[str, Any]) -> str:
    """What is wrong with a value, by pydantic's kind of fault."""
    kind = str(fault.get("type", ""))
    if kind == "missing":
        return _("This field is needed.")
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if kind.startswith("uuid"):
        return _("This is not an id.")
    if kind.startswith(("date", "datetime")):
        return _("Write a date as 2026-11-20.")
    if kind in ("string_too_long", "too_long"):
        most = fault.get("ctx", {}).get("max_length", "")
        return _("This is longer than %(n)s.") % {"n": most}
    return _("This value is of another type, or outside what is possible.")


def _where(fault: dict[str, Any]) -> str:
    """The field a fault is about, as it is written in the request: `reporter.phone`."""
    parts = [str(part) for part in fault.get("loc", ())]
    inner = parts[2:] if parts[:2] == ["body", "given"] else parts[1:]
    return ".".join(inner) or (parts or ["body"])[0]


def _of_faults(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem("invalid", errors=[(_where(fault), _words(fault)) for fault in error.errors])


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    detail = str(cause) if isinstance(cause, Malformed) else ""
    return problem("malformed" if error.status_code == 400 else "invalid", detail)


def _of_scope(request: HttpRequest, error: ScopeMissing) -> HttpResponse:
    answer = problem("scope", _("The token needs the scope %(scope)s.") % {"scope": error.scope})
    answer["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    return answer


def _of_tries(request: HttpRequest, error: TooManyTries) -> HttpResponse:
    answer = problem("too-many", _("Wait half an hour; then check the token before you try again."))
    answer["Retry-After"] = str(error.seconds)
    return answer


def _of_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    # Of the request nothing is logged but its address, of the fault its kind and place: what it says may quote the
    # body, and the body may name a reporter.
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    stack = "".join(traceback.format_tb(error.__traceback__))
    digest = hashlib.sha256(f"{kind}\n{stack}".encode()).hexdigest()[:12]
    _log.error("%s %s failed (%s): %s\n%s", request.method, request.path, digest, kind, stack)
    return problem(
        "failed", _("It is on record under %(digest)s; tell the system administrator.") % {"digest": digest}
    )


def explain(api: NinjaAPI) -> None:
    """Has the API answer every error with a problem."""
    handlers: dict[type[Exception], Any] = {
        UserError: lambda request, error: of_user_error(error),
        Invalid: lambda request, error: problem("invalid", errors=error.errors),
        Malformed: lambda request, error: problem("malformed", str(error)),
        Unauthenticated: lambda request, error: problem("unauthenticated", str(error)),
        AuthenticationError: lambda request, error: problem(
            "unauthenticated", _("Send the token in the header “Authorization: Bearer …”.")
        ),
        ScopeMissing: _of_scope,
        TooManyTries: _of_tries,
        Http404: lambda request, error: problem("not-visible"),
        ValidationError: _of_faults,
        HttpError: _of_http,
        Exception: _of_failure,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
