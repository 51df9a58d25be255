"""The site map. Each app lists its own pages."""

from django.urls import include, path

from mentoring.ops.views import health
from mentoring.ui import views as ui

urlpatterns = [
    path("", ui.home, name="home"),
    path("healthz/", health, name="health"),
    path("gallery/", ui.gallery, name="gallery"),
    path("", include("mentoring.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("jobs/", include("mentoring.jobs.urls")),
    path("", include("mentoring.outbox.urls")),
    path("", include("programs.urls")),
    path("", include("matching.urls")),
    path("", include("evaluation.urls")),
    path("", include("sessions.urls")),
]

handler400 = "mentoring.ui.views.bad_request"
handler403 = "mentoring.ui.views.forbidden"
handler404 = "mentoring.ui.views.not_found"
