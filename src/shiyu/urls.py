"""Every address of the product. Each app names its own below a prefix."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("shiyu.desk.urls")),
    path("", include("shiyu.people.urls")),
    path("", include("shiyu.audit.urls")),
    path("", include("shiyu.packs.urls")),
    path("", include("shiyu.notices.urls")),
    path("", include("shiyu.documents.urls")),
    path("", include("shiyu.letters.urls")),
    path("", include("shiyu.periods.urls")),
    path("", include("shiyu.mediation.urls")),
    path("", include("shiyu.matters.urls")),
    path("", include("shiyu.meetings.urls")),
    path("", include("shiyu.surge.urls")),
    path("", include("shiyu.plans.urls")),
    path("", include("shiyu.briefs.urls")),
    path("", include("shiyu.command.urls")),
    path("", include("shiyu.exchange.urls")),
]
