"""Addresses that only the tests of `ui` use."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("", answer, name="desk"),
    path("plans/", answer, name="plan_list"),
    path("plans/new/", answer, name="plan_new"),
    path("language/", answer, name="set_language"),
    path("views/", answer, name="saved_view_save"),
]
