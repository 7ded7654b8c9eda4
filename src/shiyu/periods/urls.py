"""Addresses of periods and figures."""

from django.urls import path

from shiyu.periods import views

urlpatterns = [
    path("periods/", views.period_list, name="period_list"),
    path("periods/<uuid:period_id>/", views.period_detail, name="period_detail"),
    path("periods/<uuid:period_id>/lock/", views.span_lock, name="span_lock"),
    path("figures/", views.figure_overview, name="figure_overview"),
    path("figures/<uuid:figure_id>/", views.figure_rows, name="figure_rows"),
]
