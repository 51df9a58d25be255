from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "mentoring.ui"
    label = "ui"
