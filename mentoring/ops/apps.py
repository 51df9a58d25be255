from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "mentoring.ops"
    label = "ops"
