"""Changes over HTTP: each in one transaction with its key and its answer, so that a repetition gets the same answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema

from shiyu.audit.actions import AlreadyDone, Sent, answered, earlier_answer, once
from shiyu.audit.models import IdempotencyKey
from shiyu.exchange.api.auth import ApiRequest
from shiyu.exchange.api.errors import Invalid
from shiyu.exchange.models import KeptAnswer
from shiyu.lib.errors import Conflict
from shiyu.lib.requests import body_hash
from shiyu.lib.vault import Unopenable

P = ParamSpec("P")
HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{8,80}")


@dataclass(frozen=True)
class Written:
    """What a change gives back."""

    body: Schema
    status: int = 200
    location: str = ""

    def answer(self) -> HttpResponse:
        """As it is sent."""
        return _sent(self.body.model_dump_json(by_alias=True), self.status, self.location)


def change(view: Callable[..., Written]) -> Callable[..., HttpResponse]:
    """Marks a resource that changes something: one transaction around its actions and its answer.

    With an `Idempotency-Key` the answer is kept beside the key, in that transaction: the same request gets it again,
    the same key with another body is a Conflict."""

    @wraps(view)
    def run(request: ApiRequest, *args: Any, **given: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            with transaction.atomic():
                return view(request, *args, **given).answer()
        if not _KEY.fullmatch(key):
            raise Invalid([(HEADER, _("A key has 8 to 80 visible ASCII characters."))])
        sent = Sent(request.token.user_id, key, lambda: body_hash(request))
        try:
            with once(sent), transaction.atomic():
                row = _earlier(sent)
                if row is not None:
                    return _again(row)
                written = view(request, *args, **given)
                _keep(sent, written)
                return written.answer()
        except AlreadyDone as done:  # the same request was under way at the same moment, and has ended
            return _again(done.row)

    return run


def _earlier(sent: Sent) -> IdempotencyKey | None:
    try:
        return earlier_answer(sent)
    except Conflict:
        raise Conflict(
            _("This key came before, with another request; take a new key for a new wish.")
        ) from None


def _keep(sent: Sent, written: Written) -> None:
    if sent.has_effect:
        kept = KeptAnswer(id=sent.row_id, status=written.status, location=written.location)
        kept.keep(written.body.model_dump_json(by_alias=True))
        kept.save(force_insert=True)
        answered(sent, written.status, written.location)


def _again(row: IdempotencyKey) -> HttpResponse:
    """The answer of the first sending."""
    kept = KeptAnswer.objects.filter(pk=row.pk).first()
    try:
        if kept is None:
            raise Unopenable
        answer = _sent(kept.text(), kept.status, kept.location)
    except Unopenable:
        raise Conflict(
            _("This was carried out already; its answer is no longer kept. Read how it stands.")
        ) from None
    answer["Idempotency-Replayed"] = "true"
    return answer


def _sent(text: str, status: int, location: str) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    if location:
        answer["Location"] = location
    answer["Cache-Control"] = "no-store"
    return answer
