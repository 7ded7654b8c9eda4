"""Addresses of the exchange with other systems: the HTTP API, its description, tokens, systems, subscriptions."""

from django.urls import include, path

from shiyu.exchange import views
from shiyu.exchange.api import urlpatterns as api_patterns

urlpatterns = [
    path("api/v1/", include(api_patterns)),
    path("help/api/", views.api_docs, name="api_docs"),
    path("help/api/openapi.json", views.api_docs_schema, name="api_docs_schema"),
    path("account/tokens/", views.token_list, name="token_list"),
    path("account/tokens/<uuid:token_id>/revoke/", views.token_revoke, name="token_revoke"),
    path("systems/", views.system_list, name="system_list"),
    path("systems/new/", views.system_new, name="system_new"),
    path("systems/<uuid:user_id>/", views.system_detail, name="system_detail"),
    path("systems/<uuid:user_id>/subscribe/", views.subscription_new, name="subscription_new"),
    path("subscriptions/<uuid:subscription_id>/", views.subscription_detail, name="subscription_detail"),
    path(
        "subscriptions/<uuid:subscription_id>/rotate/", views.subscription_rotate, name="subscription_rotate"
    ),
    path("subscriptions/<uuid:subscription_id>/end/", views.subscription_end, name="subscription_end"),
    path("subscriptions/secrets/<uuid:secret_id>/end/", views.secret_end, name="secret_end"),
    path("deliveries/<uuid:delivery_id>/retry/", views.delivery_retry, name="delivery_retry"),
]
