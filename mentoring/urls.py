"""The site map. Each app lists its own pages."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("jobs/", include("mentoring.jobs.urls")),
    path("", include("mentoring.outbox.urls")),
]
