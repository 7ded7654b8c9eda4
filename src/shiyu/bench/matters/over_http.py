"""The loop again as another system does it: over the HTTP API, with a token, idempotency keys and JSON bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from shiyu.bench.matters.by_hand import Hand
from shiyu.bench.matters.measure import Case
from shiyu.exchange.actions import make_token
from shiyu.exchange.models import Scope
from shiyu.kernel.actor import Actor


class Caller:
    """A client of the API with an account's token. Raises RuntimeError where it does not answer well."""

    def __init__(self, actor: Actor) -> None:
        text = make_token(actor, name=f"bench {uuid4().hex[:8]}", scopes=tuple(Scope.values), days=1)[1]
        self.client, self.token = Client(), text

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer's body."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex}
        answer = self.client.post(
            f"/api/v1{path}", json.dumps(body, default=str), content_type="application/json", headers=headers
        )
        if answer.status_code not in (200, 201):
            raise RuntimeError(f"{path} answers {answer.status_code}: {answer.content[:300]!r}")
        found: dict[str, Any] = answer.json()
        return found


def http_cases(
    people: tuple[Actor, Actor, Actor],
    filed: dict[str, Any],
    lead: UUID,
    hand: Hand,
    ready: Callable[..., Iterator[UUID]],
) -> Iterator[Case]:
    """File, dispatch, whole loop: `people` take in, handle and close; `filed` is the body of a new matter."""
    desk, officer, closer = (Caller(actor) for actor in people)

    def file() -> UUID:
        return UUID(desk.post("/matters", **filed)["id"])

    def accepted() -> UUID:
        key = file()
        desk.post(f"/matters/{key}/acts/accept")
        desk.post(f"/matters/{key}/acts/sort", sort_class="help")
        return key

    def dispatch(key: UUID) -> None:
        desk.post(f"/matters/{key}/acts/dispatch", unit_id=lead)

    def loop() -> None:
        key = accepted()
        dispatch(key)
        officer.post(f"/matters/{key}/acts/acknowledge")
        officer.post(f"/matters/{key}/acts/complete", result="已修补。")
        closer.post(f"/matters/{key}/acts/close", outcome="done")

    ours, theirs = ready(accepted), ready(hand.accepted)
    yield Case("api.file", file, hand.file)
    yield Case("api.dispatch", lambda: dispatch(next(ours)), lambda: hand.dispatch(next(theirs)))
    yield Case("api.whole_loop", loop, hand.whole_loop)
