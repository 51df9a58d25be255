"""Pages about one's own account."""

from django.urls import path

from mentoring.accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/preferences/", views.preferences, name="preferences"),
    path("me/security/", views.security, name="security"),
    path("me/data/", views.own_data, name="own_data"),
    path("me/data/export/", views.export, name="export"),
    path("me/data/erase/", views.erase, name="erase"),
    path("privacy/", views.privacy, name="privacy"),
    path("who-can-see-what/", views.who_sees_what, name="who_sees_what"),
]
