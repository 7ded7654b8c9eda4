"""Addresses of the record and of background work."""

from django.urls import path

from shiyu.audit import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("audit/", views.audit_list, name="audit_list"),
    path("audit/verify/", views.audit_verify, name="audit_verify"),
    path("audit/heads/", views.audit_heads, name="audit_heads"),
    path("jobs/", views.job_list, name="job_list"),
    path("jobs/retry/", views.job_retry, name="job_retry"),
    path("jobs/run/<str:name>/", views.job_run, name="job_run"),
    path("jobs/<uuid:job_id>/", views.job_detail, name="job_detail"),
    path("jobs/<uuid:job_id>/file/", views.job_file, name="job_file"),
    path("jobs/<uuid:job_id>/state/", views.job_state, name="job_state"),
]
