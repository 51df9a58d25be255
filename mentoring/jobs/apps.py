from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mentoring.jobs"
    label = "jobs"
