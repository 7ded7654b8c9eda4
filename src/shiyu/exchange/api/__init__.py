"""The HTTP API, version 1. Its rights are those of the account whose token asks; it holds no rule of its own."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern
from ninja import Router

from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.errors import explain
from shiyu.exchange.api.files import router as files
from shiyu.exchange.api.history import router as history
from shiyu.exchange.api.letters import router as letters
from shiyu.exchange.api.lists import router as lists
from shiyu.exchange.api.matters import router as matters
from shiyu.exchange.api.places import router as places
from shiyu.exchange.api.reading import PlainJson, WholeJson
from shiyu.exchange.api.schema import Api, schema_of
from shiyu.exchange.api.shapes import Me
from shiyu.kernel.actor import Actor
from shiyu.people.models import Unit

api = Api(
    title="Shiyu", version="1", docs_url=None, openapi_url=None, parser=WholeJson(), renderer=PlainJson()
)
explain(api)
own = Router(tags=["token"])


@own.get("/me", response=Me, auth=Bearer(), url_name="api_me")
def me(request: ApiRequest) -> Me:
    """Whose token this is, what it may be used for, and the rights of its account's posts by unit id."""
    actor: Actor = request.actor
    token = request.token
    known = set(Unit.objects.filter(pk__in=actor.grants).values_list("pk", flat=True))
    return Me(
        account=token.user.name,
        kind=token.user.kind,
        token=token.name,
        scopes=token.scopes,
        expires_at=token.expires_at,
        posts=list(actor.post_titles),
        rights={str(unit): sorted(rights) for unit, rights in actor.grants.items() if unit in known},
    )


@own.get("/openapi.json", response={200: dict[str, Any]}, auth=Bearer(), url_name="api_schema")
def openapi(request: ApiRequest) -> HttpResponse:
    """This description."""
    return JsonResponse(schema_of(api, request), json_dumps_params={"ensure_ascii": False})


for prefix, router in (
    ("", own),
    ("/matters", matters),
    ("/matters", files),
    ("", history),
    ("/letters", letters),
    ("", places),
    ("/lists", lists),
):
    api.add_router(prefix, router)


def _patterns() -> list[URLPattern]:
    """One address for each path: ninja names it once for every method."""
    found = {str(one.pattern): one for one in api.urls[0] if isinstance(one, URLPattern)}
    return [one for one in found.values() if one.name != "api-root"]


urlpatterns = _patterns()
