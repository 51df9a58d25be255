"""The pages of a job."""

from django.urls import path

from mentoring.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<str:key>/", views.show, name="job"),
    path("<str:key>/cancel/", views.cancel, name="cancel"),
]
