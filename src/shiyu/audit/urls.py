"""Addresses of the record."""

from django.urls import path

from shiyu.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit_list"),
    path("audit/verify/", views.audit_verify, name="audit_verify"),
    path("jobs/<uuid:job_id>/", views.job_state, name="job_state"),
]
