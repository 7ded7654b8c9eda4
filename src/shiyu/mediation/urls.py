"""Addresses of mediation."""

from django.urls import path

from shiyu.mediation import views

urlpatterns = [
    path("mediation/", views.mediation_list, name="mediation_list"),
    path("mediation/figures/", views.mediation_figures, name="mediation_figures"),
    path("mediation/coverage/", views.mediation_coverage, name="mediation_coverage"),
    path("mediation/people/", views.holder_list, name="holder_list"),
    path("mediation/people/new/", views.holder_new, name="holder_new"),
    path("mediation/people/<uuid:holder_id>/end/", views.holder_end, name="holder_end"),
    path("matters/<uuid:matter_id>/mediation/", views.mediation_new, name="mediation_new"),
    path("mediation/<uuid:mediation_id>/", views.mediation_detail, name="mediation_detail"),
    path("mediation/<uuid:mediation_id>/papers/<slug:paper>/", views.mediation_paper, name="mediation_paper"),
    path("mediation/<uuid:mediation_id>/<slug:deed>/", views.mediation_do, name="mediation_do"),
]
